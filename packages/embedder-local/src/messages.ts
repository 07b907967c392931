/** From the pool to a worker: embed this. A worker gets its next job when it has answered the last. */
export interface Job {
  readonly id: number
  readonly input: string
}

/** From a worker to the pool. */
export type JobResult =
  | { readonly id: number; readonly vector: Float32Array }
  | { readonly id: number; readonly failed: 'load' | 'embed'; readonly reason: string }
