import { countRequest } from '../performance/request-scope.ts'
import type { Embedder, OnAnswer } from './embedder.ts'
import { checkVectors } from './normalise.ts'

/** How a {@link CheckedEmbedder} hands inputs on. */
export interface CheckedEmbedderOptions {
  /** Inputs in one request to the embedder, at most; unbounded when left out. */
  readonly batchSize?: number
}

/**
 * An embedder of another package, held to the contract: every answer is checked (count, dimensions, NaN, all zero)
 * before anybody sees a vector of it, and its requests count for the run they belong to.
 */
export class CheckedEmbedder implements Embedder {
  readonly #inner: Embedder
  readonly #batchSize: number
  requests = 0

  constructor(inner: Embedder, options: CheckedEmbedderOptions = {}) {
    this.#inner = inner
    this.#batchSize = options.batchSize ?? Number.POSITIVE_INFINITY
  }

  get provider(): string {
    return this.#inner.provider
  }

  get model(): string {
    return this.#inner.model
  }

  get fingerprint(): string {
    return this.#inner.fingerprint
  }

  get inputs(): number {
    return this.#inner.inputs
  }

  get maxInputTokens(): number {
    return this.#inner.maxInputTokens
  }

  dimensions(signal: AbortSignal): Promise<number> {
    return this.#inner.dimensions(signal)
  }

  /** @throws LoaderError `embedder_bad_answer` when the answer is not one vector of the right length for each input. */
  async embed(inputs: readonly string[], signal: AbortSignal, answered?: OnAnswer): Promise<readonly Float32Array[]> {
    if (inputs.length === 0) return []
    const dimensions = await this.#inner.dimensions(signal)
    const failed = new AbortController()
    const either = AbortSignal.any([signal, failed.signal])
    const requests: Promise<readonly Float32Array[]>[] = []
    for (let at = 0; at < inputs.length; at += this.#batchSize) {
      const request = this.#request(inputs.slice(at, at + this.#batchSize), dimensions, either, (vectors) => answered?.(at, vectors))
      // What the other requests still wait for would be work for nothing.
      requests.push(request.catch((error: unknown) => { failed.abort(error); throw error }))
    }
    // Every one is waited for, so that nothing is told of after an error.
    const results = await Promise.allSettled(requests)
    signal.throwIfAborted()
    return results.flatMap((result) => {
      if (result.status === 'rejected') throw failed.signal.reason
      return result.value
    })
  }

  async #request(
    inputs: readonly string[],
    dimensions: number,
    signal: AbortSignal,
    answered: (vectors: readonly Float32Array[]) => Promise<void> | undefined,
  ): Promise<readonly Float32Array[]> {
    this.requests += 1
    countRequest('embedder')
    const vectors = await this.#inner.embed(inputs, signal)
    const checked = checkVectors(vectors, { from: `${this.provider} embedder`, count: inputs.length, dimensions })
    await answered(checked)
    return checked
  }

  close(): Promise<void> {
    return this.#inner.close()
  }
}
