import type { Element } from 'domhandler'

import { isElement, isText } from '../html/element.ts'
import type { PageParts } from './page-parts.ts'
import { proseOf } from './text-measure.ts'
import type { TextMeasure } from './text-measure.ts'

/** A menu has at least this many links, … */
const LEAST_LINKS = 8
/** … which are at least this share of its text. */
const LINKED = 0.9
/** A page with less prose than this is its links, in characters. */
const LEAST_PROSE = 200

/**
 * The content of a body in which nothing is marked as navigation, without the columns of links before its text: a site's
 * menu. Undefined where nothing has to be left out: a page that is itself a list of links stays whole, and so does any
 * list behind a heading or a line of prose, which is part of the text.
 */
export function withoutMenus(body: Element, parts: PageParts): Element[] | undefined {
  if (proseOf(parts.contentOf(body)) < LEAST_PROSE) return undefined
  const kept: Element[] = []
  return hasMenu(body, parts, kept) ? kept : undefined
}

/** Fills `kept` with what stands behind the menus, outermost elements in order. Says whether there are menus. */
function hasMenu(root: Element, parts: PageParts, kept: Element[]): boolean {
  const children = root.children.filter((child) => (isText(child) ? child.data.trim() !== '' : isElement(child) && parts.enters(child)))
  for (const [at, child] of children.entries()) {
    if (!isElement(child)) return false
    const measure = parts.contentOf(child)
    if (measure.text === 0) continue
    if (isMenu(measure)) {
      const rest = children.slice(at + 1).filter((sibling) => !isElement(sibling) || !isMenu(parts.contentOf(sibling)))
      // Text without an element of its own has no place among the elements that are kept.
      if (!rest.every((sibling) => isElement(sibling))) return false
      kept.push(...rest)
      return true
    }
    // A frame around everything: the menu may be in it.
    const rest = children.slice(at + 1)
    const isFrame = rest.every((sibling) => isElement(sibling)) && !/^(?:h[1-6]|p|ul|ol|pre|dl|blockquote)$/.test(child.name)
    if (!isFrame || !hasMenu(child, parts, kept)) return false
    kept.push(...rest)
    return true
  }
  return false
}

function isMenu({ text, links, linkCount, heading, matter }: TextMeasure): boolean {
  return !heading && !matter && linkCount >= LEAST_LINKS && links >= text * LINKED
}
