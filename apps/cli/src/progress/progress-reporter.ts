import type { ProgressEvent } from '@qdrant-loader/core/pipeline'

/** Shows progress while a command works. */
export interface ProgressReporter {
  readonly onProgress: (event: ProgressEvent) => void
  /** Takes the live display away. Call it before anything else is printed; it may be called twice. */
  close(): void
}
