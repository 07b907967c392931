import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError, Logger } from '@qdrant-loader/connector-sdk'
import { decodeText, extractPage } from '@qdrant-loader/content'
import type { HttpClient } from '@qdrant-loader/http'
import { sitemapUnusable } from '../errors.ts'
import type { SiteScope } from '../selection.ts'
import type { ShortReason } from '../site/short-reason.ts'
import { documentId } from '../site/url-form.ts'
import { parseSitemap } from './sitemap-xml.ts'
import type { SitemapEntry } from './sitemap-xml.ts'

/** https://www.sitemaps.org/protocol.html: 50 MB uncompressed. */
const LARGEST_FILE = 52_428_800
const MOST_FILES = 1_000
const DEEPEST_INDEX = 3

/** A selected page that a sitemap names. */
export interface SitemapPage {
  readonly url: URL
  readonly id: string
  readonly lastmod?: string
}

/** What the sitemaps of a site say. */
export interface SitemapResult {
  /** Each id once, in the order of the files. */
  readonly pages: readonly SitemapPage[]
  /** At least one sitemap was read. */
  readonly found: boolean
  /** Some file is no sitemap, or is not there. */
  readonly damaged: boolean
  /** Some file ends before its end, so pages may be missing. */
  readonly cut: boolean
  /** Some file may be there, and was not shown: a sign-in, an empty answer. */
  readonly refused: boolean
  /** Some file could not be reached, so pages may be missing. */
  readonly unreachable: boolean
  /** What was left out. */
  readonly shortfalls: readonly { readonly reason: ShortReason; readonly count: number; readonly example: string }[]
}

/** What reading sitemaps needs. */
export interface SitemapDeps {
  readonly client: Pick<HttpClient, 'request'>
  readonly scope: SiteScope
  readonly setting: string
  /** The sitemaps that robots.txt names. */
  readonly declared: readonly string[]
  /** No more pages are taken. */
  readonly maxPages: number
  readonly logger: Logger
}

/** The site has no sitemap, or shall be read without. */
export const NO_SITEMAP: SitemapResult = { pages: [], found: false, damaged: false, cut: false, refused: false, unreachable: false, shortfalls: [] }

/**
 * Reads the sitemaps of a site, indexes included. Files of other hosts count where robots.txt or an index names them; of
 * what they list, only pages of this site are taken.
 *
 * @throws LoaderError `public_docs_sitemap` when the configured one cannot be used; the signal's reason.
 */
export async function readSitemaps(deps: SitemapDeps, signal: AbortSignal): Promise<SitemapResult> {
  const { setting, declared, scope } = deps
  if (setting === 'off') return NO_SITEMAP
  const walk = new SitemapWalk(deps, signal)
  if (setting !== 'auto') {
    await walk.readConfigured(setting)
  } else {
    for (const url of declared) await walk.read(url, 'declared')
    // What robots.txt names may be of other sites, or old.
    for (const folder of new Set(['/', scope.folder])) if (!walk.hasPages) await walk.read(`${folder}sitemap.xml`, 'guessed')
  }
  return walk.result
}

type FileContent = { readonly kind: 'pages' | 'index'; readonly entries: readonly SitemapEntry[]; readonly whole: boolean }

class SitemapWalk {
  readonly #deps: SitemapDeps
  readonly #signal: AbortSignal
  readonly #pages = new Map<string, SitemapPage>()
  readonly #files = new Set<string>()
  #found = false
  #damaged = false
  #cut = false
  #refused = false
  #unreachable = false
  #leftOut = 0
  #firstLeftOut = ''
  readonly #unread: string[] = []

  constructor(deps: SitemapDeps, signal: AbortSignal) {
    this.#deps = deps
    this.#signal = signal
  }

  get result(): SitemapResult {
    const pages = [...this.#pages.values()]
    const shortfalls = [
      ...(this.#leftOut > 0 ? [{ reason: 'sitemap_cut' as const, count: this.#leftOut, example: this.#firstLeftOut }] : []),
      ...(this.#unread[0] !== undefined ? [{ reason: 'sitemap_unread' as const, count: this.#unread.length, example: this.#unread[0] }] : []),
    ]
    return { pages, found: this.#found, damaged: this.#damaged, cut: this.#cut, refused: this.#refused, unreachable: this.#unreachable, shortfalls }
  }

  get hasPages(): boolean {
    return this.#pages.size > 0
  }

  async readConfigured(url: string): Promise<void> {
    try {
      const content = await this.#fetch(new URL(url))
      if (content === undefined) throw sitemapUnusable(url, 'it is not there, or it is no sitemap')
      await this.#take(new URL(url), content, 0)
    } catch (error) {
      this.#signal.throwIfAborted()
      if (!isLoaderError(error) || error.code === 'public_docs_sitemap') throw error
      throw sitemapUnusable(url, error.message, error)
    }
  }

  async read(link: string, origin: 'declared' | 'guessed', depth = 0): Promise<void> {
    const { scope, logger } = this.#deps
    if (!URL.canParse(link, scope.start.href)) return
    const url = new URL(link, scope.start)
    const isOwn = url.host === scope.start.host
    if (!/^https?:$/.test(url.protocol) || (!isOwn && origin === 'guessed') || this.#files.has(url.href)) return
    if (this.#files.size >= this.#mostFiles) return void this.#unread.push(url.href)
    this.#files.add(url.href)
    try {
      const content = await this.#fetch(url)
      if (content !== undefined) return await this.#take(url, content, depth)
      // Many sites answer a missing file with a page.
      if (origin === 'declared') {
        this.#damaged = true
        this.#unread.push(url.href)
      }
    } catch (error) {
      this.#signal.throwIfAborted()
      if (!isLoaderError(error) || (error.kind === 'config' && isOwn)) throw error
      this.#unread.push(url.href)
      // Of another host nobody knows whether it was ever there.
      if (isOwn) this.#failed(error)
      else this.#refused = true
      logger.warn('a sitemap cannot be read', { sitemap: url.href, code: error.code, error: error.message })
    }
  }

  /** Few pages need few files. */
  get #mostFiles(): number {
    return Math.min(MOST_FILES, 10 + Math.floor(this.#deps.maxPages / 20))
  }

  #failed(error: LoaderError): void {
    if (error.kind === 'transient') this.#unreachable = true
    else this.#damaged = true
  }

  async #take(url: URL, content: FileContent, depth: number): Promise<void> {
    this.#found = true
    if (!content.whole) this.#cut = true
    for (const entry of content.entries) {
      if (content.kind === 'pages') this.#addPage(entry, url)
      else if (this.#pages.size >= this.#deps.maxPages) this.#unread.push(entry.url)
      else if (depth < DEEPEST_INDEX && URL.canParse(entry.url, url.href)) await this.read(new URL(entry.url, url).href, 'declared', depth + 1)
    }
  }

  #addPage({ url: link, lastmod }: SitemapEntry, file: URL): void {
    const { scope, maxPages } = this.#deps
    const url = scope.resolve(link, file)
    if (url === undefined || !scope.follows(url)) return
    const id = documentId(url)
    if (this.#pages.has(id)) return
    if (this.#pages.size >= maxPages) {
      if (this.#leftOut === 0) this.#firstLeftOut = url.href
      this.#leftOut += 1
    } else this.#pages.set(id, { url, id, ...(lastmod !== undefined && { lastmod }) })
  }

  /** Undefined when there is nothing, or something that is no sitemap. */
  async #fetch(url: URL): Promise<FileContent | undefined> {
    const response = await this.#deps.client.request({ url, signal: this.#signal, maxBytes: LARGEST_FILE, headers: { accept: 'application/xml, text/xml, text/plain' } })
    const { status } = response
    if (status !== 200) {
      if (status !== 404 && status !== 410) this.#refused = true
      return undefined
    }
    const contentType = response.headers.get('content-type') ?? undefined
    const body = await unzipped(response.body)
    // Half of an archive says nothing at all, and may have named anything.
    if (body === undefined) return { kind: 'pages', entries: [], whole: false }
    const { text } = decodeText(body, contentType, { html: true })
    const parsed = parseSitemap(text)
    if (parsed !== undefined) return parsed
    if (endsBeforeItBegins(text) || isLoginForm(text, url)) this.#refused = true
    return /^text\/plain\b/i.test(contentType ?? '') ? urlList(text) : undefined
  }
}

/** Nothing, or the first bytes of a file whose root element they don't reach: it may name anything. */
function endsBeforeItBegins(text: string): boolean {
  let rest = text.trimStart()
  while (rest.startsWith('<?') || rest.startsWith('<!')) {
    const close = rest.startsWith('<!--') ? '-->' : '>'
    const end = rest.indexOf(close)
    if (end < 0) return true
    rest = rest.slice(end + close.length).trimStart()
  }
  return rest === '' || (rest.startsWith('<') && !rest.includes('>'))
}

/** Such pages are small. */
function isLoginForm(text: string, { href }: URL): boolean {
  return text.length < 500_000 && extractPage(text, { url: href }).loginForm
}

/** A file `sitemap.xml.gz` is served as it is, without a content coding. Undefined for an archive that is damaged. */
async function unzipped(body: Uint8Array): Promise<Uint8Array | undefined> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body
  try {
    return await promisify(gunzip)(body, { maxOutputLength: LARGEST_FILE })
  } catch {
    // The caller says it.
    return undefined
  }
}

/** The protocol's plain form: one URL a line. */
function urlList(text: string): FileContent | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '')
  if (lines.length === 0 || !lines.every((line) => /^https?:\/\//.test(line))) return undefined
  return { kind: 'pages', entries: lines.map((url) => ({ url })), whole: true }
}
