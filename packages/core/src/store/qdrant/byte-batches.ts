/** Upper bounds of one request. */
export interface BatchLimits {
  readonly points: number
  readonly bytes: number
}

/** Cuts a list into batches that stay below both bounds, in order; an item above `bytes` is a batch of its own. */
export function* byteBatches<T extends { readonly bytes: number }>(
  items: Iterable<T>,
  limits: BatchLimits,
): Generator<readonly T[]> {
  let batch: T[] = []
  let bytes = 0
  for (const item of items) {
    if (batch.length > 0 && (batch.length >= limits.points || bytes + item.bytes > limits.bytes)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(item)
    bytes += item.bytes
  }
  if (batch.length > 0) yield batch
}
