import type { Nodes, PhrasingContent } from 'mdast'

import '../markdown/math-nodes.ts'

/** Markup around phrasing. */
export type Wrapper =
  | { readonly kind: 'emphasis' | 'strong' | 'delete' }
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'html'; readonly tag: 'kbd' | 'sub' | 'sup' }

interface Frame {
  /** `undefined` where the same markup is already open around it. */
  readonly wrapper: Wrapper | undefined
  readonly children: PhrasingContent[]
  /** Whether something is in it. An element without content leaves no trace. */
  live: boolean
}

/**
 * Collects the content of one paragraph. White space is collapsed as a browser does, across elements, and stands
 * outside of the markup next to it; breaks and blanks at both ends are left out.
 */
export class PhrasingBuilder {
  #frames: Frame[] = [{ wrapper: undefined, children: [], live: true }]
  #space = false
  #breaks = 0
  /** Nothing is on this line yet, so that a space would be at its start. */
  #lineStart = true
  #empty = true

  /** Whether nothing was added that can be seen. */
  get isEmpty(): boolean {
    return this.#empty
  }

  /** Adds text as it stands in the source. */
  text(data: string): void {
    if (data === '') return
    const trimmed = data.trimStart()
    if (trimmed.length < data.length) this.#space = true
    if (trimmed === '') return
    const value = trimmed.trimEnd()
    this.#append(value.replace(/\s+/g, ' '))
    if (value.length < trimmed.length) this.#space = true
  }

  /** Adds something that is not looked into. */
  node(node: PhrasingContent): void {
    this.#settle()
    this.#top().children.push(node)
  }

  space(): void {
    if (this.#breaks === 0) this.#space = true
  }

  lineBreak(): void {
    if (!this.#empty) this.#breaks++
    this.#space = false
  }

  /** Whether a line break has just been added and nothing after it. */
  get afterBreak(): boolean {
    return this.#breaks > 0
  }

  open(wrapper: Wrapper): void {
    const isOpen = this.#frames.some((frame) => frame.wrapper?.kind === wrapper.kind && wrapper.kind !== 'html')
    this.#frames.push({ wrapper: isOpen ? undefined : wrapper, children: [], live: false })
  }

  close(): void {
    if (this.#frames.length < 2) return
    const frame = this.#frames.pop() as Frame
    if (!frame.live) return
    const into = this.#top().children
    for (const node of wrapped(frame)) pushMerged(into, node)
  }

  /** What was added, with all markup closed. */
  finish(): PhrasingContent[] {
    while (this.#frames.length > 1) this.close()
    return this.#top().children
  }

  #append(value: string): void {
    this.#settle()
    pushMerged(this.#top().children, { type: 'text', value })
  }

  /** Writes the space or break that was waiting, before the markup that is opened now. */
  #settle(): void {
    const outer = this.#frames.findLast((frame) => frame.live)?.children ?? []
    if (this.#breaks > 0) outer.push({ type: 'break' })
    else if (this.#space && !this.#lineStart) pushMerged(outer, { type: 'text', value: ' ' })
    for (const frame of this.#frames) frame.live = true
    this.#space = false
    this.#breaks = 0
    this.#lineStart = false
    this.#empty = false
  }

  #top(): Frame {
    return this.#frames.at(-1) as Frame
  }
}

function wrapped({ wrapper, children }: Frame): PhrasingContent[] {
  if (wrapper === undefined) return children
  switch (wrapper.kind) {
    case 'link':
      return [{ type: 'link', url: wrapper.url, children: linkContent(children) as never }]
    case 'html':
      return [
        { type: 'html', value: `<${wrapper.tag}>` },
        ...children,
        { type: 'html', value: `</${wrapper.tag}>` },
      ]
    default:
      // Code in bold is code.
      if (children.every((child) => child.type === 'inlineCode' || child.type === 'inlineMath')) return children
      return [{ type: wrapper.kind, children }]
  }
}

/** A link that shows nothing but images is read by what they say. */
function linkContent(children: PhrasingContent[]): PhrasingContent[] {
  if (!children.every((child) => child.type === 'image' || (child.type === 'text' && child.value === ' '))) return children
  return [{ type: 'text', value: children.map((child) => (child.type === 'image' ? (child.alt ?? '') : ' ')).join('') }]
}

/** Neighbours of one kind become one, so that `*a**b*` is never written. */
function pushMerged(into: PhrasingContent[], node: PhrasingContent): void {
  const last = into.at(-1)
  if (last?.type === 'text' && node.type === 'text') {
    last.value += node.value
  } else if (last !== undefined && last.type === node.type && isEmphasis(last) && isEmphasis(node)) {
    for (const child of node.children) pushMerged(last.children, child)
  } else into.push(node)
}

function isEmphasis(node: Nodes): node is Extract<PhrasingContent, { type: 'emphasis' | 'strong' | 'delete' }> {
  return node.type === 'emphasis' || node.type === 'strong' || node.type === 'delete'
}
