import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { httpError } from './codes.ts'
import type { HttpClient } from './http-client.ts'
import { checkStatus, loginPage, parseJson } from './json-api-errors.ts'
import type { JsonQuery } from './json-query.ts'
import { queryString } from './json-query.ts'
import { printableUrl } from './printable-url.ts'
import type { HttpRequest, HttpResponse } from './request.ts'

/** What a {@link JsonApi} needs. */
export interface JsonApiDeps {
  readonly client: HttpClient
  /** Where the paths start, context path included: `https://example.atlassian.net/wiki`. Without user and password. */
  readonly baseUrl: string | URL
  /** Sent with every request, and to no other origin: `authorization`, for example. */
  readonly headers?: Readonly<Record<string, string>>
}

/** How one call is made. */
export interface JsonCallOptions {
  readonly signal: AbortSignal
  /** Statuses that are returned, not thrown: `[404]`. */
  readonly accept?: readonly number[]
  /** What is counted; see {@link HttpRequest.counts}. */
  readonly counts?: 'source' | 'content' | 'none'
  /** A POST that changes nothing (a search) and may be sent again. */
  readonly repeatable?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly maxBytes?: number
  readonly timeoutMs?: number
  /** See {@link HttpRequest.retries}. */
  readonly retries?: number
}

/** An answer of an API. The body comes from outside: validate it before use. */
export interface JsonAnswer {
  readonly status: number
  readonly headers: Headers
  /** The parsed body; null for 204, and for an accepted status whose body is no JSON. */
  readonly body: unknown
}

/** JSON in and out against one origin. Credentials go to that origin only, and redirects elsewhere are refused. */
export class JsonApi {
  readonly #client: HttpClient
  readonly #base: URL
  readonly #headers: Readonly<Record<string, string>>
  #clock: number | undefined

  constructor(deps: JsonApiDeps) {
    this.#client = deps.client
    this.#base = new URL(deps.baseUrl)
    this.#headers = deps.headers ?? {}
  }

  /**
   * The server's own clock, from the `Date` of its last answer: milliseconds since the epoch, to the second; undefined
   * before the first answer that had one. It is the clock that writes the times of changes, and ours may differ by hours.
   */
  get clock(): number | undefined {
    return this.#clock
  }

  /**
   * Asks for a path below the base URL (`/rest/api/content`). Its segments are encoded by the caller; the query's
   * values are encoded here.
   *
   * @throws HttpStatusError for every status but 2xx and the accepted ones, of kind `auth` for 401 and 403 (also when
   * the server answers as if nobody had signed in). `http_bad_json` (transient, after retries) and `http_login_page`
   * (auth) for a body that is no JSON. Else as {@link HttpClient.request}.
   */
  async get(path: string, query: JsonQuery | undefined, options: JsonCallOptions): Promise<JsonAnswer> {
    return await this.#call({ url: this.#below(path, query), method: 'GET' }, options)
  }

  /** Posts JSON to a path below the base URL. Retried only when `repeatable`. Errors as in {@link JsonApi.get}. */
  async post(path: string, body: unknown, query: JsonQuery | undefined, options: JsonCallOptions): Promise<JsonAnswer> {
    return await this.#call({ url: this.#below(path, query), method: 'POST', body: JSON.stringify(body) }, options)
  }

  /**
   * Follows a link that the API gave (`next`): an absolute one of this origin, or a path. A path that does not start
   * with the base URL's context path is taken as below it, since Confluence writes both.
   *
   * @throws LoaderError `http_redirect_refused` for a link to another origin. Else as {@link JsonApi.get}.
   */
  async getLink(link: string, options: JsonCallOptions): Promise<JsonAnswer> {
    return await this.#call({ url: this.#linked(link), method: 'GET' }, options)
  }

  async #call(request: Pick<HttpRequest, 'method' | 'body'> & { readonly url: URL }, options: JsonCallOptions): Promise<JsonAnswer> {
    const { accept = [], headers, ...rest } = options
    const redact = (text: string): string => this.#client.redact(text)
    let answer: JsonAnswer | undefined
    const read = (response: HttpResponse): void => {
      answer = answerOf(response, accept, redact)
      const date = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(date)) this.#clock = date
    }
    try {
      const response = await this.#client.request(
        {
          ...rest,
          ...request,
          accept,
          redirect: 'same-origin',
          headers: {
            accept: 'application/json',
            ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
            ...this.#headers,
            ...headers,
          },
        },
        read,
      )
      return answer ?? answerOf(response, accept, redact)
    } catch (error) {
      throw isLoaderError(error) ? explained(error, request.url) : error
    }
  }

  #below(path: string, query: JsonQuery | undefined): URL {
    const context = this.#base.pathname.replace(/(?<!\/)\/+$/, '')
    const url = new URL(`${this.#base.origin}${context}/${path.replace(/^\/+/, '')}${queryString(query)}`)
    if (url.origin === this.#base.origin && url.pathname.startsWith(`${context}/`)) return url
    throw httpError('http_bad_url/outside', { path: path.slice(0, 100), base: printableUrl(this.#base) })
  }

  #linked(link: string): URL {
    const context = this.#base.pathname.replace(/(?<!\/)\/+$/, '')
    const relative = link.startsWith('/') && !link.startsWith('//')
    const inContext = link === context || link.startsWith(`${context}/`) || link.startsWith(`${context}?`)
    const text = relative && !inContext ? `${this.#base.origin}${context}${link}` : link
    const base = `${this.#base.origin}${context}/`
    if (URL.canParse(text, base)) {
      const url = new URL(text, base)
      if (url.origin === this.#base.origin) return url
    }
    throw httpError('http_redirect_refused/listing', { host: this.#base.host, target: printableUrl(this.#client.redact(link)) })
  }
}

function answerOf(response: HttpResponse, accept: readonly number[], redact: (text: string) => string): JsonAnswer {
  checkStatus(response, accept, redact)
  const { status, headers } = response
  if (status >= 200 && status < 300) return { status, headers, body: parseJson(response) }
  try {
    return { status, headers, body: parseJson(response) }
  } catch {
    // An accepted status says all; a proxy's HTML beside it is nothing to fail about.
    return { status, headers, body: null }
  }
}

/** A redirect of an API to another place is either a sign-in or a base URL that has moved. */
function explained(error: LoaderError, url: URL): LoaderError {
  if (error.code !== 'http_redirect_refused' || error.kind !== 'document') return error
  if (/login|signin|sign-in|sso|saml|oauth|auth\b/i.test(error.message.replace(printableUrl(url), ''))) return loginPage(url)
  return httpError('http_redirect_refused/moved', { refusal: error.message }, { cause: error })
}
