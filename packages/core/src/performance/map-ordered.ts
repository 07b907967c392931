import { Semaphore } from '@qdrant-loader/connector-sdk'

/** Bounds of {@link mapOrdered}. */
export interface OrderedBounds {
  /** How many calls run at once. */
  readonly concurrency: number
  /** How many items are held at once, running or finished and waiting for their turn. At least `concurrency`. */
  readonly queue?: number
}

/**
 * Maps a stream with several calls at once and yields the results in the order of the input, so that whatever
 * follows an item in the input (a checkpoint) also follows its result.
 *
 * Works ahead of its consumer, and pulls from `source` only while fewer than `queue` items are held. When a call or
 * the source fails, the results before it are yielded, then the error is thrown. On leaving early, calls that run are
 * awaited, those that wait are not begun, and the source is told to stop; a pull that is still waiting is not awaited, since nothing bounds it.
 */
export async function* mapOrdered<Item, Result>(
  source: AsyncIterable<Item>,
  map: (item: Item) => Promise<Result>,
  bounds: OrderedBounds,
): AsyncGenerator<Result, void, undefined> {
  const queueLimit = Math.max(bounds.queue ?? bounds.concurrency, bounds.concurrency)
  const iterator = source[Symbol.asyncIterator]()
  const slots = new Semaphore(bounds.concurrency)
  const held: Promise<Result>[] = []
  const moved = new Bell()
  let pulling = false
  const progress = { ended: false, stopped: false }

  async function pull(): Promise<void> {
    while (!progress.stopped) {
      if (held.length >= queueLimit) {
        await moved.rung()
        continue
      }
      pulling = true
      const pulled = await iterator.next()
      pulling = false
      if (pulled.done === true) break
      hold(slots.run(() => (progress.stopped ? Promise.reject(new Error('not begun')) : map(pulled.value))))
    }
  }
  function hold(result: Promise<Result>): void {
    // The rejection is not lost: the result is awaited in its turn, this only says so to the runtime.
    result.catch(() => {})
    held.push(result)
    moved.ring()
  }

  const pump = pull()
    .catch((error: unknown) => {
      pulling = false
      hold(Promise.reject(error))
    })
    .finally(() => {
      progress.ended = true
      moved.ring()
    })
  try {
    while (true) {
      const head = held[0]
      if (head !== undefined) {
        const result = await head
        held.shift()
        moved.ring()
        yield result
      } else if (progress.ended) return
      else await moved.rung()
    }
  } finally {
    progress.stopped = true
    moved.ring()
    await Promise.allSettled(held)
    if (!progress.ended) {
      const closed = Promise.resolve(iterator.return?.()).catch(() => {})
      if (!pulling) await Promise.all([closed, pump])
    }
  }
}

/** Wakes everybody who waits for something to have moved. */
class Bell {
  #next = Promise.withResolvers<void>()

  ring(): void {
    this.#next.resolve()
    this.#next = Promise.withResolvers<void>()
  }

  rung(): Promise<void> {
    return this.#next.promise
  }
}
