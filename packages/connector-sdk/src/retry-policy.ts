/** How often and how patiently something is tried again that failed for a passing reason. */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly attempts: number
  /** The wait before the first further try, in milliseconds; it doubles with each one. */
  readonly delayMs: number
  /** No wait that nobody asked for is longer, in milliseconds. */
  readonly maxDelayMs: number
  /**
   * How long a server that wants fewer requests (429) is waited for, in milliseconds, however often it says so:
   * `attempts` does not count then. Nor is a single wait longer, whatever the server asks for.
   */
  readonly rateLimitPatienceMs: number
}

/** What holds where nothing is configured: 3 further tries after 1, 2 and 4 s, and 10 minutes for a 429. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 3, delayMs: 1_000, maxDelayMs: 60_000, rateLimitPatienceMs: 600_000 }

/** What is known of a failure that may pass. A LoaderError fits. */
export interface PassingFailure {
  /** The server works, and wants fewer requests. */
  readonly rateLimited?: boolean | undefined
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}

/** What a {@link Patience} may be given, for tests. */
export interface PatienceDeps {
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** In [0, 1), for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** What is left of a policy for one piece of work. */
export class Patience {
  readonly #policy: RetryPolicy
  readonly #now: () => number
  readonly #random: () => number
  #tried = 0
  #limited = 0
  #limitedSince = 0
  #waited = 0

  constructor(policy: RetryPolicy, { now = Date.now, random = Math.random }: PatienceDeps = {}) {
    this.#policy = policy
    this.#now = now
    this.#random = random
  }

  /**
   * The wait before the next try, in milliseconds: the longest of what the server asked for and of our own, which
   * doubles and has up to half of it taken off by chance. Undefined when it is to be given up.
   */
  waitAfter({ rateLimited = false, retryAfterMs = 0 }: PassingFailure): number | undefined {
    const { attempts, rateLimitPatienceMs } = this.#policy
    if (!rateLimited) {
      if (this.#tried >= attempts || retryAfterMs > rateLimitPatienceMs) return undefined
      this.#tried += 1
      return Math.max(retryAfterMs, this.#backoffMs(this.#tried))
    }
    if (this.#limited === 0) this.#limitedSince = this.#now()
    this.#limited += 1
    const wait = Math.max(retryAfterMs, this.#backoffMs(this.#limited))
    // Waits count even where the clock was set back meanwhile.
    const spent = Math.max(this.#now() - this.#limitedSince, this.#waited)
    this.#waited += wait
    return spent + wait > rateLimitPatienceMs ? undefined : wait
  }

  #backoffMs(times: number): number {
    const steps = Math.min(this.#policy.maxDelayMs, this.#policy.delayMs * 2 ** (times - 1))
    return Math.round(steps * (0.5 + this.#random() / 2))
  }
}
