import type { Element } from 'domhandler'

import { attribute, classesOf, hasClass } from './element.ts'
import { lineOfProse } from './prose.ts'
import { resolveLink } from './resolve-url.ts'

export type ImageText =
  | { readonly kind: 'image'; readonly text: string; readonly url: string }
  /** An emoji or another picture of a character. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'formula'; readonly text: string }

/**
 * What an image says in words; `undefined` for decoration. The address is left out when it has a query or is no
 * address at all: resizing services and signed addresses change with every build, while the image stays.
 */
export function imageText(element: Element, baseUrl: string | undefined): ImageText | undefined {
  const text = lineOfProse(attribute(element, 'alt') ?? attribute(element, 'title') ?? '')
  if (text === '' || isLogo(element, text)) return undefined
  if (hasClass(element, 'emoji', 'emoticon', 'twemoji', 'gemoji')) return { kind: 'text', text }
  if (hasClass(element, 'math', 'tex', 'latex', 'formulaInl', 'formulaDsp', 'mwe-math-fallback-image-inline')) {
    return { kind: 'formula', text: withoutDollars(text) }
  }
  const source = attribute(element, 'src') ?? ''
  const url = source.includes('?') ? undefined : resolveLink(source, baseUrl)
  return { kind: 'image', text, url: url ?? '' }
}

/** The site's own picture: says nothing about the page. */
function isLogo(element: Element, text: string): boolean {
  if (/^(?:the |site |project |company )?logo$/i.test(text)) return true
  return classesOf(element).some((name) => /^(?:[\w-]{1,20}[-_])?logo(?:[-_][\w-]{1,20})?$/i.test(name))
}

/** A formula without the signs that begin and end it in TeX. */
function withoutDollars(text: string): string {
  let [start, end] = [0, text.length]
  while (text.charAt(start) === '$') start++
  while (end > start && text.charAt(end - 1) === '$') end--
  return text.slice(start, end).trim()
}
