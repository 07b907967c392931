import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { embeddingError } from './codes.ts'

/**
 * Scales a vector to unit length. The length is computed in double precision over the values as float32, and the
 * result is rounded to float32 once, so that every machine and every store adapter gets the same bits.
 *
 * @returns undefined for a vector without a direction (all zero, or a value that is no finite number)
 */
export function normalise(values: ArrayLike<number>): Float32Array | undefined {
  // Not `Float32Array.from`, which asks an iterator for each value: ten times slower.
  const vector = new Float32Array(values)
  let squares = 0
  for (let at = 0; at < vector.length; at++) squares += (vector[at] as number) ** 2
  if (!(squares > 0) || !Number.isFinite(squares)) return undefined
  const scale = 1 / Math.sqrt(squares)
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] as number) * scale
  return vector
}

/** What {@link checkVectors} compares an answer with. */
export interface ExpectedVectors {
  /** Who answered, for the message: `embedding model "m" at http://…`. */
  readonly from: string
  readonly count: number
  readonly dimensions: number
}

/**
 * Checks an embedder's answer and brings every vector to unit length. Used for every adapter, so that nothing that is
 * not a direction in the right space reaches a store.
 *
 * @throws LoaderError `embedder_bad_answer` for a short answer, other dimensions, NaN, Infinity or an all-zero vector
 */
export function checkVectors(vectors: readonly ArrayLike<number>[], expected: ExpectedVectors): Float32Array[] {
  if (vectors.length !== expected.count) {
    throw badAnswer(expected.from, `${vectors.length} vectors for ${expected.count} inputs.`)
  }
  return vectors.map((values, at) => {
    if (values.length !== expected.dimensions) {
      throw badAnswer(expected.from, `a vector of ${values.length} dimensions where ${expected.dimensions} were expected.`)
    }
    const vector = normalise(values)
    if (vector === undefined) {
      throw badAnswer(expected.from, `a vector that is all zero, or no finite numbers, for input ${at}.`)
    }
    return vector
  })
}

/**
 * The error for an answer that cannot be used. It is a matter of configuration: a server that answers 200 with
 * nonsense does so again when it is asked again, and waiting does not help. What might pass by itself (5xx, broken
 * connections, time-outs) is told apart before an answer gets here.
 */
export function badAnswer(server: string, answer: string): LoaderError {
  return embeddingError('embedder_bad_answer', { server, answer })
}
