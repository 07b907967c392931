import { type RetryOptions, retrying } from '@qdrant-loader/connector-sdk'
import { type BatchBounds, batchesOf } from './batches.ts'
import { performanceError } from './codes.ts'
import { withDeadline } from './deadline.ts'
import { mapOrdered } from './map-ordered.ts'

/** How batches are made and processed. */
export interface BatchProcessorOptions<Item, Prepared, Result> {
  readonly bounds: BatchBounds<Item>
  /** What can be done ahead of a batch's turn, while an earlier one is processed. */
  readonly prepare: (batch: readonly Item[]) => Promise<Prepared>
  /** Batches that are prepared at once. */
  readonly lookahead: number
  /** The effects of a batch. Must be safe to call again. Its signal ends with the time limit, not with the caller's. */
  readonly process: (batch: Prepared, signal: AbortSignal) => Promise<Result>
  /** Longest time for one call of `process`, in milliseconds. */
  readonly timeoutMs: number
  readonly retry: Pick<RetryOptions, 'policy' | 'sleep' | 'random' | 'retryable'>
}

/** Bounds of one {@link boundedEffect}. */
export interface EffectBounds {
  /** Longest time for one call, in milliseconds. */
  readonly timeoutMs: number
  readonly retry: Pick<RetryOptions, 'policy' | 'sleep' | 'random' | 'retryable'>
}

/**
 * Calls what has an effect, within a time limit, and again where that is worth it. Its signal ends with the limit, not
 * with the caller's: what has begun is finished.
 *
 * @throws LoaderError `batch_timeout` (transient) when the limit passes, otherwise what `effect` threw last.
 */
export async function boundedEffect<Result>(effect: (signal: AbortSignal) => Promise<Result>, bounds: EffectBounds): Promise<Result> {
  const never = new AbortController().signal
  return retrying(
    async () => {
      const limit = new AbortController()
      try {
        return await withDeadline(() => effect(limit.signal), bounds.timeoutMs, never, (ms) => performanceError('batch_timeout', { ms }))
      } catch (error) {
        limit.abort(error)
        throw error
      }
    },
    { ...bounds.retry, signal: never },
  )
}

/**
 * Processes items in batches: prepared ahead, processed one after the other and in order. What is prepared when the
 * source of the items ends, or fails because the caller aborts, is processed, so that a Ctrl-C loses nothing of it.
 */
export class BatchProcessor<Item, Prepared, Result> {
  readonly #options: BatchProcessorOptions<Item, Prepared, Result>

  constructor(options: BatchProcessorOptions<Item, Prepared, Result>) {
    this.#options = options
  }

  /** @throws LoaderError as {@link boundedEffect} */
  async processBatch(batch: Prepared): Promise<Result> {
    return boundedEffect((limit) => this.#options.process(batch, limit), this.#options)
  }

  /** Groups the stream and yields the result of each batch. */
  async *processStream(items: AsyncIterable<Item>): AsyncGenerator<Result, void, undefined> {
    const { bounds, prepare, lookahead } = this.#options
    for await (const prepared of mapOrdered(batchesOf(items, bounds), prepare, { concurrency: lookahead })) {
      yield await this.processBatch(prepared)
    }
  }
}
