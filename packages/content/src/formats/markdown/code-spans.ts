/** Finds code between back-ticks in a stretch of Markdown. Takes linear time for all of it, whatever the text. */
export class CodeSpans {
  readonly #text: string
  /** By length of the run: up to where no run of that length closes any more. */
  readonly #unclosed = new Map<number, number>()
  /** The next blank line, as far as it was looked for. */
  #blank = -1

  constructor(text: string) {
    this.#text = text
  }

  /** The index behind the code that begins with the back-ticks at `start`; behind these where nothing closes them. */
  behind(start: number): number {
    const open = this.#behindRun(start)
    const length = open - start
    if (open <= (this.#unclosed.get(length) ?? -1)) return open
    const end = this.#endOfParagraph(open)
    for (let at = this.#text.indexOf('`', open); at !== -1 && at < end; ) {
      const close = this.#behindRun(at)
      if (close - at === length) return close
      at = this.#text.indexOf('`', close)
    }
    this.#unclosed.set(length, end)
    return open
  }

  #endOfParagraph(from: number): number {
    if (this.#blank < from) {
      const blank = this.#text.indexOf('\n\n', from)
      this.#blank = blank === -1 ? this.#text.length : blank
    }
    return this.#blank
  }

  #behindRun(start: number): number {
    let at = start
    while (this.#text.charAt(at) === '`') at++
    return at
  }
}
