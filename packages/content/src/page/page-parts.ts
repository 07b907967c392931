import type { Element } from 'domhandler'

import { attribute, childElements, classesOf, findElement, isElement, textContent } from '../html/element.ts'
import { isInvisible } from '../html/invisible.ts'
import { CONTENTS_NAMES, FURNITURE_WORDS, MENU_WORDS, OWN_FURNITURE, SECTION_CLASS, SIDEBAR_NAMES, TEXT_BLOCKS } from './furniture-names.ts'
import { proseOf, TextMeasures } from './text-measure.ts'
import type { TextMeasure } from './text-measure.ts'

const FURNITURE_ROLES = new Set(['navigation', 'banner', 'contentinfo', 'search', 'dialog', 'alertdialog', 'toolbar', 'menubar'])
/** Elements that are part of a text whatever they are called. */
const ALWAYS_CONTENT = new Set(
  'main body html article pre code samp kbd h1 h2 h3 h4 h5 h6 dt dd li td th tr tbody thead tfoot caption figure blockquote em strong'.split(' '),
)
/** Elements that an id may make furniture of. Others have ids so that one can link to them. */
const NAMED_BY_ID = new Set(['div', 'header', 'aside', 'form', 'table', 'ul', 'ol', 'menu', 'details'])
/** Furniture is links, controls and a few words. A word for it on more prose than this is only a word, in characters. */
const MOST_PROSE = 400
const MOST_PROSE_BY_ID = 150
/** A heading with more prose below it than this has a text of its own. */
const PROSE_OF_A_TEXT = 100
/** The name of a menu or tool bar is no longer than this. */
const LONGEST_LABEL = 40
/** Elements in a line of text. */
const IN_A_LINE = new Set(['span', 'b', 'i', 'u', 'small', 'mark', 'label', 'abbr', 'cite', 'q', 'var', 'dfn', 'sub', 'sup'])
/** Of a table of contents at most this share is not links. */
const UNLINKED_CONTENTS = 0.3

/** How an element stands to the content: part of it, a table of contents in it, or something around it. */
export type Part = 'content' | 'contents' | 'furniture'

/**
 * Tells what of a page is furniture: navigation, links to neighbours, to the source and to an editor, notes about the
 * build, forms for opinions, consent and announcements. What it says is about an element with all that is in it, as the
 * page came: it is not asked again after the tree was changed. Each element is judged once.
 */
export class PageParts {
  readonly #parts = new Map<Element, Part>()
  readonly #all = new TextMeasures()
  readonly #content = new TextMeasures((element) => this.isContent(element))

  /** How much text an element shows that is content. */
  contentOf(element: Element): TextMeasure {
    return this.#content.of(element)
  }

  isContent(element: Element): boolean {
    return element.name !== 'head' && this.partOf(element) === 'content'
  }

  /** Whether something of the content may be found in it. */
  enters(element: Element): boolean {
    return !isInvisible(element) && this.isContent(element)
  }

  partOf(element: Element): Part {
    // Most elements have no name to be judged by, and need not be remembered.
    if (ALWAYS_CONTENT.has(element.name) || (element.name !== 'nav' && element.name !== 'footer' && !isNamed(element))) return 'content'
    const known = this.#parts.get(element)
    if (known !== undefined) return known
    const part = this.#judged(element)
    this.#parts.set(element, part)
    return part
  }

  #judged(element: Element): Part {
    const { name } = element
    if (name === 'nav') return isContentsList(element) ? 'contents' : holdsPage(element, this.#all.of(element)) ? 'content' : 'furniture'
    if (name === 'footer') return isFooterOfText(element) ? 'content' : 'furniture'
    const role = attribute(element, 'role')?.toLowerCase()
    if (role === 'doc-toc' || role === 'directory') return 'contents'
    const classes = classesOf(element)
    const id = attribute(element, 'id')
    // What holds the title of the page is content, whatever it is called.
    if (this.#all.of(element).title) return 'content'
    if (role !== undefined && FURNITURE_ROLES.has(role)) return 'furniture'
    const byClass = this.#byClasses(element, classes.map((one) => one.toLowerCase()))
    return byClass !== 'content' || id === undefined ? byClass : this.#byId(element, id.toLowerCase(), classes)
  }

  #byClasses(element: Element, classes: readonly string[]): Part {
    if (classes.some((name) => OWN_FURNITURE.has(name))) return 'furniture'
    if (isManualMargin(element, classes)) return 'furniture'
    const measure = this.#all.of(element)
    if (isSection(element, classes) && measure.heading) return 'content'
    if (classes.some((name) => CONTENTS_NAMES.has(name)) || isDocutilsContents(classes)) return isMostlyLinks(measure) ? 'contents' : 'content'
    if (classes.some((name) => SIDEBAR_NAMES.has(name))) return isBox(element, measure) ? 'content' : 'furniture'
    const words = classes.filter((name) => FURNITURE_WORDS.has(name))
    if (words.length === 0 || (words.every((name) => MENU_WORDS.has(name)) && offersNothing(element, measure))) return 'content'
    return fitsFurniture(measure, MOST_PROSE) ? 'furniture' : 'content'
  }

  /** Ids are for links. Only where nothing but furniture is in it, the name of an element counts. */
  #byId(element: Element, id: string, classes: readonly string[]): Part {
    if (!NAMED_BY_ID.has(element.name) || isSection(element, classes) || classes.some((name) => TEXT_BLOCKS.has(name))) return 'content'
    const measure = this.#all.of(element)
    if (measure.heading && isNameOfHeading(element, id)) return 'content'
    if (CONTENTS_NAMES.has(id)) return isMostlyLinks(measure) ? 'contents' : 'content'
    if (OWN_FURNITURE.has(id)) return 'furniture'
    if (SIDEBAR_NAMES.has(id)) return isBox(element, measure) ? 'content' : 'furniture'
    return FURNITURE_WORDS.has(id) && fitsFurniture(measure, MOST_PROSE_BY_ID) ? 'furniture' : 'content'
  }
}

function isNamed({ attribs }: Element): boolean {
  return attribs['class'] !== undefined || attribs['id'] !== undefined || attribs['role'] !== undefined
}

/** The source of a quotation, and footnotes. */
function isFooterOfText(element: Element): boolean {
  if (isElement(element.parent) && /^(?:blockquote|figure)$/.test(element.parent.name)) return true
  return attribute(element, 'role') === 'doc-endnotes' || classesOf(element).some((name) => /^(?:footnotes?|endnotes)$/.test(name))
}

/** A section with a heading is part of the text, whatever it is about. */
function isSection(element: Element, classes: readonly string[]): boolean {
  return element.name === 'section' || classes.some((name) => SECTION_CLASS.test(name))
}

function fitsFurniture(measure: TextMeasure, mostProse: number): boolean {
  if (measure.matter) return false
  return proseOf(measure) <= (measure.heading ? PROSE_OF_A_TEXT : mostProse)
}

/** A menu offers something to choose. Without a link or a control, the word is about the text, as in `<b class="menu">File</b>`. */
function offersNothing(element: Element, measure: TextMeasure): boolean {
  if (measure.linkCount > 0 || element.name === 'a' || isControl(element) || findElement(element, isControl) !== undefined) return false
  return IN_A_LINE.has(element.name) || proseOf(measure) > LONGEST_LABEL
}

function isControl(element: Element): boolean {
  return /^(?:button|input|select|form|textarea)$/.test(element.name) || /^(?:button|link)$/.test(attribute(element, 'role') ?? '') || attribute(element, 'onclick') !== undefined
}

/** A `nav` that was never closed goes to the end of the page; some hold an article, or little but prose. */
function holdsPage(element: Element, measure: TextMeasure): boolean {
  if (measure.title && findElement(element, ({ name }) => name === 'main' || name === 'article') !== undefined) return true
  const prose = proseOf(measure)
  return prose > MOST_PROSE && prose * 2 >= measure.text && findElement(element, ({ name }) => name === 'p') !== undefined
}

function isMostlyLinks(measure: TextMeasure): boolean {
  const prose = proseOf(measure)
  return prose <= PROSE_OF_A_TEXT || (!measure.matter && prose <= measure.text * UNLINKED_CONTENTS)
}

/** A `sidebar` beside the page is a menu. One in the text (DocBook, reStructuredText) is a box, with prose of its own. */
function isBox(element: Element, measure: TextMeasure): boolean {
  const titled = findElement(element, (inner) => classesOf(inner).some((name) => name === 'sidebar-title' || name === 'title'))
  if (titled !== undefined) return true
  if (proseOf(measure) * 2 < measure.text) return false
  return measure.matter || findElement(element, ({ name }) => name === 'p' || name === 'table') !== undefined
}

function isDocutilsContents(classes: readonly string[]): boolean {
  return classes.includes('contents') && (classes.includes('topic') || classes.includes('local'))
}

function isContentsList(element: Element): boolean {
  const label = attribute(element, 'aria-label') ?? ''
  return /contents|on this page/i.test(label) || classesOf(element).some((name) => CONTENTS_NAMES.has(name.toLowerCase()) || name === 'contents')
}

/** Head and foot of a manual page: its name, date and the system it was built for. */
function isManualMargin(element: Element, classes: readonly string[]): boolean {
  return element.name === 'table' && (classes.includes('foot') || classes.includes('head'))
}

/** Generators make the id of a section of its heading. */
function isNameOfHeading(element: Element, id: string): boolean {
  const heading = findElement(element, ({ name }) => /^h[1-6]$/.test(name))
  if (heading === undefined) return false
  const words = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  return words(textContent(heading)).includes(words(id)) || childElements(element)[0] === heading
}
