import { isLoaderError, retrying, Semaphore } from '@qdrant-loader/connector-sdk'
import type { LoaderError, RetryPolicy } from '@qdrant-loader/connector-sdk'

import { countRequest, sayWaiting } from '../performance/request-scope.ts'
import { SecretVault } from '../secrets/secret-vault.ts'
import { urlSecrets } from '../secrets/url-secrets.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { embeddingError } from './codes.ts'
import type { Embedder, OnAnswer } from './embedder.ts'
import { embeddingFingerprint } from './fingerprint.ts'
import { knownModel } from './known-models.ts'
import { badAnswer, checkVectors } from './normalise.ts'
import { vectorsOfAnswer } from './openai-answer.ts'
import type { AskedServer } from './openai-errors.ts'
import { embedderError, refusedEverything } from './openai-errors.ts'
import { embeddingsUrl, requestEmbeddings } from './openai-request.ts'
import { requestBatches } from './request-batches.ts'

const DEFAULT_BASE_URL = 'https://api.openai.com/v1'
const DEFAULT_BATCH_SIZE = 100
const DEFAULT_CONCURRENCY = 4
const DEFAULT_TIMEOUT_MS = 60_000
/** OpenAI sums at most 300,000 tokens a request; the rest is room for servers that count otherwise. */
const TOKENS_A_REQUEST = 250_000
/** An input that no embedding model has a reason to refuse. */
const PROBE = 'test'
/** Models have fewer, unless more are configured. */
const MOST_DIMENSIONS = 8_192
/** A number in JSON, on a line of its own with spaces before it. */
const BYTES_A_NUMBER = 40
const ENVELOPE_BYTES = 1_000_000
const DEFAULT_MAX_INPUT_TOKENS = 8_191

/** Configures an {@link OpenAiEmbedder}. */
export interface OpenAiEmbedderOptions {
  readonly model: string
  /** Up to and with `/v1`, for other servers than OpenAI's. */
  readonly baseUrl?: string
  /** Left out for servers that ask for none: no `Authorization` header is sent then. */
  readonly apiKey?: string
  /** Asked of the server when given; else the model's own. */
  readonly dimensions?: number
  /** Inputs in one request, at most; 100 when left out. */
  readonly batchSize?: number
  /** Requests at once, over all calls; 4 when left out. */
  readonly maxConcurrency?: number
  /** Longest time for one request with its answer; 60 s when left out. */
  readonly timeoutMs?: number
  readonly retry: RetryPolicy
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Milliseconds since the epoch, to read a `Retry-After` that is a date. */
  readonly now: () => number
  /** Takes secrets out of what the server says. The key, and a password in the URL, are taken out in any case. */
  readonly redact?: (text: string) => string
  /** In [0, 1), for jitter. Default `Math.random`. */
  readonly random?: () => number
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch
  /** Makes what `fetch` takes as `dispatcher`: a proxy. Called with the first request. Default: none. */
  readonly dispatcher?: (() => Promise<object>) | undefined
}

/** The requests of one call. */
interface Sending {
  /** Ends all of them, also those that the server has. */
  readonly request: AbortSignal
  /** Ends what waits to be sent, or to be sent again. */
  readonly begin: AbortSignal
  readonly fail: (error: unknown) => void
}

/**
 * Vectors from any server with OpenAI's interface (`POST /embeddings`). Inputs go in batches, several requests at
 * once; answers are checked and put in order; what may pass is retried, with the wait that the server asks for.
 *
 * Errors: `embedder_auth_failed` and `embedder_quota_used_up` (`auth`), `embedder_model_not_found`,
 * `embedder_request_refused` and `embedder_bad_answer` (`config`), `embedder_input_refused` (`document`),
 * `embedder_unreachable` (`transient`), `embedder_redirected` and `embedder_answer_too_large` (`config`). No message
 * holds the key.
 */
export class OpenAiEmbedder implements Embedder {
  readonly provider = 'openai'
  readonly model: string
  readonly fingerprint: string
  readonly maxInputTokens: number
  requests = 0
  inputs = 0
  readonly #options: OpenAiEmbedderOptions
  readonly #server: AskedServer
  readonly #closed = new AbortController()
  #dimensions: number | undefined
  #asking: Promise<number> | undefined
  #dispatcher: Promise<object | undefined> | undefined
  readonly #places: Semaphore
  readonly #underWay = new Set<Promise<unknown>>()
  /** True once the server has answered a request: from then on a refusal is about its inputs. */
  #answered = false

  constructor(options: OpenAiEmbedderOptions) {
    const known = knownModel(options.model)
    this.#options = options
    this.model = options.model
    this.#dimensions = options.dimensions ?? known?.dimensions
    this.fingerprint = embeddingFingerprint('openai', options.model, this.#dimensions)
    this.maxInputTokens = known?.maxInputTokens ?? DEFAULT_MAX_INPUT_TOKENS
    this.#server = serverOf(options)
    this.#places = new Semaphore(options.maxConcurrency ?? DEFAULT_CONCURRENCY)
  }

  /** Configured, known, or asked for once with one short input. */
  async dimensions(signal: AbortSignal): Promise<number> {
    if (this.#dimensions !== undefined) return this.#dimensions
    // One question for all who wait for it; after a failed or cancelled one the next caller asks again.
    this.#asking ??= this.#askDimensions(signal).finally(() => (this.#asking = undefined))
    return this.#asking
  }

  async embed(inputs: readonly string[], signal: AbortSignal, answered?: OnAnswer): Promise<readonly Float32Array[]> {
    signal.throwIfAborted()
    if (inputs.length === 0) return []
    const dimensions = await this.dimensions(signal)
    const batches = requestBatches(inputs, {
      inputs: this.#options.batchSize ?? DEFAULT_BATCH_SIZE,
      tokens: TOKENS_A_REQUEST,
    })
    const vectors = new Array<Float32Array>(inputs.length)
    const failed = new AbortController()
    // After an error no request begins. Those that the server has are waited for: their answers are paid for. A refusal
    // is about one input, and stops nothing.
    const fail = (error: unknown): void => (isRefusal(error) ? undefined : failed.abort(error))
    const sending: Sending = { request: signal, begin: AbortSignal.any([signal, failed.signal]), fail }
    const results = await Promise.allSettled(
      batches.map(async (batch) => {
        const take = async (answer: readonly (readonly number[])[]): Promise<void> => {
          const checked = checkVectors(answer, { from: this.#server.name, count: batch.inputs.length, dimensions })
          for (const [at, vector] of checked.entries()) vectors[batch.from + at] = vector
          await answered?.(batch.from, checked)
        }
        try {
          await this.#sendChecked(batch.inputs, sending, take)
        } catch (error) {
          fail(error)
          throw error
        }
      }),
    )
    signal.throwIfAborted()
    failed.signal.throwIfAborted()
    const refused = results.find((result) => result.status === 'rejected')
    if (refused !== undefined) throw refused.reason
    return vectors
  }

  async close(): Promise<void> {
    this.#closed.abort(embeddingError('embedder_closed', { server: this.#server.name }))
    await Promise.allSettled(this.#underWay)
  }

  async #askDimensions(signal: AbortSignal): Promise<number> {
    try {
      const [vector] = await this.#send([PROBE], { request: signal, begin: signal, fail: () => undefined })
      if (vector === undefined || vector.length === 0) throw badAnswer(this.#server.name, 'an empty vector.')
      this.#dimensions = vector.length
      return vector.length
    } catch (error) {
      throw isRefusal(error) ? refusedEverything(this.#server, error) : error
    }
  }

  /** As {@link #send}; finds out whether a refusal is about these inputs or about every request. */
  async #sendChecked(inputs: readonly string[], sending: Sending, take: (answer: number[][]) => Promise<void>): Promise<void> {
    try {
      await this.#send(inputs, sending, take)
    } catch (error) {
      if (this.#answered || !isRefusal(error)) throw error
      const probe = await this.#send([PROBE], sending).catch((reason: unknown) => reason)
      throw isRefusal(probe) ? refusedEverything(this.#server, error) : error
    }
  }

  /** `take` keeps the place among the requests at once until it has done with the answer. */
  async #send(inputs: readonly string[], sending: Sending, take?: (answer: number[][]) => Promise<void>): Promise<number[][]> {
    const request = AbortSignal.any([sending.request, this.#closed.signal])
    const begin = AbortSignal.any([sending.begin, this.#closed.signal])
    const { retry: policy, sleep, now, random } = this.#options
    this.inputs += inputs.length
    const sent = this.#places.run(async () => {
      const once = (): Promise<number[][]> => {
        begin.throwIfAborted()
        return this.#request(inputs, request)
      }
      try {
        const answer = await retrying(once, {
          policy,
          sleep,
          now,
          random,
          signal: begin,
          onWait: (ms) => sayWaiting(ms, `the embedding server at ${this.#server.host}`),
        })
        await take?.(answer)
        return answer
      } catch (error) {
        // Before this place is taken by the next request.
        sending.fail(error)
        throw error
      }
    })
    this.#underWay.add(sent)
    return await sent.finally(() => this.#underWay.delete(sent))
  }

  async #request(inputs: readonly string[], signal: AbortSignal): Promise<number[][]> {
    signal.throwIfAborted()
    const { apiKey, baseUrl, dimensions, dispatcher } = this.#options
    this.#dispatcher ??= Promise.resolve(dispatcher?.())
    const through = await this.#dispatcher
    const deadline = AbortSignal.timeout(this.#server.timeoutMs)
    this.requests += 1
    countRequest('embedder')
    try {
      const answer = await requestEmbeddings({
        url: embeddingsUrl(baseUrl ?? DEFAULT_BASE_URL),
        apiKey,
        body: { model: this.model, input: inputs, encoding_format: 'float', ...(dimensions !== undefined && { dimensions }) },
        fetch: this.#boundedBy(inputs.length),
        dispatcher: through,
        signal: AbortSignal.any([signal, deadline]),
      })
      this.#answered = true
      return vectorsOfAnswer(answer, inputs.length, this.#server.name)
    } catch (error) {
      signal.throwIfAborted()
      throw embedderError(error, this.#server, deadline.aborted)
    }
  }

  /** A `fetch` whose answers may be as long as so many vectors can be. */
  #boundedBy(inputs: number): typeof globalThis.fetch {
    const { fetch = globalThis.fetch } = this.#options
    // A server that ignores `dimensions` is told so, not that its answer is too long.
    const numbers = inputs * Math.max(this.#dimensions ?? 0, MOST_DIMENSIONS)
    return boundedFetch({ fetch, name: this.#server.name, maxBytes: ENVELOPE_BYTES + numbers * BYTES_A_NUMBER })
  }
}

function isRefusal(error: unknown): error is LoaderError {
  return isLoaderError(error) && error.code === 'embedder_input_refused'
}

function serverOf(options: OpenAiEmbedderOptions): AskedServer {
  const url = new URL(options.baseUrl ?? DEFAULT_BASE_URL)
  const own = new SecretVault([{ value: options.apiKey ?? '' }, ...urlSecrets(url.href)])
  return {
    name: `embedding model ${options.model} at ${url.origin}${url.pathname}`,
    host: url.host,
    model: options.model,
    redact: (text) => own.redact(options.redact?.(text) ?? text),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    now: options.now,
  }
}
