import type { Document, Element } from 'domhandler'

import { attribute, classesOf, descendants, findElement, textContent } from '../html/element.ts'
import { isInvisible } from '../html/invisible.ts'
import { lineOfProse } from '../html/prose.ts'
import { withoutNumber } from './page-title.ts'

const CLASSES = new Set(['breadcrumb', 'breadcrumbs', 'wy-breadcrumbs', 'theme-doc-breadcrumbs', 'md-path', 'bd-breadcrumbs'])

/**
 * Names of the pages above a page, outermost first, without the page itself: from JSON-LD, else from the element that
 * is marked as breadcrumbs.
 */
export function breadcrumbsOf(document: Document, jsonLd: readonly string[], title: string | undefined): string[] {
  const crumbs = (jsonLd.length > 0 ? [...jsonLd] : crumbsFrom(document)).map(lineOfProse).filter((name) => name !== '')
  const last = crumbs.at(-1)
  if (last !== undefined && (last === title || withoutNumber(last) === title)) crumbs.pop()
  return crumbs
}

function crumbsFrom(document: Document): string[] {
  const element = findElement(document, isBreadcrumbs)
  if (element === undefined) return []
  const links = linksOf(element)
  return links.filter((link) => attribute(link, 'aria-current') === undefined).map((link) => withoutArrows(visibleText(link)))
}

function isBreadcrumbs(element: Element): boolean {
  if (element.name === 'head' || element.name === 'script') return false
  if (/^bread\s?crumbs?\b/i.test(attribute(element, 'aria-label') ?? '')) return true
  if ((attribute(element, 'itemtype') ?? '').endsWith('schema.org/BreadcrumbList')) return true
  return classesOf(element).some((name) => CLASSES.has(name))
}

/** The pages above are links; the page itself mostly is none. */
function linksOf(element: Element): Element[] {
  const links: Element[] = []
  for (const inner of descendants(element, (child) => child.name !== 'a' && !isInvisible(child))) {
    if (inner.name === 'a' && !isAside(inner)) links.push(inner)
  }
  return links
}

/** "Edit on GitHub" and "View page source" stand in Sphinx's breadcrumbs. */
function isAside(link: Element): boolean {
  const text = textContent(link).trim()
  if (/^(?:edit (?:on|this)|view page source|improve this)/i.test(text)) return true
  const { parent } = link
  return parent !== null && 'attribs' in parent && classesOf(parent).includes('wy-breadcrumbs-aside')
}

function visibleText(element: Element): string {
  let text = ''
  for (const child of element.children) {
    if ('data' in child && child.type === 'text') text += child.data
    else if ('attribs' in child && !isInvisible(child)) text += visibleText(child)
  }
  return text
}

/** Without the signs between the names of a path, at both ends. */
function withoutArrows(text: string): string {
  const isArrow = (at: number): boolean => /[\s»›/>]/.test(text.charAt(at))
  let [start, end] = [0, text.length]
  while (start < end && isArrow(start)) start++
  while (end > start && isArrow(end - 1)) end--
  return text.slice(start, end)
}
