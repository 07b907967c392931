import { mapOrdered } from './map-ordered.ts'
import { streamOf } from './stream-of.ts'

/** Bounds of a {@link ParallelProcessor}. */
export interface ParallelProcessorOptions {
  /** Calls at once. */
  readonly maxWorkers: number
  /** Items held at once, running or waiting for their turn. */
  readonly queueSize: number
}

/** The outcome of one source. */
export type SourceResult<Result> =
  | { readonly status: 'fulfilled'; readonly value: Result }
  | { readonly status: 'rejected'; readonly reason: unknown }

/** Runs independent work side by side. */
export class ParallelProcessor {
  readonly #options: ParallelProcessorOptions

  constructor(options: ParallelProcessorOptions) {
    this.#options = options
  }

  /** Every source is processed whatever becomes of the others; outcomes are in the order of the sources. */
  async processSources<Source, Result>(
    sources: readonly Source[],
    process: (source: Source) => Promise<Result>,
  ): Promise<readonly SourceResult<Result>[]> {
    const outcomes: SourceResult<Result>[] = []
    const settled = async (source: Source): Promise<SourceResult<Result>> => {
      try {
        return { status: 'fulfilled', value: await process(source) }
      } catch (reason) {
        return { status: 'rejected', reason }
      }
    }
    for await (const outcome of mapOrdered(streamOf(sources), settled, { concurrency: this.#options.maxWorkers })) {
      outcomes.push(outcome)
    }
    return outcomes
  }

  /** Processes a stream of documents; results come in the order of the input. The first error ends the stream. */
  processDocuments<Document, Result>(
    documents: AsyncIterable<Document>,
    process: (document: Document) => Promise<Result>,
  ): AsyncGenerator<Result, void, undefined> {
    const { maxWorkers, queueSize } = this.#options
    return mapOrdered(documents, process, { concurrency: maxWorkers, queue: queueSize })
  }
}
