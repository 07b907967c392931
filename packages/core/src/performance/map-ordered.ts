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
 * Pulls from `source` only while fewer than `queue` items are held. When a call or the source fails, the results
 * before it are yielded, then the error is thrown; calls that are still running are awaited before it leaves.
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
  let pull: Promise<IteratorResult<Item>> | undefined
  let ended = false
  try {
    while (!ended || held.length > 0) {
      if (!ended && pull === undefined && held.length < queueLimit) {
        pull = iterator.next()
        pull.catch(ignoreUntilAwaited)
      }
      const head = held[0]
      const next = await firstOf(head, pull)
      if (next === 'head') {
        held.shift()
        yield await (head as Promise<Result>)
      } else {
        const pulled = await (pull as Promise<IteratorResult<Item>>)
        pull = undefined
        if (pulled.done === true) {
          ended = true
        } else {
          const call = slots.run(() => map(pulled.value))
          call.catch(ignoreUntilAwaited)
          held.push(call)
        }
      }
    }
  } finally {
    await Promise.allSettled(held)
    if (!ended) await iterator.return?.()
  }
}

/** Which of the two is settled first; the head wins a tie. A source that failed waits for the results before it. */
async function firstOf(head: Promise<unknown> | undefined, pull: Promise<unknown> | undefined): Promise<'head' | 'pull'> {
  if (head === undefined) return 'pull'
  if (pull === undefined) return 'head'
  const headSettled = head.then(
    () => 'head' as const,
    () => 'head' as const,
  )
  const pullFulfilled = pull.then(
    () => 'pull' as const,
    () => headSettled,
  )
  return Promise.race([headSettled, pullFulfilled])
}

// The rejection is not lost: every promise is awaited in its turn, this only says so to the runtime.
function ignoreUntilAwaited(): void {}

/** Lets `limit` calls run at once, first come first served. */
class Semaphore {
  readonly #limit: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      return await call()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}
