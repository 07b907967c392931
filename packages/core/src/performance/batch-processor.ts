import { LoaderError, type RetryOptions, retrying } from '@qdrant-loader/connector-sdk'
import { type BatchBounds, batchesOf } from './batches.ts'
import { withDeadline } from './deadline.ts'
import { mapOrdered } from './map-ordered.ts'

/** How batches are made and processed. */
export interface BatchProcessorOptions<Item, Prepared, Result> {
  readonly bounds: BatchBounds<Item>
  /** What can be done ahead of a batch's turn, while an earlier one is processed. Has no effects. */
  readonly prepare: (batch: readonly Item[]) => Promise<Prepared>
  /** Batches that are prepared at once. */
  readonly lookahead: number
  /** The effects of a batch. Must be safe to call again. Its signal ends with the time limit, not with the caller's. */
  readonly process: (batch: Prepared, signal: AbortSignal) => Promise<Result>
  /** Longest time for one call of `process`, in milliseconds. */
  readonly timeoutMs: number
  readonly retry: Pick<RetryOptions, 'policy' | 'sleep' | 'random' | 'retryable'>
}

/**
 * Processes items in batches: prepared ahead, processed one after the other and in order. A caller that aborts ends
 * the stream between two batches: one that has begun is finished, so that a Ctrl-C leaves nothing half done.
 */
export class BatchProcessor<Item, Prepared, Result> {
  readonly #options: BatchProcessorOptions<Item, Prepared, Result>

  constructor(options: BatchProcessorOptions<Item, Prepared, Result>) {
    this.#options = options
  }

  /** @throws LoaderError `batch_timeout` (transient) when the limit passes, else what `process` threw last. */
  async processBatch(batch: Prepared): Promise<Result> {
    const { timeoutMs, process, retry } = this.#options
    const never = new AbortController().signal
    return retrying(
      async () => {
        const limit = new AbortController()
        try {
          return await withDeadline(() => process(batch, limit.signal), timeoutMs, never, batchTimedOut)
        } catch (error) {
          limit.abort(error)
          throw error
        }
      },
      { ...retry, signal: never },
    )
  }

  /** Groups the stream and yields the result of each batch. */
  async *processStream(items: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Result, void, undefined> {
    const { bounds, prepare, lookahead } = this.#options
    for await (const prepared of mapOrdered(batchesOf(items, bounds), prepare, { concurrency: lookahead })) {
      signal.throwIfAborted()
      yield await this.processBatch(prepared)
    }
  }
}

function batchTimedOut(ms: number): LoaderError {
  return new LoaderError({
    code: 'batch_timeout',
    kind: 'transient',
    message: `writing a batch took longer than ${ms} ms`,
    hint: 'Check the load of the vector store, lower ingestion.batch.size or raise ingestion.batch.timeout. The next run goes on.',
  })
}
