import { countTokens } from '../chunking/token-counter.ts'
import { countTokensOfInputs } from '../performance/request-scope.ts'
import type { Embedder } from './embedder.ts'

/**
 * An embedder for a dry run: it takes inputs, counts them and their tokens (by `countTokens`, which a model's own
 * tokenizer may differ from), and asks no model. Its vectors are empty. Everything else is the real embedder's.
 */
export class EstimatingEmbedder implements Embedder {
  readonly #real: Embedder
  readonly requests = 0
  inputs = 0

  /** @param real stays its owner's: closing this one does not close it. */
  constructor(real: Embedder) {
    this.#real = real
  }

  get provider(): string {
    return this.#real.provider
  }

  get model(): string {
    return this.#real.model
  }

  get fingerprint(): string {
    return this.#real.fingerprint
  }

  get maxInputTokens(): number {
    return this.#real.maxInputTokens
  }

  dimensions(signal: AbortSignal): Promise<number> {
    return this.#real.dimensions(signal)
  }

  async embed(inputs: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    signal.throwIfAborted()
    this.inputs += inputs.length
    countTokensOfInputs(inputs.reduce((sum, input) => sum + countTokens(input), 0))
    return inputs.map(() => NOTHING)
  }

  async close(): Promise<void> {}
}

const NOTHING = new Float32Array(0)
