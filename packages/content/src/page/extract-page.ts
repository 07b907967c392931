import type { Document, Element } from 'domhandler'

import { isElement } from '../html/element.ts'
import type { Block } from '../html/conversion.ts'
import { HtmlConversion } from '../html/html-conversion.ts'
import { parseHtml } from '../html/parse-html.ts'
import { toMarkdown } from '../markdown/to-markdown.ts'
import { breadcrumbsOf } from './breadcrumbs.ts'
import type { ExtractedPage } from './extracted-page.ts'
import { isLoginForm } from './login-form.ts'
import { mainContent, outermost } from './main-content.ts'
import { baseOf, pageLinks } from './page-links.ts'
import { pageMetadata } from './page-metadata.ts'
import { PageParts } from './page-parts.ts'
import type { Part } from './page-parts.ts'
import { pageTitle } from './page-title.ts'
import { isScriptsOnly } from './scripts-only.ts'
import { selected, type PageSelectors } from './selectors.ts'
import { withoutRemarks } from './trim-blocks.ts'

/** What {@link extractPage} needs beside the HTML. */
export interface ExtractPageOptions {
  /** Absolute URL of the page. Without it, as for a file, relative links stay as they are and lead nowhere else. */
  readonly url?: string | undefined
  readonly selectors?: PageSelectors | undefined
}

/**
 * Main content and metadata of an HTML page. The content is what the configured selectors match, otherwise the landmark
 * that holds the text of the page, otherwise the body without menus; navigation, tables of contents, remarks about the
 * build and the like are taken out of it. Pure; never throws, whatever the HTML.
 */
export function extractPage(html: string, options: ExtractPageOptions): ExtractedPage {
  const document = parseHtml(html)
  const base = baseOf(document, options.url)
  const metadata = pageMetadata(document, base, options.url)
  const links = pageLinks(document, base)
  const parts = new PageParts()
  const loginForm = isLoginForm(document, parts)
  const blocks = contentBlocks(document, parts, base, options.selectors ?? {})
  const title = pageTitle(metadata, blocks)
  const breadcrumbs = breadcrumbsOf(document, metadata.jsonLd.breadcrumbs, title)
  const { description, language, canonical, refresh, noindex, nofollow, published, modified } = metadata
  const markdown = toMarkdown({ type: 'root', children: [...blocks] })
  return {
    markdown,
    scriptsOnly: isScriptsOnly(document, markdown),
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

function contentBlocks(document: Document, parts: PageParts, base: string | undefined, selectors: PageSelectors): Block[] {
  const chosen = outermost(inOrder(document, selected(document, selectors.content)))
  const removed = selected(document, selectors.remove)
  const codeBlocks = selected(document, selectors.code_blocks)
  const roots = chosen.length > 0 ? chosen : mainContent(document, parts)
  prune(roots, removed, chosen.length > 0 ? undefined : parts)
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

/** A content with less text than this without its table of contents is a table of contents. */
const LEAST_TEXT = 100

/** Takes out what is not content. Where the content was named by the user (no `parts`), only what the user named. */
function prune(roots: readonly Element[], removed: ReadonlySet<Element>, parts: PageParts | undefined): void {
  // Judged before anything is taken out.
  const length = roots.reduce((sum, root) => sum + (parts?.contentOf(root).text ?? 0), 0)
  const cuts = new Set<Part>(length < LEAST_TEXT ? ['furniture'] : ['furniture', 'contents'])
  const kept = new Set(roots)
  cut(roots, (element) => removed.has(element) || (parts !== undefined && !kept.has(element) && cuts.has(parts.partOf(element))))
}

function cut(roots: readonly Element[], isOut: (element: Element) => boolean): void {
  const stack = [...roots]
  for (let element = stack.pop(); element !== undefined; element = stack.pop()) {
    const kept = element.children.filter((child) => !isElement(child) || !isOut(child))
    if (kept.length < element.children.length) element.children = kept
    for (const child of kept) if (isElement(child)) stack.push(child)
  }
}
