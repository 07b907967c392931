import { storeError } from './codes.ts'
import type { Point } from './vector-store.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Throws when an id is no lower-case UUID: the order of ids is the same in both stores only for these. */
export function checkPointId(id: string): void {
  if (UUID.test(id)) return
  throw storeError('store_point_invalid', { id: JSON.stringify(id) })
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
    throw storeError('store_dimensions_mismatch', { given: vector.length, location, held: dimensions })
  }
  // Infinity minus itself and NaN are NaN, and a sum keeps it: one pass without a call per number.
  let sum = 0
  for (let index = 0; index < vector.length; index++) sum += (vector[index] as number) - (vector[index] as number)
  if (sum === 0) return
  throw storeError('store_vector_invalid')
}
