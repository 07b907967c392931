import type { Document, Element } from 'domhandler'
import type { Heading, Nodes } from 'mdast'

import { findElement, isElement } from '../html/element.ts'
import type { Block } from '../html/conversion.ts'
import { HtmlConversion } from '../html/html-conversion.ts'
import { parseHtml } from '../html/parse-html.ts'
import { lineOfProse } from '../html/prose.ts'
import { toMarkdown } from '../markdown/to-markdown.ts'
import { breadcrumbsOf } from './breadcrumbs.ts'
import { partOf } from './chrome.ts'
import type { ExtractedPage } from './extracted-page.ts'
import { isLoginForm } from './login-form.ts'
import { landmarks, outermost, visibleLength } from './main-content.ts'
import { baseOf, pageLinks } from './page-links.ts'
import { pageMetadata, type PageMetadata } from './page-metadata.ts'
import { titleWithoutSite } from './page-title.ts'
import { readableContent } from './readable-content.ts'
import { selected, type PageSelectors } from './selectors.ts'
import { withoutRemarks } from './trim-blocks.ts'

export interface ExtractPageOptions {
  /** Absolute URL of the page. */
  readonly url: string
  readonly selectors?: PageSelectors | undefined
}

/**
 * Main content and metadata of an HTML page. The content is what the configured selectors match, else the usual
 * landmarks, else what Readability finds, else the body; navigation, tables of contents, remarks about the build and
 * the like are taken out of it. Pure; never throws, whatever the HTML.
 */
export function extractPage(html: string, options: ExtractPageOptions): ExtractedPage {
  const document = parseHtml(html)
  const base = baseOf(document, options.url)
  const metadata = pageMetadata(document, base, options.url)
  const links = pageLinks(document, base)
  const loginForm = isLoginForm(document)
  const blocks = contentBlocks(document, base, options.selectors ?? {})
  const heading = titleHeading(blocks)
  const title = titleOf(metadata, heading)
  const breadcrumbs = breadcrumbsOf(document, metadata.jsonLd.breadcrumbs, title)
  const { description, language, canonical, refresh, noindex, nofollow, published, modified } = metadata
  return {
    markdown: toMarkdown({ type: 'root', children: [...blocks] }),
    breadcrumbs,
    links,
    noindex,
    nofollow,
    loginForm,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(language === undefined ? {} : { language }),
    ...(canonical === undefined ? {} : { canonical }),
    ...(refresh === undefined ? {} : { refresh }),
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
  }
}

function contentBlocks(document: Document, base: string, selectors: PageSelectors): Block[] {
  const chosen = outermost(inOrder(document, selected(document, selectors.content)))
  const removed = selected(document, selectors.remove)
  const codeBlocks = selected(document, selectors.code_blocks)
  const roots = chosen.length > 0 ? chosen : mainContent(document)
  prune(roots, removed, chosen.length > 0)
  const conversion = new HtmlConversion(roots, { baseUrl: base, isCodeBlock: (element) => codeBlocks.has(element) })
  const blocks = conversion.blocks(roots)
  return chosen.length > 0 ? blocks : withoutRemarks(blocks)
}

function inOrder(document: Document, elements: ReadonlySet<Element>): Element[] {
  if (elements.size < 2) return [...elements]
  const ordered: Element[] = []
  const stack = [...document.children].reverse()
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!isElement(node)) continue
    if (elements.has(node)) ordered.push(node)
    else for (let at = node.children.length - 1; at >= 0; at--) stack.push(node.children[at] as Element)
  }
  return ordered
}

function mainContent(document: Document): Element[] {
  const marked = landmarks(document)
  if (marked !== undefined) return marked
  const body = findElement(document, ({ name }) => name === 'body')
  if (body === undefined) return []
  return [readableContent(document, body) ?? body]
}

/** A content with less text than this without its table of contents is a table of contents. */
const LEAST_TEXT = 100

/** Takes out what is not content. Where the content was named by the user, only what the user named. */
function prune(roots: readonly Element[], removed: ReadonlySet<Element>, asIs: boolean): void {
  cut(roots, (element) => removed.has(element) || (!asIs && partOf(element) === 'chrome' && !roots.includes(element)))
  if (asIs) return
  let length = 0
  for (const root of roots) length += visibleLength(root)
  if (length < LEAST_TEXT) return
  cut(roots, (element) => partOf(element) === 'contents' && !roots.includes(element))
}

function cut(roots: readonly Element[], isOut: (element: Element) => boolean): void {
  const stack = [...roots]
  for (let element = stack.pop(); element !== undefined; element = stack.pop()) {
    const kept = element.children.filter((child) => !isElement(child) || !isOut(child))
    if (kept.length < element.children.length) element.children = kept
    for (const child of kept) if (isElement(child)) stack.push(child)
  }
}

function titleHeading(blocks: readonly Block[]): string | undefined {
  const heading = blocks.find((block): block is Heading => block.type === 'heading' && block.depth === 1)
  if (heading === undefined) return undefined
  const text = lineOfProse(textOf(heading))
  return text === '' ? undefined : text
}

function textOf(node: Nodes): string {
  if (node.type === 'html') return ''
  if ('value' in node) return node.value
  if (node.type === 'image') return node.alt ?? ''
  if (!('children' in node)) return ' '
  return node.children.map(textOf).join('')
}

function titleOf(metadata: PageMetadata, heading: string | undefined): string | undefined {
  if (heading !== undefined) return heading
  const { openGraphTitle, documentTitle, siteName } = metadata
  const title = openGraphTitle ?? documentTitle
  return title === undefined ? undefined : titleWithoutSite(title, siteName, undefined)
}
