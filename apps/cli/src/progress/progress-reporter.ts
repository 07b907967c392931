import type { ProgressEvent } from '@qdrant-loader/core'

/** Shows progress while a command works. */
export interface ProgressReporter {
  readonly onProgress: (event: ProgressEvent) => void
  /**
   * From now on `count` says how many texts the embedder has taken. A batch is told of when it is written; with a slow
   * embedder that is long after it began.
   */
  watchEmbedder(count: () => number): void
  /** Takes the live display away. Call it before anything else is printed; it may be called twice. */
  close(): void
}
