import type { AnyNode, Element } from 'domhandler'

import { isBlock } from './block-elements.ts'
import { codeText } from './code-text.ts'
import type { Conversion } from './conversion.ts'
import { attribute, findElement, hasClass, isElement, isText, textContent } from './element.ts'
import { imageText } from './image.ts'
import { isCheckbox, isInvisible } from './invisible.ts'
import { formulaOf } from './math.ts'
import { isPermalink } from './permalink.ts'
import type { PhrasingBuilder, Wrapper } from './phrasing-builder.ts'
import { lineOfProse, proseText } from './prose.ts'
import { resolveLink } from './resolve-url.ts'
import { isTabLabel } from './tab-label.ts'

const EMPHASIS: Wrapper = { kind: 'emphasis' }
const STRONG: Wrapper = { kind: 'strong' }
const DELETED: Wrapper = { kind: 'delete' }

/** How an inline element is written, by its name. What is not here is only its content. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  em: EMPHASIS,
  i: EMPHASIS,
  cite: EMPHASIS,
  dfn: EMPHASIS,
  var: EMPHASIS,
  strong: STRONG,
  b: STRONG,
  del: DELETED,
  s: DELETED,
  strike: DELETED,
  kbd: { kind: 'html', tag: 'kbd' },
  sub: { kind: 'html', tag: 'sub' },
  sup: { kind: 'html', tag: 'sup' },
}

const CODE = new Set(['code', 'tt', 'samp'])

/** How blocks inside a line are kept apart: by a space, or by a line break. */
export type BlockJoint = 'space' | 'break'

/** Adds a node of a line to what is collected for it. Every node that is no block is dealt with here. */
export function addInline(node: AnyNode, into: PhrasingBuilder, conversion: Conversion, joint: BlockJoint): void {
  if (isText(node)) into.text(proseText(node.data))
  else if (isElement(node)) addElement(node, into, conversion, joint)
}

function addElement(element: Element, into: PhrasingBuilder, conversion: Conversion, joint: BlockJoint): void {
  const formula = formulaOf(element)
  if (formula !== undefined) {
    if (formula.text !== '') into.node({ type: 'inlineMath', value: formula.text })
    return
  }
  if (isInvisible(element)) return
  const wrapper = Object.hasOwn(WRAPPERS, element.name) ? WRAPPERS[element.name] : undefined
  const isLabel = element.name === 'label' || isTabLabel(element)
  if (isLabel) into.space()
  if (isBlock(element)) addBlockInLine(element, into, conversion, joint)
  else if (wrapper !== undefined) addWrapped(element, wrapper, into, conversion, joint)
  else if (element.name === 'a') addLink(element, into, conversion, joint)
  else if (CODE.has(element.name)) addCode(element, into, conversion)
  else if (!addReplaced(element, into, conversion, joint)) addChildren(element, into, conversion, joint)
  if (isLabel) into.space()
}

function addChildren(element: Element, into: PhrasingBuilder, conversion: Conversion, joint: BlockJoint): void {
  for (const child of element.children) addInline(child, into, conversion, joint)
}

function addWrapped(
  element: Element,
  wrapper: Wrapper,
  into: PhrasingBuilder,
  conversion: Conversion,
  joint: BlockJoint,
): void {
  const footnote = element.name === 'sup' ? footnoteInside(element, conversion) : undefined
  if (footnote !== undefined) {
    into.node({ type: 'footnoteReference', identifier: footnote, label: footnote })
    return
  }
  into.open(wrapper)
  addChildren(element, into, conversion, joint)
  into.close()
}

function footnoteInside(element: Element, conversion: Conversion): string | undefined {
  const link = findElement(element, ({ name }) => name === 'a')
  return link === undefined ? undefined : conversion.footnoteOf(link)
}

/** A break in a cell, a space in a heading. */
function addBlockInLine(element: Element, into: PhrasingBuilder, conversion: Conversion, joint: BlockJoint): void {
  const isCell = element.name === 'td' || element.name === 'th'
  const separate = (): void => {
    if (joint === 'space' || into.isEmpty || isCell) into.space()
    else if (!into.afterBreak) into.lineBreak()
  }
  separate()
  if (element.name === 'pre') addCodeLines(element, into)
  else {
    if (element.name === 'li' && joint === 'break') into.text('- ')
    addChildren(element, into, conversion, joint)
  }
  separate()
}

function addCodeLines(element: Element, into: PhrasingBuilder): void {
  const lines = codeText(element).split('\n').filter((line) => line.trim() !== '')
  for (const [at, line] of lines.entries()) {
    if (at > 0) into.lineBreak()
    into.node({ type: 'inlineCode', value: line })
  }
}

function addLink(element: Element, into: PhrasingBuilder, conversion: Conversion, joint: BlockJoint): void {
  if (isPermalink(element) || hasClass(element, 'footnote-backref', 'footnote-back', 'fn-backref')) return
  if (attribute(element, 'data-footnote-backref') !== undefined) return
  const footnote = conversion.footnoteOf(element)
  if (footnote !== undefined) {
    into.node({ type: 'footnoteReference', identifier: footnote, label: footnote })
    return
  }
  const href = attribute(element, 'href')
  const url = href === undefined ? undefined : resolveLink(href, conversion.baseUrl)
  if (url === undefined) {
    addChildren(element, into, conversion, joint)
    return
  }
  into.open({ kind: 'link', url })
  addChildren(element, into, conversion, joint)
  into.close()
}

function addCode(element: Element, into: PhrasingBuilder, conversion: Conversion): void {
  const value = lineOfProse(codeText(element))
  if (value === '') return
  const link = onlyLink(element)
  const href = link === undefined ? undefined : attribute(link, 'href')
  const url = href === undefined ? undefined : resolveLink(href, conversion.baseUrl)
  if (url !== undefined) into.open({ kind: 'link', url })
  into.node({ type: 'inlineCode', value })
  if (url !== undefined) into.close()
}

/** The one link that is all of an element, as in `<code><a>…</a></code>`. */
function onlyLink(element: Element): Element | undefined {
  const children = element.children.filter((child) => !isText(child) || child.data.trim() !== '')
  const only = children.length === 1 ? children[0] : undefined
  if (!isElement(only)) return undefined
  return only.name === 'a' ? only : onlyLink(only)
}

/** Elements that stand for something else than their content. Says whether this is one. */
function addReplaced(element: Element, into: PhrasingBuilder, conversion: Conversion, joint: BlockJoint): boolean {
  switch (element.name) {
    case 'br':
      if (joint === 'break') into.lineBreak()
      else into.space()
      return true
    case 'img':
    case 'image':
      addImage(element, into, conversion)
      return true
    case 'input':
      if (isCheckbox(element)) into.text(attribute(element, 'checked') === undefined ? ' [ ] ' : ' [x] ')
      return true
    case 'q':
      into.text('"')
      addChildren(element, into, conversion, joint)
      into.text('"')
      return true
    case 'rt':
      into.text(` (${lineOfProse(textContent(element))})`)
      return true
    default:
      return false
  }
}

function addImage(element: Element, into: PhrasingBuilder, conversion: Conversion): void {
  const image = imageText(element, conversion.baseUrl)
  if (image === undefined) return
  if (image.kind === 'text') into.text(image.text)
  else if (image.kind === 'formula') into.node({ type: 'inlineMath', value: image.text })
  else into.node({ type: 'image', alt: image.text, url: image.url })
}
