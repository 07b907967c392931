import type { Element } from 'domhandler'

import { isElement } from './element.ts'

/** Elements that begin a line of their own. */
const BLOCK = new Set(
  (
    'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer ' +
    'form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu nav noframes ol ' +
    'p plaintext pre search section summary table tbody td textarea tfoot th thead tr ul xmp caption colgroup ' +
    'mjx-container-block'
  ).split(' '),
)

export function isBlock(element: Element): boolean {
  return BLOCK.has(element.name)
}

/** Tells whether blocks stand inside an element; each element is looked at once, however often it is asked. */
export class BlockFinder {
  readonly #known = new Map<Element, boolean>()

  hasBlock(element: Element): boolean {
    const known = this.#known.get(element)
    if (known !== undefined) return known
    let found = false
    for (const child of element.children) {
      if (isElement(child) && (isBlock(child) || this.hasBlock(child))) {
        found = true
        break
      }
    }
    this.#known.set(element, found)
    return found
  }
}
