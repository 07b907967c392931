/** What earlier runs learned about a site's `lastmod`. */
export interface TrustState {
  /** Pages whose text changed under a new `lastmod`, since the last contradiction. */
  readonly announced: number
  /** How many of them prove that `lastmod` can be relied on. */
  readonly needed: number
  /** Counts runs that relied on it, so that each looks at another sample. */
  readonly round: number
}

const MOST_NEEDED = 96

/**
 * Decides whether an unchanged `lastmod` spares a request. It has to be proved: by pages whose text changed and whose
 * `lastmod` said so. One page that changed under the same `lastmod` ends the trust, and it then takes twice as many to
 * win it back.
 */
export class LastmodTrust {
  #announced: number
  #needed: number
  #round: number

  constructor(state: TrustState) {
    this.#announced = state.announced
    this.#needed = state.needed
    this.#round = state.round
  }

  get trusted(): boolean {
    return this.#announced >= this.#needed
  }

  get round(): number {
    return this.#round
  }

  /** A page was compared with what was recorded under `before`; both as written in the sitemap. */
  observe(before: string, now: string, changed: boolean): void {
    if (!changed) return
    if (before !== now) {
      this.#announced = Math.min(this.#announced + 1, MOST_NEEDED)
      return
    }
    this.#announced = 0
    this.#needed = Math.min(this.#needed * 2, MOST_NEEDED)
  }

  /** Called by a run that spared requests. */
  nextRound(): void {
    this.#round = (this.#round + 1) % 1_000_000
  }

  state(): TrustState {
    return { announced: this.#announced, needed: this.#needed, round: this.#round }
  }
}
