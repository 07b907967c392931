import { availableParallelism } from 'node:os'

import type { LocalEmbedder } from './embedder.ts'
import { WorkerPool } from './worker-pool.ts'

const MODEL = 'universal-sentence-encoder-lite'
const DIMENSIONS = 512
/** Raise it when the vectors change: another model, another way to cut or to join windows. */
const VERSION = 1
const MOST_WORKERS = 4

/** Configures {@link createLocalEmbedder}. */
export interface LocalEmbedderOptions {
  /** Worker threads, each with 150 to 250 MB of memory. Default: one a processor, at most 4. */
  readonly workers?: number
}

/**
 * An embedder that works without a network: Universal Sentence Encoder lite, 512 dimensions, English. Nothing is
 * loaded before the first input. `close` it when it is no longer needed.
 *
 * Errors: `embedder_model_unreadable` (`config`), `embedder_worker_failed` and `embedder_closed` (`internal`).
 */
export function createLocalEmbedder(options: LocalEmbedderOptions = {}): LocalEmbedder {
  return new WorkerEmbedder(options.workers ?? Math.min(availableParallelism(), MOST_WORKERS))
}

class WorkerEmbedder implements LocalEmbedder {
  readonly provider = 'local'
  readonly model = MODEL
  readonly fingerprint = `energetic-ai/${VERSION}:${MODEL}:${DIMENSIONS}`
  readonly maxInputTokens = Number.MAX_SAFE_INTEGER
  requests = 0
  inputs = 0
  readonly #pool: WorkerPool

  constructor(workers: number) {
    this.#pool = new WorkerPool(workers, workerEntry())
  }

  dimensions(_signal: AbortSignal): Promise<number> {
    return Promise.resolve(DIMENSIONS)
  }

  async embed(inputs: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    signal.throwIfAborted()
    const failed = new AbortController()
    const either = AbortSignal.any([signal, failed.signal])
    this.requests += inputs.length
    try {
      return await Promise.all(inputs.map((input) => this.#embedOne(input, either)))
    } catch (error) {
      // What still waits of this call would be work for nothing.
      failed.abort(error)
      throw error
    }
  }

  /** Counted one by one, since a worker takes its time for each, and somebody may be waiting for the figure to move. */
  async #embedOne(input: string, signal: AbortSignal): Promise<Float32Array> {
    const vector = await this.#pool.run(input, signal)
    this.inputs += 1
    return vector
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}

/** The worker lies beside this file: as a source in tests, as a bundle in the published package. */
function workerEntry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)
}
