import type { Database } from '../../sqlite/sqlite-driver.ts'

/** Where `vec_distance_cosine` comes from. `auto` takes sqlite-vec and falls back to JavaScript. */
export type CosineImplementation = 'auto' | 'javascript'

/**
 * Makes the SQL function `vec_distance_cosine(a, b)` available on a connection: from sqlite-vec, or, where that has no
 * binary for the platform (musl, 32 bit, Windows on ARM), from {@link cosineDistance}. Returns which one it is.
 */
export async function provideCosineDistance(
  database: Database,
  implementation: CosineImplementation,
): Promise<'sqlite-vec' | 'javascript'> {
  if (implementation === 'auto') {
    try {
      const { getLoadablePath } = await import('sqlite-vec')
      database.loadExtension(getLoadablePath())
      return 'sqlite-vec'
    } catch {
      // Missing, or built for another C library: the JavaScript function gives the same answers, more slowly.
    }
  }
  database.function('vec_distance_cosine', { deterministic: true }, (a: unknown, b: unknown) =>
    a instanceof Uint8Array && b instanceof Uint8Array ? cosineDistance(floatsOf(a), floatsOf(b)) : null,
  )
  return 'javascript'
}

/** 1 - cosine similarity; null when a vector has no length, as in sqlite-vec. */
export function cosineDistance(a: Float32Array, b: Float32Array): number | null {
  let dot = 0
  let squaresA = 0
  let squaresB = 0
  for (let index = 0; index < a.length; index++) {
    const x = a[index] as number
    const y = b[index] ?? 0
    dot += x * y
    squaresA += x * x
    squaresB += y * y
  }
  const distance = 1 - dot / (Math.sqrt(squaresA) * Math.sqrt(squaresB))
  return Number.isNaN(distance) ? null : distance
}

/** The float32 values of a blob. Copies when the blob does not start on a multiple of four bytes. */
export function floatsOf(blob: Uint8Array): Float32Array {
  const aligned = blob.byteOffset % 4 === 0 ? blob : new Uint8Array(blob)
  return new Float32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / 4))
}

/** The bytes of a vector, without copying. */
export function blobOf(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
}
