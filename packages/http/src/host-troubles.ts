import { untilAborted } from '@qdrant-loader/connector-sdk'

/** Failures in a row, over all requests to a host, from which on one request alone finds out whether it is back. */
const MANY = 8

/** The request that tries for all. */
interface Scout {
  readonly request: object
  readonly over: Promise<void>
  readonly end: () => void
}

/**
 * How a host fails. While single requests fail, each is tried again on its own. When many have failed in a row, one
 * of them goes on trying as patiently as ever, and the others wait for what comes of it: a host that is down gets few
 * requests, and one that comes back meanwhile loses none.
 */
export class HostTroubles {
  #inARow = 0
  #down = false
  #scout: Scout | undefined

  /** The host answered. */
  answered(): void {
    this.#inARow = 0
    this.#down = false
  }

  /** An attempt failed. Resolves with whether this request may be tried again. */
  async mayTryAgain(request: object, signal: AbortSignal): Promise<boolean> {
    this.#inARow += 1
    if (this.#inARow < MANY || this.#scout?.request === request) return true
    if (this.#down) return false
    if (this.#scout === undefined) {
      const { promise: over, resolve: end } = Promise.withResolvers<void>()
      this.#scout = { request, over, end }
      return true
    }
    await untilAborted(this.#scout.over, signal)
    return !this.#down
  }

  /** A request is over, well or not. */
  ended(request: object): void {
    const scout = this.#scout
    if (scout?.request !== request) return
    this.#scout = undefined
    this.#down = this.#inARow >= MANY
    scout.end()
  }
}
