import { abortableSleep, DEFAULT_RETRY, isLoaderError, retryAfterMs, retrying } from '@qdrant-loader/connector-sdk'
import type { LoaderError, RetryPolicy } from '@qdrant-loader/connector-sdk'
import { publicConnector } from './address-guard.ts'
import type { ExchangeAnswer } from './exchange.ts'
import { exchange } from './exchange.ts'
import { HostGate, seconds } from './host-gate.ts'
import { HostTroubles } from './host-troubles.ts'
import type { HttpClientOptions } from './http-client-options.ts'
import { badUrl, statusError, transportError } from './http-errors.ts'
import { checkProxiedTarget } from './proxied-target.ts'
import { proxyFor } from './proxy-rules.ts'
import { ProxyingAgent } from './proxying-agent.ts'
import { quotaPauseMs } from './rate-headers.ts'
import { checkChain, checkLocation, headersAfterRedirect, redirectTarget } from './redirects.ts'
import type { HttpRequest, HttpResponse, RedirectHop } from './request.ts'
import { Agent } from './undici.ts'

/** An answer that was given all the same asks for no longer pause than this, in milliseconds. */
const LONGEST_QUOTA_PAUSE_MS = 60_000
/** Besides the 5xx: the server was too busy to read the request. */
const RETRIED_4XX = new Set([408, 425, 429])

/** What is kept of an answer and sent again: one that repeats a secret is as none. */
const VALIDATORS = ['etag', 'last-modified']

/** Looks at a final answer. A transient LoaderError that it throws is retried like a broken connection. */
export type ResponseCheck = (response: HttpResponse) => void

/** Asks web servers politely, and gives whole answers or errors. One client serves one source; close it at the end. */
export class HttpClient {
  readonly #options: HttpClientOptions
  readonly #agent: ProxyingAgent
  /** Targets of proxies that were looked at already, by host. */
  readonly #proxied = new Map<string, Promise<void>>()
  readonly #gates = new Map<string, HostGate>()
  readonly #paces = new Map<string, number>()
  readonly #troubles = new Map<string, HostTroubles>()
  readonly #retry: RetryPolicy
  readonly #now: () => number
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<void>

  constructor(options: HttpClientOptions) {
    this.#options = options
    const retry = options.retry ?? DEFAULT_RETRY
    this.#retry = { ...retry, attempts: options.retries ?? retry.attempts }
    this.#now = options.now ?? Date.now
    this.#sleep = options.sleep ?? abortableSleep
    const connectMs = options.timeoutMs ?? 30_000
    const direct = new Agent({
      connections: options.maxConcurrency ?? 8,
      // One limit of time holds for the whole attempt, see `exchange`.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: options.network === 'public' ? publicConnector(connectMs, options.lookup) : connectAnywhere(connectMs, options),
    })
    this.#agent = new ProxyingAgent({ proxies: options.proxies, direct, connectTimeoutMs: connectMs })
  }

  /**
   * Asks for one resource and returns the final answer, whatever its status, with its whole body.
   *
   * @throws the signal's reason when it is aborted; else a LoaderError whose code starts with `http_`. 408, 425, 429
   * and 5xx are thrown as HttpStatusError once the retries are used up, unless `accept` names them.
   */
  async request(request: HttpRequest, check?: ResponseCheck): Promise<HttpResponse> {
    let url = checkedUrl(request.url)
    let headers: Readonly<Record<string, string>> = { ...request.headers }
    const redirects: RedirectHop[] = []
    for (;;) {
      const hop = { ...request, url, headers }
      const here = url
      const answer = await this.#withRetries(hop, (response) => {
        if (redirectOf(response, here, request) === undefined) check?.({ ...response, url: here.href, redirects })
      })
      const to = redirectOf(answer, url, request)
      if (to === undefined) return { ...answer, url: url.href, redirects }
      redirects.push({ status: answer.status, from: url.href, to: to.href })
      checkChain(redirects, to, this.#options.maxRedirects ?? 5)
      headers = headersAfterRedirect(headers, url, to)
      url = to
    }
  }

  /** What a server wrote, without secrets; see {@link HttpClientOptions.redact}. */
  redact(text: string): string {
    return this.#options.redact?.(text) ?? text
  }

  /**
   * Keeps at least this distance between the starts of two requests to a host (as in `docs.example.com` or
   * `localhost:8080`), in milliseconds: a site's `Crawl-delay`. It never shortens the configured pace.
   */
  setPace(host: string, minDelayMs: number): void {
    this.#paces.set(host, minDelayMs)
    this.#gates.get(host)?.setMinDelay(minDelayMs)
  }

  /** Cuts all connections. Requests under way fail. */
  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  async #withRetries(request: HttpRequest & { readonly url: URL }, check: (answer: ExchangeAnswer) => void): Promise<ExchangeAnswer> {
    const repeatable = request.repeatable ?? ['GET', 'HEAD'].includes(request.method ?? 'GET')
    const troubles = this.#troublesOf(request.url.host)
    const attempt = async (): Promise<ExchangeAnswer> => {
      const answer = await this.#attempt(request)
      check(answer)
      troubles.answered()
      return answer
    }
    try {
      return await retrying(attempt, {
        policy: { ...this.#retry, attempts: request.retries ?? this.#retry.attempts },
        now: this.#now,
        random: this.#options.random,
        signal: request.signal,
        retryable: (error) => repeatable && isLoaderError(error) && error.kind === 'transient',
        mayTryAgain: (error) => error.rateLimited || troubles.mayTryAgain(request, request.signal),
        sleep: (ms, _signal, error) => this.#wait(ms, request, error),
      })
    } finally {
      troubles.ended(request)
    }
  }

  #troublesOf(host: string): HostTroubles {
    const troubles = this.#troubles.get(host) ?? new HostTroubles()
    this.#troubles.set(host, troubles)
    return troubles
  }

  /** One exchange with the host's gate around it. Statuses that are retried come back as errors. */
  async #attempt(request: HttpRequest & { readonly url: URL }): Promise<ExchangeAnswer> {
    const gate = this.#gate(request.url.host)
    const leave = await gate.enter(request.signal)
    try {
      const counts = request.counts ?? 'source'
      if (counts !== 'none') this.#options.count?.(counts)
      const proxy = proxyFor(request.url, this.#options.proxies)
      if (proxy !== undefined && this.#options.network === 'public') await this.#checkProxied(request.url)
      const answer = await exchange(this.#agent, {
        url: request.url,
        proxy,
        method: request.method ?? 'GET',
        headers: { 'accept-encoding': 'gzip, br, deflate', 'user-agent': this.#options.userAgent, ...lowerCased(request.headers) },
        body: request.body,
        signal: request.signal,
        timeoutMs: request.timeoutMs ?? this.#options.timeoutMs ?? 30_000,
        maxBytes: request.maxBytes ?? this.#options.maxBytes ?? 10_000_000,
      })
      this.#options.logger?.debug('http answer', { host: request.url.host, path: request.url.pathname, status: answer.status })
      return this.#judge(answer, request, gate)
    } finally {
      leave()
    }
  }

  async #checkProxied(url: URL): Promise<void> {
    const checked = this.#proxied.get(url.hostname) ?? checkProxiedTarget(url, this.#options.lookup)
    this.#proxied.set(url.hostname, checked)
    try {
      await checked
    } catch (error) {
      throw transportError(error, url)
    }
  }

  #judge(answer: ExchangeAnswer, request: HttpRequest & { readonly url: URL }, gate: HostGate): ExchangeAnswer {
    const { status, headers } = answer
    checkLocation(answer, request.url, (text) => this.redact(text))
    for (const name of VALIDATORS) if (repeats(headers.get(name), (text) => this.redact(text))) headers.delete(name)
    const asked = status === 429 || status === 503 ? retryAfterMs((name) => headers.get(name), this.#now()) : undefined
    const quota = quotaPauseMs(headers, this.#now())
    // A `Retry-After: 0` stands beside a bucket that is empty for minutes: the longest of what was said counts.
    const wanted = longest(asked, status === 429 ? quota : undefined)
    const pause = longest(wanted, status === 429 ? undefined : Math.min(quota ?? 0, LONGEST_QUOTA_PAUSE_MS))
    if (pause !== undefined && pause > 0) gate.pause(pause)
    if (request.accept?.includes(status) === true || !(RETRIED_4XX.has(status) || status >= 500)) return answer
    throw statusError(status, request.url, wanted)
  }

  /** Waits before the next attempt. What the server asked for, and a 429, hold for all requests to the host alike. */
  async #wait(ms: number, { url: { host }, signal }: HttpRequest & { readonly url: URL }, { code, rateLimited, retryAfterMs = 0 }: LoaderError): Promise<void> {
    this.#options.logger?.debug('http retry', { host, code, waitMs: ms })
    if (rateLimited || retryAfterMs > 0) return this.#gate(host).pause(ms)
    if (ms > 1000) this.#options.progress?.(`waiting ${seconds(ms)} s before asking ${host} again`)
    await this.#sleep(ms, signal)
  }

  #gate(host: string): HostGate {
    const known = this.#gates.get(host)
    if (known !== undefined) return known
    const { requestsPerMinute } = this.#options
    const gate = new HostGate({
      host,
      maxConcurrency: this.#options.maxConcurrency ?? 8,
      minDelayMs: requestsPerMinute === undefined ? 0 : 60_000 / requestsPerMinute,
      maxPauseMs: this.#retry.rateLimitPatienceMs,
      now: this.#now,
      sleep: this.#sleep,
      progress: this.#options.progress ?? (() => {}),
    })
    gate.setMinDelay(this.#paces.get(host) ?? 0)
    this.#gates.set(host, gate)
    return gate
  }
}

function longest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other)
}

function repeats(value: string | null, redact: (text: string) => string): boolean {
  return value !== null && redact(value) !== value
}

function connectAnywhere(timeout: number, options: HttpClientOptions): Agent.Options['connect'] & {} {
  return { timeout, ...(options.lookup === undefined ? {} : { lookup: options.lookup }) }
}

function redirectOf(answer: ExchangeAnswer, from: URL, request: HttpRequest): URL | undefined {
  return redirectTarget(answer, from, request.method ?? 'GET', request.redirect ?? 'same-origin')
}

function checkedUrl(url: string | URL): URL {
  if (!URL.canParse(String(url))) throw badUrl(url, 'it is no URL')
  const parsed = new URL(url)
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') throw badUrl(parsed, 'it is neither http nor https')
  if (parsed.username !== '' || parsed.password !== '') throw badUrl(parsed, 'it holds a user or a password')
  parsed.hash = ''
  return parsed
}

function lowerCased(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
}
