/** Numbers that are kept of a text. Two texts that share a quarter of them are, all but certainly, one text in two forms. */
const KEPT = 16
const ALIKE = 4

/**
 * A short summary of the words of a text by which two forms of one text (a page and its Markdown) are told from two
 * texts: the 16 smallest hashes of three words in a row. Markup and the addresses of links are no words. The first
 * letter says what the text came as: `h` for HTML, `t` for text.
 */
export function sketchOf(text: string, html: boolean): string {
  const smallest: number[] = []
  let [before, last, words, inAddress] = [0, 0, 0, false]
  for (const [token] of text.matchAll(/[\p{L}\p{N}]+|\]\(|[)\s]/gu)) {
    if (token === '](') inAddress = true
    else if (token === ')' || token.trim() === '') inAddress = false
    else if (!inAddress) {
      const hash = hashOf(token.toLowerCase())
      words += 1
      if (words > 2) keep(smallest, mixed(before, last, hash))
      ;[before, last] = [last, hash]
    }
  }
  if (words > 0 && words < 3) keep(smallest, mixed(before, last, words))
  return (html ? 'h' : 't') + Buffer.from(Uint32Array.from(smallest).buffer).toString('base64url')
}

/** Whether two summaries are of one text. */
export function areAlike(one: string, other: string): boolean {
  const [mine, theirs] = [numbersOf(one), new Set(numbersOf(other))]
  const shared = mine.filter((number) => theirs.has(number)).length
  return shared >= Math.min(ALIKE, Math.max(1, Math.min(mine.length, theirs.size)))
}

/** Whether two summaries are of the same words. Texts without words are not compared. */
export function areSame(one: string, other: string): boolean {
  return one.length > 1 && one === other
}

export function isOfHtml(sketch: string): boolean {
  return sketch.startsWith('h')
}

function numbersOf(sketch: string): number[] {
  const bytes = Uint8Array.from(Buffer.from(sketch.slice(1), 'base64url'))
  return [...new Uint32Array(bytes.buffer, 0, bytes.length >> 2)]
}

/** Inserts a number into the sorted few that are kept, each once. */
function keep(smallest: number[], number: number): void {
  if (smallest.length === KEPT && number >= (smallest[KEPT - 1] ?? 0)) return
  let at = smallest.length
  while (at > 0 && (smallest[at - 1] ?? 0) > number) at -= 1
  if (smallest[at - 1] === number) return
  smallest.splice(at, 0, number)
  if (smallest.length > KEPT) smallest.pop()
}

/** FNV-1a. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

function mixed(first: number, second: number, third: number): number {
  let hash = first
  for (const next of [second, third]) hash = Math.imul(hash ^ next ^ (hash >>> 15), 0x85ebca6b)
  hash ^= hash >>> 13
  return Math.imul(hash, 0xc2b2ae35) >>> 0
}
