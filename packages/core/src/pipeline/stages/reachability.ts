/** After so many documents in a row that could not be reached, the source is asked whether it answers at all. */
const ASK_AFTER = 5

/**
 * Tells a source that is down from documents that it cannot show: a broken section of a site is many documents in a
 * row, and stops nothing; a source that is down ends its run after few requests.
 */
export class Reachability {
  readonly #check: (signal: AbortSignal) => Promise<unknown>
  #missed = 0
  #askAfter = ASK_AFTER
  #asking: Promise<void> | undefined

  /** `check`: see `OpenedSource.check`. */
  constructor(check: (signal: AbortSignal) => Promise<unknown>) {
    this.#check = check
  }

  /** A document was read, or could not be for a reason of its own. */
  reached(): void {
    this.#missed = 0
  }

  /**
   * A document could not be reached. Resolves when the source answers all the same.
   *
   * @throws what `check` threw.
   */
  async missed(signal: AbortSignal): Promise<void> {
    this.#missed += 1
    if (this.#missed < this.#askAfter) return
    this.#asking ??= this.#ask(signal).finally(() => (this.#asking = undefined))
    await this.#asking
  }

  async #ask(signal: AbortSignal): Promise<void> {
    await this.#check(signal)
    this.#missed = 0
    this.#askAfter *= 2
  }
}
