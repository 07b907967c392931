import { expect, it } from 'vitest'
import { blobOf, cosineDistance, floatsOf, provideCosineDistance } from './cosine-distance.ts'
import { sqliteDriver } from '../../sqlite/sqlite-driver.ts'

const VECTORS = [
  [1, 0, 0],
  [0.6, -0.8, 0],
  [-3, 4, 12],
  [1e-20, 1e-20, 0],
].map((values) => Float32Array.from(values))

it('is one function, from sqlite-vec or from JavaScript', async () => {
  const native = new (sqliteDriver())(':memory:')
  const script = new (sqliteDriver())(':memory:')
  expect(await provideCosineDistance(native, 'auto')).toBe('sqlite-vec')
  expect(await provideCosineDistance(script, 'javascript')).toBe('javascript')
  const sql = 'SELECT vec_distance_cosine(?, ?)'
  for (const a of VECTORS.slice(0, 3)) {
    for (const b of VECTORS.slice(0, 3)) {
      const [one, two] = [native, script].map((db) => db.prepare(sql).pluck().get(blobOf(a), blobOf(b)) as number)
      expect(one).toBeCloseTo(two as number, 5)
    }
  }
  native.close()
  script.close()
})

it('has no value for a vector without length', () => {
  expect(cosineDistance(new Float32Array(3), Float32Array.of(1, 0, 0))).toBeNull()
})

it('reads blobs that do not start on a multiple of four', () => {
  const shifted = Buffer.concat([Buffer.from([9]), blobOf(Float32Array.of(1.5, -2))]).subarray(1)
  expect([...floatsOf(shifted)]).toEqual([1.5, -2])
})
