import { DEFAULT_RETRY, isLoaderError, type Logger, retrying, type RetryPolicy } from '@qdrant-loader/connector-sdk'
import type { QdrantClient } from '@qdrant/js-client-rest'
import { inspect } from 'node:util'
import type { z } from 'zod'
import { countRequest, sayWaiting } from '../../performance/request-scope.ts'
import { SecretVault } from '../../secrets/secret-vault.ts'
import { storeError } from '../codes.ts'
import { failureOf, type QdrantFailure, storeErrorFromFailure } from './qdrant-error.ts'
import { type QdrantAddress, qdrantAddress } from './qdrant-url.ts'
import { withRetryAfter } from './with-retry-after.ts'

/** The server's routes, as the client has them: with a request init, so that each call has its own abort signal. */
export type QdrantApi = ReturnType<QdrantClient['api']>

/** How to reach a server. */
export interface QdrantConnectionOptions {
  readonly url: string
  readonly apiKey?: string
  /** Milliseconds for one attempt, answer included. Default 60,000. */
  readonly timeoutMs?: number
  /** Default `DEFAULT_RETRY` of the SDK. */
  readonly retry?: RetryPolicy
  readonly logger?: Logger
  /** Makes what `fetch` takes as `dispatcher`: a proxy. Called with the first request. Default: the client's own. */
  readonly dispatcher?: (() => Promise<object>) | undefined
  /** Takes secrets out of what the server says. The key is taken out in any case. */
  readonly redact?: (text: string) => string
  /** For tests. */
  readonly now?: () => number
  /** For tests. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** 0 to 1; for tests. */
  readonly random?: () => number
}

/** One call: what it does, in words that follow "while"; the shape of its answer; and how it is sent. */
export interface QdrantCall<T> {
  readonly doing: string
  readonly answer: z.ZodType<T>
  readonly send: (api: QdrantApi, init: RequestInit) => Promise<{ readonly data: unknown }>
  /** Says why an answer is no success although its status is 200. */
  readonly unapplied?: (answer: T) => string | undefined
  /** Longest answer that what is asked for can have, in bytes. Default 4,000,000: no answer without points is longer. */
  readonly maxBytes?: number
  /** Failures that the caller handles: returned, not thrown. */
  readonly handle?: (failure: QdrantFailure) => boolean
}

/** Of an answer without points. */
const MAX_BYTES = 4_000_000
/** Compressed bytes do not say how many there will be, so answers are asked for as they are. */
const UNCOMPRESSED = { 'accept-encoding': 'identity' }

/** What came of a call: its answer, or the failure that the caller said it handles. */
export type QdrantOutcome<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly value?: undefined; readonly failure: QdrantFailure }

/** Sends requests: one time-out and one abort signal per attempt, retries with growing waits, errors as LoaderErrors. */
export class QdrantConnection {
  readonly location: string
  readonly #options: QdrantConnectionOptions
  readonly #address: QdrantAddress
  #api: Promise<QdrantApi> | undefined
  #dispatcher: Promise<object> | undefined
  readonly #own: SecretVault
  #requests = 0

  constructor(options: QdrantConnectionOptions) {
    const address = qdrantAddress(options.url)
    this.#options = options
    this.#address = address
    this.#own = new SecretVault([{ value: options.apiKey ?? '' }])
    this.location = address.shown
    if (options.apiKey !== undefined && address.insecure) {
      options.logger?.warn('the Qdrant API key is sent over http: use https', { url: address.shown })
    }
  }

  /** Requests sent so far, retries included. */
  get requests(): number {
    return this.#requests
  }

  /** Sends until it succeeds, or throws a LoaderError. Returns the failure when `handle` took it. */
  async call<T>(call: QdrantCall<T>, signal: AbortSignal): Promise<QdrantOutcome<T>> {
    const { retry: policy = DEFAULT_RETRY, now, random, sleep, logger } = this.#options
    const attempt = async (): Promise<QdrantOutcome<T>> => {
      const outcome = await this.#attempt(call, signal)
      if (outcome.failure === undefined) return outcome
      const { failure, error, askedMs } = outcome
      if (call.handle?.(failure) === true) return { failure }
      throw storeErrorFromFailure(failure, call.doing, this.location, askedMs, error)
    }
    return await retrying(attempt, {
      policy,
      now,
      random,
      sleep,
      signal,
      onWait: (wait, { message }) => {
        logger?.debug('Qdrant request is repeated', { doing: call.doing, wait, why: message })
        sayWaiting(wait, `Qdrant at ${this.location}`)
      },
    })
  }

  /** As {@link call}, for calls that handle no failure themselves. */
  async send<T>(call: Omit<QdrantCall<T>, 'handle'>, signal: AbortSignal): Promise<T> {
    const { value, failure } = await this.call<T>(call, signal)
    if (failure !== undefined) throw storeErrorFromFailure(failure, call.doing, this.location, undefined, undefined)
    return value
  }

  /** The client is loaded with the first request: it and its HTTP library take longer than a sync of another store. */
  #client(): Promise<QdrantApi> {
    this.#api ??= this.#connect()
    return this.#api
  }

  async #connect(): Promise<QdrantApi> {
    const { QdrantClient } = await import('@qdrant/js-client-rest')
    const { apiKey } = this.#options
    // The key as a header: given as `apiKey`, the client would switch to https by itself and print on the console.
    return new QdrantClient({
      url: this.#address.origin,
      port: this.#address.port,
      prefix: this.#address.prefix,
      timeout: Number.POSITIVE_INFINITY,
      checkCompatibility: false,
      ...(apiKey === undefined ? {} : { headers: { 'api-key': apiKey } }),
    }).api()
  }

  /** Loaded with the client, whose HTTP library it is. A proxy takes the place of the client's own connections. */
  async #bounded(maxBytes: number): Promise<object> {
    const { bounded, connections } = await import('./bounded-answers.ts')
    this.#dispatcher ??= (this.#options.dispatcher ?? connections)()
    return bounded(await this.#dispatcher, maxBytes)
  }

  #attempt<T>(call: QdrantCall<T>, signal: AbortSignal): Promise<Attempt<T>> {
    signal.throwIfAborted()
    this.#requests += 1
    countRequest('store')
    return withRetryAfter(this.#address.origin, this.#options.now ?? Date.now, async (asked): Promise<Attempt<T>> => {
      const api = await this.#client()
      const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? 60_000)
      try {
        // A redirect could carry the key to another host.
        const dispatcher = await this.#bounded(call.maxBytes ?? MAX_BYTES)
        const init = { signal: AbortSignal.any([signal, timeout]), redirect: 'manual', headers: UNCOMPRESSED, dispatcher } as object as RequestInit
        const { data } = await call.send(api, init)
        const value = this.#parse(call, data)
        const unapplied = call.unapplied?.(value)
        return unapplied === undefined ? { value } : { failure: { kind: 'unapplied', text: unapplied } }
      } catch (error) {
        signal.throwIfAborted()
        if (isLoaderError(error)) throw error
        const timedOut = timeout.aborted ? { kind: 'network' as const, text: 'no answer in time' } : undefined
        return { failure: timedOut ?? failureOf(error, (text) => this.#redact(text)), error: this.#harmless(error), askedMs: asked() }
      }
    })
  }

  #redact(text: string): string {
    return this.#own.redact(this.#options.redact?.(text) ?? text)
  }

  /** The client's error carries the whole answer. Where that repeats a secret, only its redacted words are kept as a cause. */
  #harmless(error: unknown): unknown {
    const seen = inspect(error, { depth: 5, maxStringLength: null, maxArrayLength: null })
    const shown = this.#redact(seen)
    return shown === seen ? error : new Error(shown.slice(0, 2_000))
  }

  #parse<T>(call: QdrantCall<T>, data: unknown): T {
    const parsed = call.answer.safeParse(data)
    if (parsed.success) return parsed.data
    throw storeError('store_answer_unexpected', { location: this.location, doing: call.doing }, { cause: parsed.error })
  }
}

type Attempt<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly value?: undefined; readonly failure: QdrantFailure; readonly error?: unknown; readonly askedMs?: number | undefined }
