import type { Element } from 'domhandler'

import { attribute, classesOf, textContent } from './element.ts'

const PERMALINK_CLASSES = new Set([
  'headerlink', 'hash-link', 'header-anchor', 'anchorjs-link', 'permalink', 'heading-anchor', 'heading-link',
  'direct-link', 'anchor-link', 'td-heading-self-link', 'doc-anchor', 'pilcrow', 'self-link', 'deep-link',
])
/** What such links show: a pilcrow, a number sign, a section sign, a link or an anchor, or nothing but an icon. */
const MARKS = /^(?:[\s¶#§🔗⚓∞❡⌗\u200B\p{Co}]|\uFE0F)*$/u

/** Whether a link only gives the address of the heading or term that it stands in. */
export function isPermalink(element: Element): boolean {
  if (element.name !== 'a') return false
  const href = attribute(element, 'href')
  if (classesOf(element).some((name) => PERMALINK_CLASSES.has(name))) return isMark(element)
  if (href === undefined || !href.includes('#')) return false
  return element.children.length < 8 && isMark(element)
}

function isMark(element: Element): boolean {
  const text = textContent(element)
  return text.length < 40 && (MARKS.test(text) || /^\s*(?:\[?(?:link|permalink|anchor)\]?)\s*$/i.test(text))
}
