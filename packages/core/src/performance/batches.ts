/** When a batch is full. */
export interface BatchBounds<Item> {
  readonly maxItems: number
  /** Sum of `weigh` at which a batch is closed. A single heavier item is a batch of its own. */
  readonly maxWeight?: number
  readonly weigh?: (item: Item) => number
  /** True for an item that closes the batch it is in (a checkpoint should not wait for company). */
  readonly closes?: (item: Item) => boolean
}

/** Groups a stream, keeping its order. */
export async function* batchesOf<Item>(
  source: AsyncIterable<Item>,
  bounds: BatchBounds<Item>,
): AsyncGenerator<readonly Item[], void, undefined> {
  const maxWeight = bounds.maxWeight ?? Number.POSITIVE_INFINITY
  let batch: Item[] = []
  let weight = 0
  for await (const item of source) {
    const itemWeight = bounds.weigh?.(item) ?? 0
    if (batch.length > 0 && weight + itemWeight > maxWeight) {
      yield batch
      batch = []
      weight = 0
    }
    batch.push(item)
    weight += itemWeight
    if (batch.length >= bounds.maxItems || bounds.closes?.(item) === true) {
      yield batch
      batch = []
      weight = 0
    }
  }
  if (batch.length > 0) yield batch
}
