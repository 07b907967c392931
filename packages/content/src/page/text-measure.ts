import type { Element } from 'domhandler'

import { isElement, isText } from '../html/element.ts'
import { isInvisible } from '../html/invisible.ts'

/** How much text an element shows, in characters without the blanks around each piece. */
export interface TextMeasure {
  readonly text: number
  /** Of it, inside links. */
  readonly links: number
  /** Of it, inside headings and outside links. */
  readonly headings: number
  readonly linkCount: number
  /** It holds an `h1`, `main` or `article`. */
  readonly title: boolean
  /** It holds a heading of any level. */
  readonly heading: boolean
  /** It holds code, a quotation or a list of definitions: what is never furniture. */
  readonly matter: boolean
}

type Sums = { -readonly [Key in keyof TextMeasure]: TextMeasure[Key] }

const MATTER = new Set(['pre', 'blockquote', 'dl', 'dt', 'dd'])

/** Text outside links and headings. */
export function proseOf({ text, links, headings }: TextMeasure): number {
  return text - links - headings
}

/**
 * Measures of the elements of one tree, each added up once from those of its children. What is not entered (hidden
 * elements, and what `enters` refuses) counts for nothing.
 */
export class TextMeasures {
  readonly #enters: (element: Element) => boolean
  readonly #known = new Map<Element, TextMeasure>()

  constructor(enters: (element: Element) => boolean = () => true) {
    this.#enters = enters
  }

  /** The depth of a tree is limited by its parser, so this may call itself. */
  of(element: Element): TextMeasure {
    const known = this.#known.get(element)
    if (known !== undefined) return known
    const sums: Sums = { text: 0, links: 0, headings: 0, linkCount: 0, title: false, heading: false, matter: false }
    for (const child of element.children) {
      if (isText(child)) sums.text += child.data.trim().length
      else if (isElement(child) && !isInvisible(child) && this.#enters(child)) add(sums, child, this.of(child))
    }
    // A leaf is measured again as quickly as it is found.
    if (element.children.length > 1) this.#known.set(element, sums)
    return sums
  }
}

function add(sums: Sums, { name }: Element, inner: TextMeasure): void {
  const isLink = name === 'a'
  const isHeading = /^h[1-6]$/.test(name)
  sums.text += inner.text
  sums.links += isLink ? inner.text : inner.links
  sums.headings += isLink ? 0 : isHeading ? inner.text - inner.links : inner.headings
  sums.linkCount += inner.linkCount + (isLink ? 1 : 0)
  sums.title ||= inner.title || name === 'h1' || name === 'main' || name === 'article'
  sums.heading ||= inner.heading || isHeading
  sums.matter ||= inner.matter || MATTER.has(name)
}
