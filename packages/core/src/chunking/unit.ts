/**
 * A stretch of text that a chunk takes whole where it fits: a paragraph, a fenced block, a table, a function, a
 * sentence, a line, a word. Between two units lies nothing but white space.
 */
export interface Unit {
  /** Offsets into the text; white space around is left out, but for the indentation of a line. */
  readonly start: number
  readonly end: number
  /** Upper bound of the tokens that it adds to a chunk, line breaks before it not counted. */
  readonly tokens: number
  /** No boundary after it unless nothing else fits: a heading stays with what it is the heading of. */
  readonly glued: boolean
  /** Decides, with `tokens` alone, how strong the boundary after it is. Evenly distributed 32 bits. */
  readonly hash: number
  /** Its pieces, for when it does not fit. They are never joined with its neighbours. */
  readonly parts: () => readonly Unit[]
}

/** Consecutive units that make one chunk. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** 32 bits from `text.slice(start, end)`: FNV-1a over code units with the finaliser of MurmurHash3. */
export function hashBetween(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
