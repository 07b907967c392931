/**
 * More requests in an interval are answered with 429.
 * https://developer.atlassian.com/cloud/confluence/rate-limiting/ and, for Data Center,
 * https://confluence.atlassian.com/doc/_ratelimiting_httpheaders-992678779.html
 */
export interface RateLimit {
  readonly requests: number
  readonly intervalMs: number
}

/** Counts requests in an interval that moves with the clock. */
export class RateWindow {
  readonly #limit: RateLimit
  readonly #cloud: boolean
  readonly #now: () => number
  readonly #recent: number[] = []

  constructor(limit: RateLimit, cloud: boolean, now: () => number) {
    this.#limit = limit
    this.#cloud = cloud
    this.#now = now
  }

  /** Whether one more request may pass. */
  take(): boolean {
    const now = this.#now()
    while (this.#recent[0] !== undefined && this.#recent[0] <= now - this.#limit.intervalMs) this.#recent.shift()
    if (this.#recent.length >= this.#limit.requests) return false
    this.#recent.push(now)
    return true
  }

  /** Cloud says when the limit is reset, to the minute, only where it refuses; Data Center tells all of it always. */
  headers(refused = false): Record<string, string> {
    const { requests, intervalMs } = this.#limit
    const left = requests - this.#recent.length
    const now = this.#now()
    const wait = Math.ceil(left > 0 ? 0 : ((this.#recent[0] ?? now) + intervalMs - now) / 1_000)
    const shared = { 'x-ratelimit-limit': String(requests), 'x-ratelimit-remaining': String(left) }
    if (!this.#cloud) {
      const interval = String(Math.ceil(intervalMs / 1_000))
      return { ...shared, 'x-ratelimit-fillrate': String(requests), 'x-ratelimit-interval-seconds': interval, 'retry-after': String(wait) }
    }
    const near = { ...shared, 'x-ratelimit-nearlimit': String(left < requests / 5) }
    if (!refused) return near
    return { ...near, 'retry-after': String(wait), 'x-ratelimit-reset': `${new Date(now + wait * 1_000).toISOString().slice(0, 16)}Z` }
  }
}
