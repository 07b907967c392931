/** A vector as a collection with cosine distance keeps it: scaled to length 1, unless it has that length already. */
export function cosinePreprocess(values: readonly number[]): Float32Array {
  const vector = Float32Array.from(values)
  let squares = 0
  for (const value of vector) squares += value * value
  // The bounds of Qdrant's `is_length_zero_or_normalized`.
  if (squares < 1.1920929e-7 || Math.abs(squares - 1) <= 1e-6) return vector
  const length = Math.fround(Math.sqrt(squares))
  return vector.map((value) => value / length)
}

/**
 * Float32 values as JSON numbers the way a server prints them: with as few digits as float32 needs, so that reading
 * them as doubles gives other numbers than the stored ones until they are rounded.
 */
export function printedFloats(vector: Float32Array): number[] {
  return Array.from(vector, (value) => Number(value.toPrecision(9)))
}

/** Cosine similarity of vectors that were preprocessed. */
export function similarity(a: Float32Array, b: Float32Array): number {
  let dot = 0
  for (let index = 0; index < a.length; index++) dot += (a[index] as number) * (b[index] as number)
  return Math.fround(dot)
}
