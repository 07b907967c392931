import { countRequest } from '../performance/request-scope.ts'
import type { Embedder } from './embedder.ts'
import { checkVectors } from './normalise.ts'

/**
 * An embedder of another package, held to the contract: every answer is checked (count, dimensions, NaN, all zero)
 * before anybody sees a vector of it, and its requests count for the run they belong to.
 */
export class CheckedEmbedder implements Embedder {
  readonly #inner: Embedder
  requests = 0
  inputs = 0

  constructor(inner: Embedder) {
    this.#inner = inner
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

  get maxInputTokens(): number {
    return this.#inner.maxInputTokens
  }

  dimensions(signal: AbortSignal): Promise<number> {
    return this.#inner.dimensions(signal)
  }

  /** @throws LoaderError `embedder_bad_answer` when the answer is not one vector of the right length for each input. */
  async embed(inputs: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    if (inputs.length === 0) return []
    this.requests += 1
    this.inputs += inputs.length
    countRequest('embedder')
    const dimensions = await this.#inner.dimensions(signal)
    const vectors = await this.#inner.embed(inputs, signal)
    return checkVectors(vectors, { from: `${this.provider} embedder`, count: inputs.length, dimensions })
  }

  close(): Promise<void> {
    return this.#inner.close()
  }
}
