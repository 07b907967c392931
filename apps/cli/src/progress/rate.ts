/** Rates are those of the last so many milliseconds, so that they follow a server that slows down. */
const WINDOW_MS = 10_000
/** Less than this tells nothing. */
const SHORTEST_MS = 1_000

interface Sample {
  readonly at: number
  readonly value: number
}

/** How fast a figure grows. Times are milliseconds since the epoch. */
export class Rate {
  #samples: Sample[]

  constructor(startedAt: number) {
    this.#samples = [{ at: startedAt, value: 0 }]
  }

  /** Notes what the figure is now. What did not grow says nothing new. */
  note(at: number, value: number): void {
    if (value === this.#samples.at(-1)?.value) return
    this.#samples.push({ at, value })
    // One from before the window stays: what grows in steps that are longer than it has a rate, too.
    while (this.#samples.length > 2 && (this.#samples[1]?.at ?? at) <= at - WINDOW_MS) this.#samples.shift()
  }

  /** Growth a second; 0 before there is a second to measure. Falls while nothing more comes. */
  perSecond(now: number): number {
    const last = this.#samples.at(-1)
    const before = this.#samples.findLastIndex((sample) => sample.at <= now - WINDOW_MS)
    const first = this.#samples[Math.min(Math.max(before, 0), this.#samples.length - 2)]
    if (first === undefined || last === undefined || now - first.at < SHORTEST_MS) return 0
    return ((last.value - first.value) * 1_000) / (now - first.at)
  }
}
