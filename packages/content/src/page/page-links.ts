import type { Document } from 'domhandler'

import { attribute, descendants } from '../html/element.ts'
import { webAddress } from './page-metadata.ts'

/** A page with more is a trap or a list of everything; what is beyond is not followed. */
const MAX_LINKS = 20_000

/** Address that the links of a page are relative to: its `base` element, if that is a web address, else its URL. */
export function baseOf(document: Document, url: string | undefined): string | undefined {
  for (const element of descendants(document, ({ name }) => name === 'html' || name === 'head')) {
    const href = element.name === 'base' ? attribute(element, 'href') : undefined
    if (href !== undefined) return webAddress(href, url) ?? url
  }
  return url
}

/** Links of the whole page: `http` and `https`, absolute, without fragments, each once, in order, no `rel=nofollow`. */
export function pageLinks(document: Document, base: string | undefined): string[] {
  const links = new Set<string>()
  for (const element of descendants(document, ({ name }) => name !== 'template')) {
    if (element.name !== 'a' && element.name !== 'area') continue
    const href = attribute(element, 'href')
    if (href === undefined || href.startsWith('#')) continue
    if (/(?:^|\s)nofollow(?:\s|$)/i.test(attribute(element, 'rel') ?? '')) continue
    const address = webAddress(href, base)
    if (address !== undefined) links.add(address)
    if (links.size >= MAX_LINKS) break
  }
  return [...links]
}
