import type { Document, Element } from 'domhandler'

import { attribute, childElements, classesOf, descendants, findElement, isElement, isText } from '../html/element.ts'
import { isInvisible } from '../html/invisible.ts'
import { partOf } from './chrome.ts'

/** Containers of the content that generators of documentation write. */
const GENERATORS = new Set(
  (
    'theme-doc-markdown md-content__inner vp-doc sl-markdown-content td-content theme-default-content bd-article ' +
    'manual-text mw-parser-output markdown-body nextra-content docs-markdown hextra-content book-page ' +
    'markdown-section gitbook-markdown-body documentation-content apicontent doccontent'
  ).split(' '),
)
/** Names that mostly mean the content, looked for when there is no landmark. */
const USUAL = new Set(
  (
    'content main-content maincontent main docs-content doc-content documentation bodycontent ' +
    'page-content post-content entry-content article-content article-body rst-content contents documentwrapper'
  ).split(' '),
)
/** Outermost elements of a DocBook page. */
const DOCBOOK = new Set(
  'refentry book chapter article part preface appendix sect1 sect2 section reference glossary index set'.split(' '),
)
const NONE = 99

/** How sure an element is the main content: 0 is the surest. */
function rankOf(element: Element): number {
  const classes = classesOf(element)
  const id = attribute(element, 'id')?.toLowerCase()
  if (id !== undefined && GENERATORS.has(id)) return 0
  if (classes.some((name) => GENERATORS.has(name)) || attribute(element, 'itemprop') === 'articleBody') return 0
  if (element.name === 'article' && classes.includes('doc')) return 0
  if (element.name === 'main' || attribute(element, 'role') === 'main') return 1
  if (element.name === 'article') return 2
  if ((id !== undefined && USUAL.has(id)) || classes.some((name) => USUAL.has(name.toLowerCase()))) return 3
  return element.name === 'div' && classes.some((name) => DOCBOOK.has(name)) ? 4 : NONE
}

/** A landmark with less text than this share of the page is not where the text is. */
const LEAST_SHARE = 0.1
const ENOUGH_TEXT = 200

/** The main content by its landmarks, outermost elements in document order; `undefined` if nothing marks it. */
export function landmarks(document: Document): Element[] | undefined {
  const byRank = new Map<number, Element[]>()
  const body = findElement(document, ({ name }) => name === 'body')
  const parts = body === undefined ? undefined : asciidocParts(body)
  if (parts !== undefined) return parts
  for (const element of descendants(document, enterable)) {
    const rank = rankOf(element)
    if (rank === NONE) continue
    const known = byRank.get(rank)
    if (known === undefined) byRank.set(rank, [element])
    else known.push(element)
  }
  if (byRank.size === 0) return undefined
  let whole: number | undefined
  for (let rank = 0; rank <= 4; rank++) {
    const found = byRank.get(rank)
    if (found === undefined) continue
    const roots = outermost(found)
    const length = roots.reduce((sum, root) => sum + visibleLength(root), 0)
    if (length >= ENOUGH_TEXT) return roots
    whole ??= body === undefined ? 0 : visibleLength(body)
    if (length > 0 && length >= whole * LEAST_SHARE) return roots
  }
  return undefined
}

/** AsciiDoc puts title, text and footnotes of a page beside each other in the body. */
function asciidocParts(body: Element): Element[] | undefined {
  const parts = ['header', 'content', 'footnotes'].map((id) => childElements(body).find((child) => attribute(child, 'id') === id))
  const [header, content] = parts
  if (header === undefined || content === undefined) return undefined
  const isAsciidoc = classesOf(body).some((name) => name === 'article' || name === 'book' || name === 'manpage')
  return isAsciidoc ? parts.filter((part) => part !== undefined) : undefined
}

function enterable(element: Element): boolean {
  return element.name !== 'head' && !isInvisible(element) && partOf(element) === 'content'
}

/** Elements that are in no other of them, in the order given. */
export function outermost(elements: readonly Element[]): Element[] {
  const all = new Set(elements)
  return elements.filter((element) => {
    for (let { parent } = element; isElement(parent); { parent } = parent) if (all.has(parent)) return false
    return true
  })
}

/** Characters of text in an element that are content; those of links count only if `links`. */
export function visibleLength(root: Element, links = true): number {
  let length = 0
  const stack: Element[] = [root]
  for (let element = stack.pop(); element !== undefined; element = stack.pop()) {
    for (const child of element.children) {
      if (isText(child)) length += child.data.trim().length
      else if (isElement(child) && enterable(child) && (links || child.name !== 'a')) stack.push(child)
    }
  }
  return length
}
