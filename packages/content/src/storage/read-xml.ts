import { decodeNamedCharacterReference } from 'decode-named-character-reference'

/** An element of a storage document. */
export interface XmlElement {
  readonly type: 'element'
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: XmlNode[]
}

export interface XmlText {
  readonly type: 'text'
  readonly value: string
}

export type XmlNode = XmlElement | XmlText

// Pages made by people stay below 60. What is deeper is kept, as children of the deepest element allowed.
const MAX_DEPTH = 120

const VOID = new Set([
  'br', 'hr', 'img', 'col', 'wbr', 'input', 'area', 'embed', 'source', 'track',
  'ri:user', 'ri:page', 'ri:blog-post', 'ri:content-entity', 'ri:space', 'ri:url', 'ri:shortcut',
])

/**
 * What is no text of the page, and what may stand in it. Anything else closes it: where its end is missing, the rest
 * of the page must not vanish with it.
 */
const HIDDEN: ReadonlyMap<string, RegExp> = new Map([
  ['ac:parameter', /^(?:ri:|ac:link|ac:plain-text-link-body|ac:image)/],
  ['ac:default-parameter', /^(?:ri:|ac:link|ac:plain-text-link-body)/],
  ['ri:attachment', /^ri:/],
  ['colgroup', /^col$/],
  // Parameters of apps are trees: objects in objects, and lists of values.
  ...['ac:adf-attribute', 'ac:adf-parameter', 'ac:adf-parameter-value'].map((name): [string, RegExp] => [name, /^ac:adf-parameter/]),
  ['ac:adf-mark', /^ac:adf-data-/],
  ...['ac:placeholder', 'ac:task-id', 'ac:task-uuid', 'ac:task-status', 'ac:adf-data-consumer-source', 'script', 'style']
    .map((name): [string, RegExp] => [name, /^$/]),
])

/**
 * Reads storage format: XML whose entities are those of HTML and that has no declarations. It never throws and is
 * linear in the length of the source, for any input. In XML no `<` stands inside of a tag, so each one begins
 * something new; whatever isn't a complete tag is text. A broken page therefore loses structure, never words, which
 * parsers that look for the closing quote or bracket further on cannot promise.
 */
export function readXml(source: string): XmlElement {
  const tree = new TreeBuilder()
  const scan: Scan = { source, tree, missing: new Set() }
  let position = 0
  while (position < source.length) {
    const next = source.indexOf('<', position)
    if (next < 0) break
    if (next > position) tree.text(decodeEntities(source.slice(position, next)))
    position = readMarkup(scan, next)
  }
  tree.text(decodeEntities(source.slice(position)))
  return tree.finish()
}

interface Scan {
  readonly source: string
  readonly tree: TreeBuilder
  /** Ends that were looked for and do not come any more: looking again each time would be quadratic. */
  readonly missing: Set<string>
}

/** Reads what begins at `start`, and returns where it ends. */
function readMarkup(scan: Scan, start: number): number {
  const { source, tree } = scan
  if (source.startsWith('<![CDATA[', start)) {
    const end = endOf(scan, ']]>', start + 9)
    tree.text(source.slice(start + 9, end ?? source.length))
    return end === undefined ? source.length : end + 3
  }
  for (const [opening, closing] of [['<!--', '-->'], ['<?xml', '?>'], ['<!DOCTYPE', '>']] as const) {
    if (!source.startsWith(opening, start)) continue
    const end = endOf(scan, closing, start + opening.length)
    if (end !== undefined) return end + closing.length
  }
  return readTag(scan, start)
}

function endOf({ source, missing }: Scan, closing: string, from: number): number | undefined {
  if (missing.has(closing)) return undefined
  const end = source.indexOf(closing, from)
  if (end >= 0) return end
  missing.add(closing)
  return undefined
}

const OPENING = /<([A-Za-z_][\w:.-]*)/y
const CLOSING = /<\/([A-Za-z_][\w:.-]*)\s*>/y
const ATTRIBUTE = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const TAG_END = /\s*(\/?)>/y

function readTag({ source, tree }: Scan, start: number): number {
  const closing = matchAt(CLOSING, source, start)
  if (closing !== null) {
    tree.close(nameOf(closing[1]))
    return CLOSING.lastIndex
  }
  const opening = matchAt(OPENING, source, start)
  const tag = opening === null ? undefined : readAttributes(source, OPENING.lastIndex)
  if (opening === null || tag === undefined) {
    tree.text('<')
    return start + 1
  }
  const name = nameOf(opening[1])
  tree.open(name, tag.attributes)
  if (tag.selfClosing || VOID.has(name)) tree.close(name)
  return tag.end
}

function readAttributes(source: string, from: number): { attributes: Map<string, string>, end: number, selfClosing: boolean } | undefined {
  const attributes = new Map<string, string>()
  for (let position = from; ;) {
    const end = matchAt(TAG_END, source, position)
    if (end !== null) return { attributes, end: TAG_END.lastIndex, selfClosing: end[1] === '/' }
    const attribute = matchAt(ATTRIBUTE, source, position)
    if (attribute === null) return undefined
    attributes.set(nameOf(attribute[1]), decodeEntities(attribute[2] ?? attribute[3] ?? ''))
    position = ATTRIBUTE.lastIndex
  }
}

function matchAt(pattern: RegExp, source: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position
  return pattern.exec(source)
}

function nameOf(name = ''): string {
  return name.toLowerCase()
}

const ENTITY = /&(?:#(\d{1,8})|#[xX]([\dA-Fa-f]{1,7})|([A-Za-z][A-Za-z\d]{1,31}));/g

/** Decodes numeric references and the names of HTML; what is neither stays as it is written. */
function decodeEntities(value: string): string {
  if (!value.includes('&')) return value
  return value.replace(ENTITY, (whole, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name !== undefined) return decodeNamedCharacterReference(name) || whole
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number.parseInt(decimal, 10)
    const valid = code > 0 && code <= 0x10_FFFF && !(code >= 0xD800 && code <= 0xDFFF)
    return valid ? String.fromCodePoint(code) : '\uFFFD'
  })
}

/** Builds the tree from tags in the order they come, closed or not. */
class TreeBuilder {
  readonly #root: XmlElement
  readonly #open: XmlElement[]
  readonly #counts = new Map<string, number>()

  constructor() {
    this.#root = { type: 'element', name: '', attributes: new Map(), children: [] }
    this.#open = [this.#root]
  }

  text(value: string): void {
    if (value === '') return
    const { children } = this.#top()
    const last = children.at(-1)
    // CDATA that holds its own end is written as two sections.
    if (last?.type === 'text') children[children.length - 1] = { type: 'text', value: last.value + value }
    else children.push({ type: 'text', value })
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    this.#closeHidden(name)
    const parent = this.#top()
    const tooDeep = this.#open.length > MAX_DEPTH
    const children = tooDeep ? parent.children : []
    const element: XmlElement = { type: 'element', name, attributes, children }
    if (!tooDeep) parent.children.push(element)
    this.#open.push(element)
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  /** Closes the innermost element of that name and all that it still holds open. Without one, nothing happens. */
  close(name: string): void {
    if ((this.#counts.get(name) ?? 0) === 0) {
      const top = this.#top()
      if (HIDDEN.has(top.name)) this.close(top.name)
      return
    }
    for (;;) {
      const element = this.#open.length > 1 ? this.#open.pop() : undefined
      if (element === undefined) return
      this.#counts.set(element.name, (this.#counts.get(element.name) ?? 1) - 1)
      if (element.name === name) return
    }
  }

  #closeHidden(opening: string): void {
    // More than one, when an attachment, say, was left open in a parameter.
    for (;;) {
      const { name } = this.#top()
      const allowed = HIDDEN.get(name)
      if (allowed === undefined || allowed.test(opening)) return
      this.close(name)
    }
  }

  finish(): XmlElement {
    return this.#root
  }

  #top(): XmlElement {
    return this.#open.at(-1) ?? this.#root
  }
}
