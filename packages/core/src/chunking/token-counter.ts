import { loadNow } from './load-now.ts'

/**
 * The longest stretch of text, in UTF-16 code units, that is given to the tokeniser at once. Byte pair merging takes
 * quadratic time in it.
 */
const LONGEST_SEGMENT = 48
/** Inside a long word no segment is shorter than this, unless the word ends. */
const SHORTEST_CUT = 16
/** Counts of words are remembered; a word seen once a document is mostly seen in the next document too. */
const REMEMBERED = 65_536

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

type CountSegment = (segment: string) => number

let encoding: CountSegment | undefined
const remembered = new Map<string, number>()

/**
 * Number of tokens of a text, by the vocabulary `cl100k_base` (that of OpenAI's `text-embedding-3-*` models).
 *
 * The count is defined over segments: a word with the blanks before it, or a run of line breaks; long words are cut
 * into segments of at most 48 code units. So it is exactly additive wherever a text is cut after a word or around
 * line breaks, which lets a document be counted once. For ordinary text it is the tokeniser's own count plus at most
 * one for each line. Special tokens such as `<|endoftext|>` count as the text that they are.
 *
 * The vocabulary (about 150 ms to load) is loaded by the first call with a text that is not empty.
 */
export function countTokens(text: string): number {
  return countTokensBetween(text, 0, text.length)
}

/** {@link countTokens} of `text.slice(start, end)`, without copying it. */
export function countTokensBetween(text: string, start: number, end: number): number {
  let count = 0
  let at = start
  while (at < end) {
    const next = segmentEnd(text, at, end)
    count += countSegment(text.slice(at, next))
    at = next
  }
  return count
}

/** Where the segment that starts at `start` ends. Depends on nothing before `start`. */
export function segmentEnd(text: string, start: number, end: number): number {
  const limit = Math.min(end, start + LONGEST_SEGMENT)
  let at = start
  if (isLineBreak(text.charCodeAt(at))) {
    while (at < limit && isLineBreak(text.charCodeAt(at))) at++
    return at
  }
  while (at < limit && isBlank(text.charCodeAt(at))) at++
  while (at < limit) {
    const code = text.charCodeAt(at)
    if (code <= 32 ? code >= 9 && (code <= 13 || code === 32) : code > 127 && isBlank(code)) return at
    at++
    if (code > 0x3000 && isWideStop(code)) return at
    if (at - start >= SHORTEST_CUT && mayCutAfter(text, at - 1) && !isLowSurrogate(text.charCodeAt(at))) return at
  }
  return at < end && isLowSurrogate(text.charCodeAt(at)) && at > start ? at + 1 : at
}

/** True for white space that ends a word but no line. */
export function isBlank(code: number): boolean {
  if (code < 128) return code === 32 || code === 9 || code === 11 || code === 12
  return (
    code === 0xa0 || code === 0x1680 || (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029 ||
    code === 0x202f || code === 0x205f || code === 0x3000 || code === 0xfeff
  )
}

export function isLineBreak(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN
}

export function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}

/** The full stop, exclamation and question mark of Chinese and Japanese: they end a sentence without white space. */
export function isWideStop(code: number): boolean {
  return code === 0x3002 || code === 0xff01 || code === 0xff1f
}

/**
 * Whether a long word may be cut after this character: a place that is found again when text is inserted before it.
 * Punctuation will do, else one character in sixteen, decided by it and its three predecessors.
 */
function mayCutAfter(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 128 && !isAsciiAlphanumeric(code)) return true
  let hash = code
  for (let back = 1; back <= 3; back++) hash = Math.imul(hash, 0x9e3779b1) ^ text.charCodeAt(at - back)
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 28 === 0
}

function isAsciiAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

function countSegment(segment: string): number {
  const known = remembered.get(segment)
  if (known !== undefined) return known
  encoding ??= loadEncoding()
  const count = encoding(segment)
  if (remembered.size >= REMEMBERED) remembered.clear()
  // A copy: a slice of thirteen or more characters would keep the whole document alive.
  remembered.set(segment.length < 13 ? segment : Buffer.from(segment, 'utf16le').toString('utf16le'), count)
  return count
}

function loadEncoding(): CountSegment {
  const { countTokens: count } = loadNow('cl100k-base')
  const options = { disallowedSpecial: new Set<string>() }
  return (segment) => count(segment, options)
}
