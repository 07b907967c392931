import { Readability } from '@mozilla/readability'
import type { Document, Element } from 'domhandler'
import { parseHTML } from 'linkedom'
import { serialize } from 'parse5'
import { adapter } from 'parse5-htmlparser2-tree-adapter'

import { descendants, findElement } from '../html/element.ts'
import { parseHtml } from '../html/parse-html.ts'
import { visibleLength } from './main-content.ts'

/** Readability looks at all ancestors and siblings again and again; larger pages are taken as they are. */
const MAX_ELEMENTS = 2000
/** Share of text in links above which a page seems to have navigation in it that is not marked as such. */
const MANY_LINKS = 0.2
/** It may drop lists of links, but not prose: of the text outside links it has to keep this share. */
const KEPT_PROSE = 0.7

/**
 * The content of a page without landmarks by Mozilla's Readability; `undefined` where it finds none, or would lose
 * text. Documentation without any landmark is often just its text, so doubt is in favour of the whole body.
 */
export function readableContent(document: Document, body: Element): Element | undefined {
  const prose = visibleLength(body, false)
  if (prose > (1 - MANY_LINKS) * visibleLength(body)) return undefined
  let elements = 0
  for (const _ of descendants(document)) if (++elements > MAX_ELEMENTS) return undefined
  const html = serialize(document, { treeAdapter: adapter })
  const content = readability(html)
  if (content === undefined) return undefined
  const root = findElement(parseHtml(content), ({ name }) => name === 'body')
  if (root === undefined || visibleLength(root, false) < KEPT_PROSE * prose) return undefined
  return root
}

function readability(html: string): string | undefined {
  try {
    // The types of linkedom and of the DOM differ; at run time Readability needs only what linkedom has.
    const { document } = parseHTML(html) as unknown as { document: ConstructorParameters<typeof Readability>[0] }
    const article = new Readability<string>(document, { disableJSONLD: true, keepClasses: true }).parse()
    return article?.content ?? undefined
  } catch {
    // A tree that it cannot cope with is a page for which it finds nothing.
    return undefined
  }
}
