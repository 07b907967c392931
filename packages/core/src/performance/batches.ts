
/** When a batch is full. */
export interface BatchBounds<Item> {
  readonly maxItems: number
  /**
   * Sum of `weigh` at which a batch is closed; asked for each item, since it may depend on how fast the batches before
   * it went. A single heavier item is a batch of its own. Default: no limit.
   */
  readonly maxWeight?: () => number
  readonly weigh?: (item: Item) => number
  /** True for an item that closes the batch it is in (a checkpoint should not wait for company). */
  readonly closes?: (item: Item) => boolean
  /**
   * How long an item may wait for company, in milliseconds: a slow source must not keep back what is there. Default:
   * without an end.
   */
  readonly maxWaitMs?: number
}

/** Groups a stream, keeping its order. */
export async function* batchesOf<Item>(
  source: AsyncIterable<Item>,
  bounds: BatchBounds<Item>,
): AsyncGenerator<readonly Item[], void, undefined> {
  const iterator = source[Symbol.asyncIterator]()
  let batch: Item[] = []
  let weight = 0
  let pulling = false
  let ended = false
  function pull(): Promise<IteratorResult<Item>> {
    pulling = true
    const pulled = iterator.next().finally(() => (pulling = false))
    // Whoever waits for it sees its failure; while nobody does it is no defect.
    pulled.catch(() => {})
    return pulled
  }
  function take(): readonly Item[] {
    const taken = batch
    batch = []
    weight = 0
    return taken
  }
  try {
    let pulled = pull()
    let due = new Due(bounds.maxWaitMs)
    while (true) {
      const next = batch.length === 0 ? await pulled : await due.orLater(pulled)
      if (next === 'late') {
        yield take()
        continue
      }
      if (next.done === true) break
      const item = next.value
      const itemWeight = bounds.weigh?.(item) ?? 0
      if (batch.length > 0 && weight + itemWeight > (bounds.maxWeight?.() ?? Number.POSITIVE_INFINITY)) yield take()
      if (batch.length === 0) due = new Due(bounds.maxWaitMs)
      batch.push(item)
      weight += itemWeight
      if (batch.length >= bounds.maxItems || bounds.closes?.(item) === true) yield take()
      pulled = pull()
    }
    ended = true
    if (batch.length > 0) yield take()
  } catch (error) {
    ended = true
    throw error
  } finally {
    // A pull that is still waiting is not awaited, since nothing bounds it.
    const closed = ended ? undefined : Promise.resolve(iterator.return?.()).catch(() => {})
    if (!pulling) await closed
  }
}

/** Waits until a moment that is set once. */
class Due {
  readonly #at: number | undefined

  constructor(ms: number | undefined) {
    this.#at = ms === undefined ? undefined : performance.now() + ms
  }

  async orLater<Value>(value: Promise<Value>): Promise<Value | 'late'> {
    if (this.#at === undefined) return await value
    const late = Promise.withResolvers<'late'>()
    // oxlint-disable-next-line one-of-each/sleep -- for every item of a run: ending that sleep early makes an error with its stack each time, a tenth of a first sync
    const timer = setTimeout(late.resolve, Math.max(0, this.#at - performance.now()), 'late')
    try {
      return await Promise.race([value, late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}
