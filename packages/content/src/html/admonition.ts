import type { AnyNode, Element } from 'domhandler'
import type { PhrasingContent } from 'mdast'

import type { Block, Conversion } from './conversion.ts'
import { ADMONITION_LABELS } from './admonition-labels.ts'
import { classesOf, descendants, isElement, isText, textContent } from './element.ts'
import { lineOfProse } from './prose.ts'

/** Classes that say "this is an admonition" without saying of which kind. */
const MARKERS = new Set([
  'admonition', 'admonitionblock', 'theme-admonition', 'markdown-alert', 'custom-block', 'alert', 'callout', 'hint',
  'confluence-information-macro', 'aui-message', 'book-hint', 'notice', 'starlight-aside',
])
const PREFIX = /^(?:theme-)?(?:admonition|markdown-alert|alert|custom-block|callout|hint|notice|is|confluence-information-macro|starlight-aside-)-{1,2}/
/** Kinds that are one without a marker (DocBook, Doxygen, old Sphinx): the class alone says it. */
const PLAIN = new Set(['note', 'tip', 'warning', 'important', 'caution', 'danger', 'seealso', 'hint', 'attention'])
const ELEMENTS = new Set(['div', 'aside', 'section', 'details', 'blockquote'])
const TITLES = new Set([
  'admonition-title', 'admonition-heading', 'markdown-alert-title', 'custom-block-title', 'alert-heading', 'title',
  'callout-title', 'starlight-aside__title', 'marker',
])

/** The label of an admonition, such as `Note`; `undefined` for an element that is none. */
export function admonitionOf(element: Element): string | undefined {
  if (!ELEMENTS.has(element.name)) return undefined
  const classes = classesOf(element)
  if (classes.length === 0 || classes.length > 12) return undefined
  const isMarked = classes.some((name) => MARKERS.has(name))
  for (const name of classes) {
    const kind = name.replace(PREFIX, '').toLowerCase()
    const known = Object.hasOwn(ADMONITION_LABELS, kind) ? ADMONITION_LABELS[kind] : undefined
    if (known === undefined || (kind === 'details' && !isMarked)) continue
    if (name !== 'hint' || !isMarked || classes.length === 1) {
      if (isMarked || name !== kind || PLAIN.has(kind)) return known
    }
  }
  return classes.includes('admonition') ? 'Note' : undefined
}

/**
 * An admonition of any generator as a quotation that begins with its kind: `> **Note:** text`; with a title of its own
 * `> **Note:** the title` stands above the text.
 */
export function admonition(element: Element, label: string, conversion: Conversion): Block[] {
  const title = titleOf(element)
  const body = conversion.blocks(contentOf(element, title))
  const own = title === undefined ? [] : conversion.phrasing(title.children)
  const head: PhrasingContent = { type: 'strong', children: [{ type: 'text', value: `${label}:` }] }
  const blank: PhrasingContent = { type: 'text', value: ' ' }
  const [first, ...rest] = body
  if (own.length > 0 && !saysOnly(title, label)) {
    const line: PhrasingContent[] = [head, blank, ...own.flatMap((node) => (node.type === 'strong' ? node.children : [node]))]
    return [{ type: 'blockquote', children: [{ type: 'paragraph', children: line }, ...body] }]
  }
  if (first === undefined) return []
  if (first.type === 'paragraph') {
    if (saysItself(first.children, label)) return [{ type: 'blockquote', children: body }]
    return [{ type: 'blockquote', children: [{ type: 'paragraph', children: [head, blank, ...first.children] }, ...rest] }]
  }
  return [{ type: 'blockquote', children: [{ type: 'paragraph', children: [head] }, ...body] }]
}

/** The title: in the first few elements, before any text of the admonition. */
function titleOf(element: Element): Element | undefined {
  let looked = 0
  for (const inner of descendants(element, (child) => child.name !== 'p' && child.name !== 'ul')) {
    if (++looked > 12) return undefined
    if (inner.name === 'summary' || isTitle(inner)) return inner
    if (inner.name === 'th' && element.children.some((child) => isElement(child) && child.name === 'table')) return inner
    if (inner.name === 'p') return undefined
  }
  return undefined
}

function isTitle(element: Element): boolean {
  return classesOf(element).some((name) => TITLES.has(name) || /^admonition(?:Heading|Title)/.test(name))
}

/** What is below the title; of the table that Antora and DocBook use for the icon, only the cell with the text. */
function contentOf(element: Element, title: Element | undefined): AnyNode[] {
  const cell = layoutCell(element)
  return without(cell ?? element, title)
}

function layoutCell(element: Element): Element | undefined {
  const only = element.children.filter((child) => !isText(child) || child.data.trim() !== '')
  const table = only.length === 1 && isElement(only[0]) && only[0].name === 'table' ? only[0] : undefined
  if (table === undefined) return undefined
  let cell: Element | undefined
  for (const inner of descendants(table, ({ name }) => name !== 'td')) if (inner.name === 'td') cell = inner
  return cell
}

/** Children of an element, with `title` cut out of the tree. */
function without(element: Element, title: Element | undefined): AnyNode[] {
  const { parent } = title ?? {}
  if (title !== undefined && isElement(parent)) {
    parent.children = parent.children.filter((child) => child !== title)
    title.parent = null
  }
  return element.children
}

function saysOnly(title: Element | undefined, label: string): boolean {
  if (title === undefined) return true
  const text = withoutMarks(lineOfProse(textContent(title)).toLowerCase())
  return text === '' || text === label.toLowerCase() || (Object.hasOwn(ADMONITION_LABELS, text) && ADMONITION_LABELS[text] === label)
}

/** Without the marks around a label: `[note]`, `Note:`, `Note!`. */
function withoutMarks(text: string): string {
  let [start, end] = [0, text.length]
  while (end > start && ' :.!-)]'.includes(text.charAt(end - 1))) end--
  while (start < end && '[('.includes(text.charAt(start))) start++
  return text.slice(start, end)
}

/** "Note: …" written out in the text itself. "Notebooks are …" and "Note that …" are only words. */
function saysItself(children: readonly PhrasingContent[], label: string): boolean {
  const [first] = children
  const text = first?.type === 'text' ? first : first?.type === 'strong' ? first.children[0] : undefined
  if (text?.type !== 'text') return false
  const words = text.value.trim().toLowerCase()
  if (!words.startsWith(label.toLowerCase())) return false
  const behind = words.slice(label.length).trimStart()
  return behind === '' ? first?.type === 'strong' : ':.!—–-'.includes(behind.charAt(0))
}

