/**
 * Told of each answer as soon as it is there: the vectors of the inputs from position `from` on. It is awaited before
 * the next request takes the place of this one, so no more answers wait than requests may be on their way. What it
 * throws fails the call.
 */
export type OnAnswer = (from: number, vectors: readonly Float32Array[]) => Promise<void>

/**
 * Turns text into vectors.
 *
 * `embed` answers one vector for each input, in order, each of unit length and `dimensions` long; anything else the
 * server sends (a short answer, other dimensions, NaN, an all-zero vector) is a LoaderError before the caller sees
 * any vector. Adapters split by their own limits and send batches concurrently. The same input gives the same
 * vector whatever it is batched with, as far as the model allows.
 */
export interface Embedder {
  readonly provider: string
  readonly model: string
  /** Identifies what decides the vectors: provider family, model, dimensions. No URL, no key. */
  readonly fingerprint: string
  /** Longest input in tokens of `countTokens` that is used in full. */
  readonly maxInputTokens: number
  /** Requests (or worker jobs) and inputs sent so far. */
  readonly requests: number
  readonly inputs: number
  /** The vectors' length; may ask the server once when neither configuration nor model name says it. */
  dimensions(signal: AbortSignal): Promise<number>
  /**
   * When some of the inputs fail, those that were sent are waited for, so that their answers are told of; nothing more is
   * sent. `answered` may be left alone by an embedder that has no answers but the whole.
   */
  embed(inputs: readonly string[], signal: AbortSignal, answered?: OnAnswer): Promise<readonly Float32Array[]>
  close(): Promise<void>
}
