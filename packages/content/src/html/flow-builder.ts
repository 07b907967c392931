import type { AnyNode, Element } from 'domhandler'
import type { PhrasingContent } from 'mdast'

import { admonition, admonitionOf } from './admonition.ts'
import { isBlock } from './block-elements.ts'
import { codeBlock, codeLabel } from './code-block.ts'
import type { Block, Conversion } from './conversion.ts'
import { definitionList } from './definition-list.ts'
import { attribute, childElements, hasClass, isElement, isText } from './element.ts'
import { addInline } from './inline.ts'
import { isInvisible } from './invisible.ts'
import { list } from './list.ts'
import { formulaOf } from './math.ts'
import { PhrasingBuilder } from './phrasing-builder.ts'
import { resolveLink } from './resolve-url.ts'
import { isTabLabel } from './tab-label.ts'
import { table } from './table.ts'

const LISTS = new Set(['ul', 'ol', 'menu', 'dir'])

/** Collects blocks. What stands between them without an element of its own becomes paragraphs. */
export class FlowBuilder {
  readonly #conversion: Conversion
  readonly #blocks: Block[] = []
  #line = new PhrasingBuilder()
  /** Link around whole blocks: each paragraph in it is linked. */
  #link: string | undefined

  constructor(conversion: Conversion) {
    this.#conversion = conversion
  }

  finish(): Block[] {
    this.#endLine()
    return this.#blocks
  }

  addAll(nodes: readonly AnyNode[]): void {
    for (const node of nodes) this.#add(node)
  }

  #add(node: AnyNode): void {
    if (isText(node)) addInline(node, this.#line, this.#conversion, 'break')
    else if (isElement(node)) this.#addElement(node)
  }

  #addElement(element: Element): void {
    const formula = formulaOf(element)
    if (formula?.display === true) this.#push(formula.text === '' ? [] : [{ type: 'math', value: formula.text }])
    else if (formula !== undefined) addInline(element, this.#line, this.#conversion, 'break')
    else if (!isInvisible(element)) this.#addVisible(element)
  }

  #addVisible(element: Element): void {
    const conversion = this.#conversion
    const footnote = conversion.footnoteAt(element)
    if (footnote !== undefined) this.#addFootnote(element, footnote)
    else if (conversion.isCodeBlock(element)) this.#push(codeBlock(element, conversion))
    else if (element.name === 'br') this.#addBreak()
    else if (element.name === 'span' && codeLabel(element) !== undefined) this.#addCodeLabel(element)
    else if (isBlock(element)) this.#addBlock(element)
    else if (isTabLabel(element)) this.#addStrong(element, 'strong')
    else if (conversion.hasBlock(element)) this.#addInlineAroundBlocks(element)
    else addInline(element, this.#line, conversion, 'break')
  }

  #push(blocks: readonly Block[]): void {
    this.#endLine()
    for (const block of blocks) this.#blocks.push(block)
  }

  #endLine(): void {
    if (this.#line.isEmpty) {
      this.#line = new PhrasingBuilder()
      return
    }
    const children = this.#line.finish()
    this.#line = new PhrasingBuilder()
    this.#blocks.push({ type: 'paragraph', children: this.#linked(children) })
  }

  #linked(children: PhrasingContent[]): PhrasingContent[] {
    if (this.#link === undefined) return children
    return [{ type: 'link', url: this.#link, children: children as never }]
  }

  /** Two breaks are how old pages begin a paragraph. */
  #addBreak(): void {
    if (this.#line.afterBreak) this.#endLine()
    else this.#line.lineBreak()
  }

  #addBlock(element: Element): void {
    const { name } = element
    const kind = admonitionOf(element)
    if (kind !== undefined) this.#addNested(element, () => admonition(element, kind, this.#conversion))
    else if (/^h[1-6]$/.test(name)) this.#addHeading(element, Number(name.charAt(1)))
    else if (name === 'hr') this.#push([{ type: 'thematicBreak' }])
    else if (LISTS.has(name) && !this.#holdsFootnotes(element)) {
      this.#addNested(element, () => list(element, this.#conversion))
    } else if (name === 'dl') this.#addNested(element, () => definitionList(element, this.#conversion))
    else if (name === 'blockquote') this.#addNested(element, () => this.#quotation(element))
    else if (name === 'table') this.#addTable(element)
    else this.#addContainer(element)
  }

  #holdsFootnotes(element: Element): boolean {
    return element.children.some((child) => isElement(child) && this.#conversion.footnoteAt(child) !== undefined)
  }

  /** Too deep for another level, the content stands where it is. */
  #addNested(element: Element, build: () => Block[]): void {
    this.#endLine()
    const blocks = this.#conversion.nested(build)
    if (blocks === undefined) this.#addContainer(element)
    else this.#push(blocks)
  }

  #quotation(element: Element): Block[] {
    const children = this.#conversion.blocks(element.children)
    return children.length === 0 ? [] : [{ type: 'blockquote', children }]
  }

  #addHeading(element: Element, level: number): void {
    const children = this.#conversion.phrasing(element.children).flatMap(withoutLink)
    if (children.length === 0) return
    this.#push([{ type: 'heading', depth: Math.min(6, Math.max(1, level)) as 1, children }])
  }

  #addTable(element: Element): void {
    this.#endLine()
    const blocks = table(element, this.#conversion)
    if (blocks === undefined) this.#addContainer(element)
    else this.#push(blocks)
  }

  #addContainer(element: Element): void {
    this.#endLine()
    const level = attribute(element, 'role') === 'heading' ? Number(attribute(element, 'aria-level') ?? 2) : undefined
    if (level !== undefined && Number.isInteger(level)) this.#addHeading(element, level)
    else if (isTitle(element) && !this.#conversion.hasBlock(element)) this.#addStrong(element, 'strong')
    else if (element.name === 'figcaption' || element.name === 'caption') this.#addStrong(element, 'emphasis')
    else this.addAll(element.children)
    this.#endLine()
  }

  #addStrong(element: Element, kind: 'strong' | 'emphasis'): void {
    this.#endLine()
    const line = new PhrasingBuilder()
    line.open({ kind })
    for (const child of element.children) addInline(child, line, this.#conversion, 'space')
    if (!line.isEmpty) this.#push([{ type: 'paragraph', children: this.#linked(line.finish()) }])
  }

  #addCodeLabel(element: Element): void {
    if (codeLabel(element) === 'title') this.#addStrong(element, 'strong')
  }

  /** `<a>` around a card, `<b>` around paragraphs. */
  #addInlineAroundBlocks(element: Element): void {
    const href = element.name === 'a' ? attribute(element, 'href') : undefined
    const url = href === undefined ? undefined : resolveLink(href, this.#conversion.baseUrl)
    const outer = this.#link
    if (url !== undefined && outer === undefined) {
      this.#endLine()
      this.#link = url
    }
    this.addAll(element.children)
    if (url !== undefined && outer === undefined) this.#endLine()
    this.#link = outer
  }

  #addFootnote(element: Element, label: string): void {
    const children = this.#conversion.nested(() => this.#conversion.blocks(footnoteContent(element)))
    if (children === undefined || children.length === 0) return
    this.#push([{ type: 'footnoteDefinition', identifier: label, label, children }])
  }
}

/** Content of a footnote without its own number. */
function footnoteContent(element: Element): AnyNode[] {
  const [first, ...rest] = childElements(element)
  const isLabel = first !== undefined && (hasClass(first, 'label', 'fn-label') || (element.name === 'div' && first.name === 'a'))
  if (first === undefined || !isLabel) return element.children
  const after = element.children.slice(element.children.indexOf(first) + 1)
  const [next] = after
  if (rest.length === 0 && isText(next)) next.data = next.data.replace(/^[.\s]+/, '')
  return after
}

function withoutLink(node: PhrasingContent): PhrasingContent[] {
  return node.type === 'link' ? node.children : [node]
}

/** Titles that are no headings: of examples, listings, topics and folded parts. */
function isTitle(element: Element): boolean {
  if (element.name === 'summary' || element.name === 'legend') return true
  if (element.name !== 'p' && element.name !== 'div' && element.name !== 'span') return false
  return hasClass(
    element,
    'title', 'topic-title', 'sidebar-title', 'rubric', 'code-block-caption', 'codeBlockTitle', 'codeHeader',
    'panelHeader', 'filename', 'example-title', 'caption',
  )
}
