/** What happens with a redirect. */
export type RedirectPolicy =
  /** The 3xx answer is returned as it is. */
  | 'manual'
  /** Followed while the origin stays the same; a redirect elsewhere is refused with `http_redirect_refused`. */
  | 'same-origin'
  /** Followed wherever `allows` says yes; a refused one ends with `http_redirect_refused`. */
  | { readonly allows: (to: URL) => boolean }

/** One request. Only GET and HEAD, and requests marked as `repeatable`, are retried. */
export interface HttpRequest {
  /** Absolute; `http:` or `https:`; without user and password. */
  readonly url: string | URL
  /** Default `GET`. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** What is counted: `source` (default) for listings and detection, `content` for bodies, `none` where the caller counts itself. */
  readonly counts?: 'source' | 'content' | 'none'
  /** A POST that changes nothing (a search) and may be sent again. */
  readonly repeatable?: boolean
  /** Default `same-origin`. Credentials (`authorization`, `cookie`) never follow to another origin. */
  readonly redirect?: RedirectPolicy
  /** Overrides the client's limit of the decompressed body, in bytes. */
  readonly maxBytes?: number
  /** Overrides the client's limit of one attempt, headers and body, in milliseconds. */
  readonly timeoutMs?: number
  /** Overrides how often the client tries again. A 429 is not counted: it is waited for as long as patience lasts. */
  readonly retries?: number
  /** Statuses that are returned at once although they are usually retried. */
  readonly accept?: readonly number[]
}

/** One step of a redirect chain. */
export interface RedirectHop {
  readonly status: number
  readonly from: string
  readonly to: string
}

/** A final answer with its whole body. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  /** After redirects. */
  readonly url: string
  readonly redirects: readonly RedirectHop[]
  /** Decompressed. Empty for HEAD, 204 and 304. */
  readonly body: Uint8Array
}
