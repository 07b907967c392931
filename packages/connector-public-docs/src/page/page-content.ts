import { createHash } from 'node:crypto'
import type { JsonObject, TextFormat } from '@qdrant-loader/connector-sdk'
import { decodeText, extractPage } from '@qdrant-loader/content'
import type { ExtractedPage, PageSelectors } from '@qdrant-loader/content'
import { markdownLinks, markdownTitle } from './markdown-page.ts'


/** What a page says, before it is known which document it is. */
export interface PageContent {
  readonly text: string
  readonly title?: string
  readonly format: TextFormat
  readonly contentType: string
  readonly language?: string
  readonly metadata: JsonObject
  readonly published?: string
  readonly modified?: string
  /** Absolute, in order. */
  readonly links: readonly string[]
  readonly canonical?: string
  readonly refresh?: string
  readonly loginForm: boolean
  /** Why it is no document, although it is a page. */
  readonly skipped?: 'alternative' | 'content-type' | 'empty' | 'noindex' | 'not-selected' | 'scripts-only' | 'too-large'
}

/** An answer of the site with status 200. */
export interface PageAnswer {
  readonly url: URL
  readonly headers: Headers
  readonly body: Uint8Array
}

/** How pages are read. */
export interface ReadingRules {
  readonly selectors: PageSelectors
  /** `noindex` and `nofollow` count. */
  readonly respectRobots: boolean
}

/** Reads HTML, Markdown and plain text; everything else is skipped. Pure, and never throws. */
export function readContent(answer: PageAnswer, rules: ReadingRules): PageContent {
  const contentType = mediaType(answer)
  if (contentType === 'text/html' || contentType === 'application/xhtml+xml') return htmlContent(answer, rules)
  if (contentType === 'text/markdown' || contentType === 'text/plain') return plainContent(answer, rules, contentType)
  return nothing('content-type', contentType)
}

/** A page without text. */
export function nothing(skipped: PageContent['skipped'] & string, contentType: string): PageContent {
  return { text: '', format: 'text', contentType, metadata: {}, links: [], loginForm: false, skipped }
}

/** Differs whenever the document differs. Times are payload alone, and the URL is not part of it: pages move. */
export function contentVersion(content: PageContent): string {
  const { text, title, format, contentType, language, metadata, skipped } = content
  const parts = skipped === undefined ? [text, title, format, contentType, language, metadata] : ['skipped', skipped, contentType]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

function mediaType({ headers, body, url }: PageAnswer): string {
  const declared = (headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (declared === 'text/x-markdown') return 'text/markdown'
  if (declared === 'text/plain') return /(?:\.(?:md|markdown)|\/llms(?:-full)?\.txt)$/i.test(url.pathname) ? 'text/markdown' : declared
  if (declared !== '') return declared
  const start = Buffer.from(body.subarray(0, 200)).toString('latin1')
  return /^\W*<(?:!doctype html|html|head|body)\b/i.test(start) ? 'text/html' : 'application/octet-stream'
}

function htmlContent({ url, headers, body }: PageAnswer, { selectors, respectRobots }: ReadingRules): PageContent {
  const { text: html } = decodeText(body, headers.get('content-type') ?? undefined, { html: true })
  const page = extractPage(html, { url: url.href, selectors })
  const header = robotsHeader(headers)
  const noindex = respectRobots && (page.noindex || header.noindex)
  const empty = page.markdown.trim() === ''
  const skipped = noindex ? 'noindex' : page.scriptsOnly ? 'scripts-only' : empty ? 'empty' : undefined
  return {
    text: skipped === undefined ? page.markdown : '',
    format: 'markdown',
    contentType: 'text/html',
    metadata: metadataOf(page),
    ...pick(page, ['title', 'language', 'published', 'modified', 'canonical', 'refresh']),
    links: respectRobots && (page.nofollow || header.nofollow) ? [] : page.links,
    loginForm: page.loginForm,
    ...(skipped !== undefined && { skipped }),
  }
}

function plainContent({ url, headers, body }: PageAnswer, { respectRobots }: ReadingRules, contentType: string): PageContent {
  const { text } = decodeText(body, headers.get('content-type') ?? undefined, { html: false })
  const markdown = contentType === 'text/markdown'
  const title = markdown ? markdownTitle(text) : undefined
  const header = robotsHeader(headers)
  const skipped = respectRobots && header.noindex ? 'noindex' : text.trim() === '' ? 'empty' : undefined
  return {
    text: skipped === undefined ? text : '',
    format: markdown ? 'markdown' : 'text',
    contentType,
    metadata: {},
    ...(title !== undefined && { title }),
    links: markdown && !(respectRobots && header.nofollow) ? markdownLinks(text, url) : [],
    loginForm: false,
    ...(skipped !== undefined && { skipped }),
  }
}

function metadataOf({ description, language, breadcrumbs }: ExtractedPage): JsonObject {
  return {
    ...(description !== undefined && { description }),
    ...(language !== undefined && { language }),
    ...(breadcrumbs.length > 0 && { breadcrumbs: [...breadcrumbs] }),
  }
}

/** `X-Robots-Tag`, where it speaks to everybody: `noindex` and the like without a crawler's name before it. */
function robotsHeader(headers: Headers): { readonly noindex: boolean; readonly nofollow: boolean } {
  const words = (headers.get('x-robots-tag') ?? '').toLowerCase().split(',').map((word) => word.trim())
  const none = words.includes('none')
  return { noindex: none || words.includes('noindex'), nofollow: none || words.includes('nofollow') }
}

function pick<Source extends object, Key extends keyof Source>(source: Source, keys: readonly Key[]): Pick<Source, Key> {
  return Object.fromEntries(keys.flatMap((key) => (source[key] === undefined ? [] : [[key, source[key]]]))) as Pick<Source, Key>
}
