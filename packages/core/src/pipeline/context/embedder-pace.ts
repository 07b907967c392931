/** How long the embedder should have to do with one batch, in milliseconds. */
const BATCH_MS = 2_000
/** Characters in one batch before anything is known of the embedder: some hundred chunks. */
const FIRST = 65_536
const LEAST = 16_384

/**
 * How much goes to the embedder in one batch. Batches close by its work: with a slow one a document is committed every
 * few seconds, whatever its neighbours hold, and with a fast one batches are large.
 */
export class EmbedderPace {
  readonly #most: number
  #characters = 0
  #ms = 0

  /** `most`: characters in one batch whatever the pace, which bounds the memory. */
  constructor(most: number) {
    this.#most = most
  }

  /** Characters of the next batch. */
  get characters(): number {
    if (this.#characters === 0) return Math.min(FIRST, this.#most)
    const inTime = this.#ms === 0 ? Number.POSITIVE_INFINITY : (this.#characters / this.#ms) * BATCH_MS
    return Math.min(this.#most, Math.max(LEAST, inTime))
  }

  /** What a batch took. Older ones count half as much with each, so that a server that slows down is followed. */
  measured(characters: number, ms: number): void {
    if (characters === 0) return
    this.#characters = this.#characters / 2 + characters
    this.#ms = this.#ms / 2 + ms
  }
}
