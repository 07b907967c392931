import { LoaderError } from '@qdrant-loader/connector-sdk'
import type { Point } from './vector-store.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Throws when an id is no lower-case UUID: the order of ids is the same in both stores only for these. */
export function checkPointId(id: string): void {
  if (UUID.test(id)) return
  throw new LoaderError({
    code: 'store_point_invalid',
    kind: 'internal',
    message: `A point has the id ${JSON.stringify(id)}, which is no lower-case UUID.`,
    hint: 'Report this error together with the log of a run with `--log-level debug`.',
  })
}

/** Throws before anything is written when a vector does not fit the collection or holds something else than numbers. */
export function checkPoints(points: readonly Point[], dimensions: number, location: string): void {
  for (const point of points) {
    checkPointId(point.id)
    checkVector(point.vector, dimensions, location)
  }
}

/** As {@link checkPoints}, for the vector of a search. */
export function checkVector(vector: Float32Array, dimensions: number, location: string): void {
  if (vector.length !== dimensions) {
    throw new LoaderError({
      code: 'store_dimensions_mismatch',
      kind: 'config',
      message: `The embedder gave a vector of ${vector.length} dimensions; ${location} holds vectors of ${dimensions}.`,
      hint: 'Restore the embedding settings the store was built with, or configure another store for the new ones.',
    })
  }
  // Infinity minus itself and NaN are NaN, and a sum keeps it: one pass without a call per number.
  let sum = 0
  for (let index = 0; index < vector.length; index++) sum += (vector[index] as number) - (vector[index] as number)
  if (sum === 0) return
  throw new LoaderError({
    code: 'store_vector_invalid',
    kind: 'config',
    message: 'The embedder gave a vector that holds something else than finite numbers.',
    hint: 'Check the embedding model and its server; nothing of this batch was written.',
  })
}
