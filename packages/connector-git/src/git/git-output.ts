/** A line that is longer than this is no message of git; it is dropped, so that no part of a secret is left of it. */
const LONGEST_LINE = 64_000
/** What is kept of the lines: the last ones, which say why git failed. */
const KEPT = 16_384

/**
 * What git writes to standard error: progress, which overwrites itself (`\r`), and lines. Lines are redacted whole,
 * before anything of them is cut; only the last ones are kept.
 */
export class GitOutput {
  readonly #redact: (text: string) => string
  readonly #onProgress: ((line: string) => void) | undefined
  #rest = ''
  #kept = ''

  constructor(redact: (text: string) => string, onProgress?: (line: string) => void) {
    this.#redact = redact
    this.#onProgress = onProgress
  }

  /** The last lines, redacted. */
  get text(): string {
    return this.#kept + this.#redact(this.#rest)
  }

  take(text: string): void {
    const parts = (this.#rest + text).split(/(?<=[\r\n])/)
    const last = parts.at(-1) ?? ''
    this.#rest = /[\r\n]$/.test(last) ? '' : (parts.pop() ?? '')
    if (this.#rest.length > LONGEST_LINE) this.#rest = ''
    for (const part of parts) this.#line(part)
  }

  #line(part: string): void {
    if (part.length > LONGEST_LINE) return
    const line = part.trimEnd()
    if (line === '') return
    const progress = part.endsWith('\r') || /: +\d+% \(\d+\/\d+\)|, done\.$/.test(line)
    if (this.#onProgress !== undefined && progress) return this.#onProgress(line)
    this.#kept = `${this.#kept}${this.#redact(line)}\n`
    // Whole lines go, so that what stays is what was redacted.
    while (this.#kept.length > KEPT) {
      const end = this.#kept.indexOf('\n')
      if (end === -1 || end === this.#kept.length - 1) break
      this.#kept = this.#kept.slice(end + 1)
    }
  }
}
