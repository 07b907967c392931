/** A tag of HTML or JSX. */
export interface Tag {
  readonly name: string
  readonly closing: boolean
  readonly selfClosing: boolean
  /** Attributes whose values are strings, in order. */
  readonly attributes: ReadonlyMap<string, string>
  /** Index behind its `>`. */
  readonly end: number
}

/** In characters. What is longer is no tag. */
const LONGEST = 2_000
const NAME = /<(\/?)([A-Za-z][A-Za-z0-9.:_-]{0,80})/y

/**
 * Reads tags of one text. Looking for the end of what turns out to be no tag costs at most ten times the text in all,
 * so that a text of nothing but `<a "` takes no more than linear time.
 */
export class TagReader {
  readonly #text: string
  #patience: number

  constructor(text: string) {
    this.#text = text
    this.#patience = text.length * 10
  }

  /** The tag that begins at `at`, if one does. Values may be quoted, bare, or JSX in braces. */
  tagAt(at: number): Tag | undefined {
    NAME.lastIndex = at
    const start = NAME.exec(this.#text)
    if (start === null || this.#patience <= 0) return undefined
    const [{ length }, slash, name = ''] = start
    const limit = Math.min(this.#text.length, at + LONGEST)
    const attributes = new Map<string, string>()
    let index = at + length
    const behindName = this.#text.charAt(index)
    if (behindName !== '' && !/[\s/>]/.test(behindName)) return undefined
    while (index < limit) {
      const char = this.#text.charAt(index)
      if (char === '>') return { name, closing: slash === '/', selfClosing: this.#text.charAt(index - 1) === '/', attributes, end: index + 1 }
      if (char === '<') break
      index = /[\s/]/.test(char) ? index + 1 : char === '{' ? this.#behindBraces(index, limit) : this.#attribute(index, limit, attributes)
    }
    this.#patience -= index - at
    return undefined
  }

  /** Reads `name`, `name=value`; gives the index behind it. */
  #attribute(from: number, limit: number, attributes: Map<string, string>): number {
    let index = from
    while (index < limit && !/[\s=>/{<]/.test(this.#text.charAt(index))) index++
    const name = this.#text.slice(from, index)
    if (this.#text.charAt(index) !== '=') return index === from ? index + 1 : index
    index++
    const quote = this.#text.charAt(index)
    if (quote === '"' || quote === "'") {
      const end = this.#text.indexOf(quote, index + 1)
      if (end === -1 || end >= limit) return limit
      attributes.set(name, this.#text.slice(index + 1, end))
      return end + 1
    }
    if (quote === '{') {
      const end = this.#behindBraces(index, limit)
      const literal = /^\{\s*(?:"([^"]*)"|'([^']*)'|`([^`$]*)`)\s*\}$/.exec(this.#text.slice(index, end))
      const value = literal?.[1] ?? literal?.[2] ?? literal?.[3]
      if (value !== undefined) attributes.set(name, value)
      return end
    }
    const start = index
    while (index < limit && !/[\s>]/.test(this.#text.charAt(index))) index++
    attributes.set(name, this.#text.slice(start, index))
    return index
  }

  /** The index behind the brace that closes the one at `from`; braces in strings do not count. */
  #behindBraces(from: number, limit: number): number {
    let depth = 0
    for (let index = from; index < limit; index++) {
      const char = this.#text.charAt(index)
      if (char === '{') depth++
      else if (char === '}' && --depth === 0) return index + 1
      else if (char === '"' || char === "'" || char === '`') {
        const end = this.#text.indexOf(char, index + 1)
        // An apostrophe in text between tags is no string.
        if (end !== -1 && end < limit) index = end
      }
    }
    return limit
  }
}
