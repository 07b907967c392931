import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { printableUrl } from '@qdrant-loader/http'
import type { HttpClient, HttpResponse } from '@qdrant-loader/http'
import { publicDocsError } from '../codes.ts'
import { notAllowedIn } from '../errors.ts'
import { nothing, readContent } from '../page/page-content.ts'
import type { PageContent, ReadingRules } from '../page/page-content.ts'
import type { SiteScope } from '../selection.ts'
import type { Validators } from '../validators.ts'
import type { RobotsRules } from './robots.ts'
import type { ShortReason } from './short-reason.ts'
import { leadsToSignIn } from './sign-in.ts'
import { documentId } from './url-form.ts'

const PERMANENT = new Set([301, 308])
const TEMPORARY = new Set([302, 303, 307])
/** Redirects on the way from a link to its page, of whatever kind. */
export const MOST_HOPS = 10
const ACCEPT = 'text/html, application/xhtml+xml, text/markdown, text/plain;q=0.8, */*;q=0.1'

/** A page that was read. */
export interface PageRead {
  readonly kind: 'page'
  /** Where readers find it: after redirects that keep its id. */
  readonly url: URL
  readonly content: PageContent
  readonly headers: Headers
  /** Where its validators were sent from. */
  readonly from: URL
}

/** What a request for a page came to, and after how many redirects beyond a first one that keeps the id. */
export type Reading = Answered & { readonly hops?: number }

type Answered =
  | PageRead
  | { readonly kind: 'unchanged'; readonly url: URL; readonly headers: Headers }
  /** Permanently redirected to another page of the site. */
  | { readonly kind: 'moved'; readonly to: URL }
  /** Permanently redirected to where this source does not read. */
  | { readonly kind: 'elsewhere'; readonly to: string }
  | { readonly kind: 'missing'; readonly status: number }
  | { readonly kind: 'gone' }
  /** 401, 403, a login page, an answer that is none: what is there is not known. */
  | {
      readonly kind: 'refused'
      readonly error: LoaderError
      readonly reason: ShortReason
      /** Where a temporary redirect leads that is not followed. */
      readonly to?: string
    }
  /** No answer, or 429 or 5xx, in spite of retries. */
  | { readonly kind: 'failed'; readonly error: LoaderError }

/** What a {@link PageReader} needs. */
export interface PageReaderDeps {
  readonly client: Pick<HttpClient, 'request'>
  readonly scope: SiteScope
  readonly rules: ReadingRules
  /** How often a page that fails is asked for again. */
  readonly retries: number
  /** Called for each body of a page that was read. */
  readonly onBody: () => void
}

interface Hop {
  readonly url: URL
  /** For readers: does not follow temporary redirects. */
  readonly shown: URL
  readonly temporary: boolean
}

/** Requests pages and says what became of them. Redirects are followed by hand, since they decide which page it is. */
export class PageReader {
  readonly #deps: PageReaderDeps

  constructor(deps: PageReaderDeps) {
    this.#deps = deps
  }

  /**
   * @param known what was recorded, for a conditional request.
   * @param before redirects that led to `start`.
   * @throws LoaderError of kind `config` (a certificate, a private address), which every other page would meet as well.
   */
  async read(start: URL, robots: RobotsRules, known: Validators | undefined, signal: AbortSignal, before = 0): Promise<Reading> {
    let hop: Hop = { url: start, shown: start, temporary: false }
    let counted = 0
    for (let hops = 0; before + hops <= MOST_HOPS; hops++) {
      const response = await this.#request(hop.url, start, known, signal)
      if ('kind' in response) return { ...response, hops: counted }
      const next = this.#redirected(response, hop, robots)
      if (next === undefined) return { ...this.#settled(response, hop, known !== undefined), hops: counted }
      if ('kind' in next) return { ...next, hops: counted }
      if (hops > 0 || documentId(next.url) !== documentId(hop.url)) counted += 1
      hop = next
    }
    return { kind: 'refused', reason: 'redirect_loop', error: publicDocsError('public_docs_redirect_loop', { address: printableUrl(start) }), hops: counted }
  }

  async #request(url: URL, start: URL, known: Validators | undefined, signal: AbortSignal): Promise<HttpResponse | Answered> {
    try {
      // A validator speaks of one resource; another one could answer 304 to it with a content that nobody has read.
      const conditional = known !== undefined && (known.f ?? start.href) === url.href
      return await this.#deps.client.request({
        url,
        signal,
        redirect: 'manual',
        retries: this.#deps.retries,
        headers: { accept: ACCEPT, ...(conditional && conditions(known)) },
      })
    } catch (error) {
      signal.throwIfAborted()
      if (!isLoaderError(error) || error.kind === 'config' || error.kind === 'internal') throw error
      if (error.kind === 'transient') return { kind: 'failed', error }
      if (error.code !== 'http_too_large') return { kind: 'refused', reason: error.code === 'http_bad_encoding' ? 'bad_encoding' : 'refused', error }
      return { kind: 'page', url, from: url, content: nothing('too-large', 'application/octet-stream'), headers: new Headers() }
    }
  }

  /** The next hop, or what the redirect means; undefined for an answer that is no redirect. */
  #redirected({ status, headers }: HttpResponse, hop: Hop, robots: RobotsRules): Hop | Answered | undefined {
    const location = headers.get('location')
    if (location === null || !(PERMANENT.has(status) || TEMPORARY.has(status))) return undefined
    const to = this.#deps.scope.resolve(location, hop.url)
    const inside = to !== undefined && this.#mayRead(to, hop.shown) && robots.allows(to)
    if (leadsToSignIn(to ?? URL.parse(location, hop.url.href), hop.url)) {
      return { kind: 'refused', reason: 'login_form', error: notAllowedIn(hop.shown, `redirects to ${printableUrl(to ?? location)} to sign in`) }
    }
    const permanent = PERMANENT.has(status) && !hop.temporary
    if (inside && documentId(to) === documentId(hop.url)) return { url: to, shown: hop.temporary ? hop.shown : to, temporary: hop.temporary }
    if (permanent) return inside ? { kind: 'moved', to } : { kind: 'elsewhere', to: printableUrl(to ?? location) }
    if (!inside) {
      const outside = printableUrl(to ?? location)
      return { kind: 'refused', reason: 'redirected_elsewhere', error: notAllowedIn(hop.shown, `redirects to ${outside} for now`), to: outside }
    }
    return { url: to, shown: hop.shown, temporary: true }
  }

  /** The start page may lie outside `path_pattern`, and may redirect there. */
  #mayRead(to: URL, shown: URL): boolean {
    const { scope } = this.#deps
    return scope.follows(to) || (shown.href === scope.start.href && scope.contains(to))
  }

  #settled(response: HttpResponse, { url, shown }: Hop, asked: boolean): Answered {
    const { status, headers, body } = response
    if (status === 304 && asked) return { kind: 'unchanged', url: shown, headers }
    if (status === 410) return { kind: 'gone' }
    if (status === 401 || status === 403) return { kind: 'refused', reason: 'refused', error: notAllowedIn(shown, `answered ${status}`) }
    if (status !== 200) {
      if (status === 404 || status === 400 || status === 414) return { kind: 'missing', status }
      return { kind: 'refused', reason: 'refused', error: notAllowedIn(shown, `answered ${status}, which says nothing about the page`) }
    }
    this.#deps.onBody()
    const content = readContent({ url, headers, body }, this.#deps.rules)
    if (content.loginForm) return { kind: 'refused', reason: 'login_form', error: notAllowedIn(shown, 'shows a login form instead of a page') }
    return { kind: 'page', url: shown, from: url, content, headers }
  }
}

function conditions({ e, m }: Validators): Record<string, string> {
  return { ...(e !== undefined && { 'if-none-match': e }), ...(m !== undefined && { 'if-modified-since': m }) }
}
