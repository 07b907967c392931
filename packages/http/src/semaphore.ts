interface Waiter {
  readonly admit: () => void
}

/** Lets up to `permits` holders in, in the order of their asking. One that gives up leaves the queue. */
export class Semaphore {
  #free: number
  readonly #waiting = new Set<Waiter>()

  constructor(permits: number) {
    this.#free = permits
  }

  /** Resolves with a permit, which is given back with {@link release}. Rejects with the signal's reason. */
  async acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#free > 0) {
      this.#free -= 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener('abort', giveUp)
          resolve()
        },
      }
      const giveUp = (): void => {
        this.#waiting.delete(waiter)
        reject(signal.reason as Error)
      }
      this.#waiting.add(waiter)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  release(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#free += 1
      return
    }
    this.#waiting.delete(next)
    next.admit()
  }
}
