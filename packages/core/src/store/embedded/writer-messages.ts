import type { ErrorDescription } from '@qdrant-loader/connector-sdk'

/** What the writing thread is started with. */
export interface WriterStart {
  readonly path: string
  readonly busyTimeoutMs: number
}

/** Points of one transaction, or the end. */
export type WriterJob =
  | {
      readonly id: number
      /** JSON of `[id, payload][]`: one string crosses to the thread many times faster than the objects in it. */
      readonly points: string
      /** The vectors one after the other; the memory itself is handed over. */
      readonly vectors: Float32Array
    }
  | 'close'

/** How a job ended. */
export interface WriterAnswer {
  readonly id: number
  readonly error?: ErrorDescription
}
