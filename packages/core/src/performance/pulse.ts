/** When something was last heard of a piece of work that may take any time, as long as it goes on. */
export class Pulse {
  #at = performance.now()

  /** Says that the work goes on. */
  beat(): void {
    this.#at = performance.now()
  }

  /** How long nothing was heard, in milliseconds. */
  get silenceMs(): number {
    return performance.now() - this.#at
  }
}
