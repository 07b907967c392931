import type { Element } from 'domhandler'

import { attribute, hasClass } from './element.ts'
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
  if (text === '') return undefined
  if (hasClass(element, 'emoji', 'emoticon', 'twemoji', 'gemoji')) return { kind: 'text', text }
  if (hasClass(element, 'math', 'tex', 'latex', 'formulaInl', 'formulaDsp', 'mwe-math-fallback-image-inline')) {
    return { kind: 'formula', text: text.replace(/^\$+|\$+$/g, '').trim() }
  }
  const source = attribute(element, 'src') ?? ''
  const url = source.includes('?') ? undefined : resolveLink(source, baseUrl)
  return { kind: 'image', text, url: url ?? '' }
}
