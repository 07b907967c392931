import type { Element } from 'domhandler'

import { attribute, classesOf, isElement, isText, textContent } from './element.ts'

const PERMALINK_CLASSES = new Set([
  'headerlink', 'hash-link', 'header-anchor', 'anchorjs-link', 'permalink', 'heading-anchor', 'heading-link',
  'direct-link', 'anchor-link', 'td-heading-self-link', 'doc-anchor', 'pilcrow', 'self-link', 'deep-link',
])
/** What such links show: a pilcrow, a number sign, a section sign, or nothing but an icon. */
const MARKS = /^(?:[\s¶#§🔗⚓∞❡⌗\u200B\p{Co}]|\uFE0F)*$/u
const WORDS = new Set(['link', 'permalink', 'anchor', 'direct link'])
const LONGEST_MARK = 40
/** How far up the element with the id that a link leads to may stand. */
const LEVELS = 4

/**
 * Whether a link only gives the address of the heading or term that it stands in. Its class says so, or it shows a mark
 * and nothing else. A word ("link") is a mark only where the link leads to its own place: in prose it is text.
 */
export function isPermalink(element: Element): boolean {
  if (element.name !== 'a') return false
  const text = shortText(element)
  if (text === undefined) return false
  const isMark = MARKS.test(text)
  const isWord = !isMark && WORDS.has(text.trim().replace(/^\[|\]$/g, '').toLowerCase())
  if (!isMark && !isWord) return false
  if (classesOf(element).some((name) => PERMALINK_CLASSES.has(name))) return true
  const href = attribute(element, 'href')
  if (href === undefined || !href.includes('#')) return false
  if (isMark && text.trim() === '') return true
  return leadsToItself(element, href.slice(href.indexOf('#') + 1)) || (isMark && isInHeading(element))
}

/** Undefined for more text than a mark has. Looks no further than that. */
function shortText(element: Element): string | undefined {
  if (element.children.length >= 8) return undefined
  const text = element.children.every((child) => isText(child)) ? element.children.map((child) => (isText(child) ? child.data : '')).join('') : textContent(element)
  return text.length < LONGEST_MARK ? text : undefined
}

function isInHeading(element: Element): boolean {
  for (let { parent } = element, level = 0; isElement(parent) && level < LEVELS; { parent } = parent, level++) {
    if (/^(?:h[1-6]|dt|th|caption|figcaption|legend|summary)$/.test(parent.name) || attribute(parent, 'role') === 'heading') return true
  }
  return false
}

/** The link has the id itself, or something around it has, or a sibling before it (an empty anchor, a heading). */
function leadsToItself(element: Element, id: string): boolean {
  if (id === '') return false
  const named = (other: Element): boolean => attribute(other, 'id') === id || attribute(other, 'name') === id
  if (named(element) || (isElement(element.prev) && named(element.prev))) return true
  for (let { parent } = element, level = 0; isElement(parent) && level < LEVELS; { parent } = parent, level++) {
    if (named(parent)) return true
    // Of a paragraph in a section, the section is not the place.
    if (/^(?:p|li|td|dd|blockquote)$/.test(parent.name)) return false
  }
  return false
}
