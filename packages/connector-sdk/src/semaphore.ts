import { untilAborted } from './until-aborted.ts'

/** Lets up to `permits` holders in, in the order of their asking. One that gives up leaves the queue. */
export class Semaphore {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(permits: number) {
    this.#free = permits
  }

  /** Takes a permit where one is free. It is given back with {@link release}. */
  tryAcquire(): boolean {
    if (this.#free === 0) return false
    this.#free -= 1
    return true
  }

  /** Resolves with a permit, which is given back with {@link release}. Rejects with the signal's reason. */
  async acquire(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (!this.tryAcquire()) await this.#turn(signal)
  }

  /**
   * Calls with a permit, at once where one is free, and gives it back when the call is over, well or not. Rejects with
   * the signal's reason while it waits for one.
   */
  async run<Result>(call: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted()
    if (!this.tryAcquire()) await this.#turn(signal)
    try {
      return await call()
    } finally {
      this.release()
    }
  }

  release(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#free += 1
      return
    }
    this.#waiting.delete(next)
    next()
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    const { promise: admitted, resolve: admit } = Promise.withResolvers<void>()
    this.#waiting.add(admit)
    if (signal === undefined) return await admitted
    try {
      await untilAborted(admitted, signal)
    } catch (error) {
      // Admitted in the moment of its giving up, it passes the permit on.
      if (!this.#waiting.delete(admit)) this.release()
      throw error
    }
  }
}
