/**
 * What the loader expects of an embedder. The same shape as `Embedder` in `@qdrant-loader/core`, repeated here so
 * that this package depends on nothing of the loader; a test there checks that the two fit.
 */
export interface LocalEmbedder {
  readonly provider: 'local'
  readonly model: string
  /** Identifies what decides the vectors. */
  readonly fingerprint: string
  /** Inputs of any length are used in full. */
  readonly maxInputTokens: number
  /** Worker jobs given out and inputs done so far. One job is one input. */
  readonly requests: number
  readonly inputs: number
  dimensions(signal: AbortSignal): Promise<number>
  /** One vector of unit length for each input, in order. The vector depends on its input alone. */
  embed(inputs: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>
  /** Ends the worker threads. What is not done yet fails. */
  close(): Promise<void>
}
