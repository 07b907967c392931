import type { Document, Element } from 'domhandler'

import { attribute, childElements, classesOf, descendants, findElement, isElement } from '../html/element.ts'
import { withoutMenus } from './leading-menus.ts'
import type { PageParts } from './page-parts.ts'
import { proseOf } from './text-measure.ts'
import type { TextMeasure } from './text-measure.ts'

/** Containers of the content that generators of documentation write. */
const GENERATORS = new Set(
  (
    'theme-doc-markdown md-content__inner vp-doc sl-markdown-content td-content theme-default-content bd-article ' +
    'manual-text mw-parser-output markdown-body nextra-content docs-markdown hextra-content book-page ' +
    'markdown-section gitbook-markdown-body documentation-content apicontent doccontent'
  ).split(' '),
)
/** Names that mostly mean the content. */
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

/** What may mark the content, the most particular first. */
type Mark = 'generator' | 'main' | 'article' | 'usual' | 'docbook'

/**
 * How much of the prose of its surroundings a marked element has to hold to be the content, as a share. A name alone says
 * little: a section about "documentation", with that id, is not the page.
 */
const LEAST_SHARE: Readonly<Record<Exclude<Mark, 'main'>, number>> = { generator: 0.8, article: 0.9, usual: 0.9, docbook: 0.7 }
/** `main` is what its author calls the content; one that holds less than this is an empty frame. */
const LEAST_MAIN = 0.25
/** Lists of links are no prose, and may still be the page. */
const LEAST_TEXT = 0.1
const ENOUGH_TEXT = 200
/** Prose that may stand outside the container of a generator, however little is in it, in characters. */
const MOST_OUTSIDE = 300

function markOf(element: Element): Mark | undefined {
  const classes = classesOf(element)
  const id = attribute(element, 'id')?.toLowerCase()
  if (id !== undefined && GENERATORS.has(id)) return 'generator'
  if (classes.some((name) => GENERATORS.has(name)) || attribute(element, 'itemprop') === 'articleBody') return 'generator'
  if (element.name === 'article' && classes.includes('doc')) return 'generator'
  if (element.name === 'main' || attribute(element, 'role') === 'main') return 'main'
  if (element.name === 'article') return 'article'
  if ((id !== undefined && USUAL.has(id)) || classes.some((name) => USUAL.has(name.toLowerCase()))) return 'usual'
  return element.name === 'div' && classes.some((name) => DOCBOOK.has(name)) ? 'docbook' : undefined
}

/**
 * The elements that hold the main content, in document order: of those that are marked as such, the most particular that
 * hold the text of the page; otherwise the body without menus before its text.
 */
export function mainContent(document: Document, parts: PageParts): readonly Element[] {
  const body = findElement(document, ({ name }) => name === 'body')
  if (body === undefined) return []
  const asciidoc = asciidocParts(body)
  if (asciidoc !== undefined) return asciidoc
  const marked = markedElements(body, parts)
  const main = outermost(marked.get('main') ?? [])
  const whole = parts.contentOf(body)
  const framed = holdsPage(sumOf(main, parts), whole)
  const frames = new Set(main)
  const surroundings = framed ? sumOf(main, parts) : whole
  for (const mark of ['generator', 'article', 'usual', 'docbook'] as const) {
    const roots = outermost((marked.get(mark) ?? []).filter((element) => !framed || isInside(element, frames)))
    if (roots.length > 0 && holdsText(sumOf(roots, parts), surroundings, mark)) return roots
  }
  return framed ? main : (withoutMenus(body, parts) ?? [body])
}

function markedElements(body: Element, parts: PageParts): ReadonlyMap<Mark, Element[]> {
  const marked = new Map<Mark, Element[]>()
  for (const element of descendants(body, (inner) => parts.enters(inner))) {
    const mark = parts.enters(element) ? markOf(element) : undefined
    if (mark === undefined) continue
    const known = marked.get(mark)
    if (known === undefined) marked.set(mark, [element])
    else known.push(element)
  }
  return marked
}

function holdsPage(main: Amount, whole: TextMeasure): boolean {
  if (main.text === 0) return false
  return main.prose >= proseOf(whole) * LEAST_MAIN && (main.text >= ENOUGH_TEXT || main.text >= whole.text * LEAST_TEXT)
}

function holdsText(roots: Amount, all: TextMeasure | Amount, mark: Exclude<Mark, 'main'>): boolean {
  const share = LEAST_SHARE[mark]
  const prose = 'prose' in all ? all.prose : proseOf(all)
  if (roots.text === 0) return false
  if (mark === 'generator' && roots.text >= ENOUGH_TEXT && prose - roots.prose <= MOST_OUTSIDE) return true
  if (roots.text >= all.text * share && roots.prose >= prose * share) return true
  return roots.prose > 0 && roots.prose >= prose * share && (mark === 'generator' || roots.text >= all.text * LEAST_TEXT)
}

/** Text of several elements together; `prose` without links and headings. */
interface Amount {
  readonly text: number
  readonly prose: number
}

function sumOf(elements: readonly Element[], parts: PageParts): Amount {
  let [text, prose] = [0, 0]
  for (const element of elements) {
    const measure = parts.contentOf(element)
    text += measure.text
    prose += proseOf(measure)
  }
  return { text, prose }
}

/** AsciiDoc puts title, text and footnotes of a page beside each other in the body. */
function asciidocParts(body: Element): Element[] | undefined {
  const parts = ['header', 'content', 'footnotes'].map((id) => childElements(body).find((child) => attribute(child, 'id') === id))
  const [header, content] = parts
  if (header === undefined || content === undefined) return undefined
  const isAsciidoc = classesOf(body).some((name) => name === 'article' || name === 'book' || name === 'manpage')
  return isAsciidoc ? parts.filter((part) => part !== undefined) : undefined
}

/** Elements that are in no other of them, in the order given. */
export function outermost(elements: readonly Element[]): Element[] {
  const all = new Set(elements)
  return elements.filter((element) => !isInside(element, all))
}

function isInside(element: Element, others: ReadonlySet<Element>): boolean {
  for (let { parent } = element; isElement(parent); { parent } = parent) if (others.has(parent)) return true
  return false
}
