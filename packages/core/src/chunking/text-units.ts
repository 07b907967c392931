import { countTokensBetween, isBlank, isLineBreak, isLowSurrogate, isWideStop, segmentEnd } from './token-counter.ts'
import type { Span, Unit } from './unit.ts'
import { hashBetween } from './unit.ts'

/**
 * How many units before it decide, with itself, how strong the boundary after a unit is. Lines and words repeat
 * (`}`, `the`), so they are told apart by what is before them; paragraphs and sentences hardly do.
 */
const LINE_CONTEXT = 1
const WORD_CONTEXT = 2

/** The lines of a text as spans without their line breaks (`\n`, `\r\n` or `\r`). */
export function linesOf(text: string, start = 0, end = text.length): Span[] {
  const lines: Span[] = []
  let from = start
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code !== 10 && code !== 13) continue
    lines.push({ start: from, end: at })
    if (code === 13 && at + 1 < end && text.charCodeAt(at + 1) === 10) at++
    from = at + 1
  }
  if (from < end) lines.push({ start: from, end })
  return lines
}

/** True when nothing but white space is in `text.slice(start, end)`. */
export function isWhite(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (!isBlank(code) && !isLineBreak(code)) return false
  }
  return true
}

/** A unit of whole lines. `start` is the start of a line, `end` the end of one; blank lines at both ends are left out. */
export function lineBlock(
  text: string,
  start: number,
  end: number,
  parts: (start: number, end: number) => readonly Unit[],
): Unit | undefined {
  let last = end
  while (last > start && isWhiteCode(text.charCodeAt(last - 1))) last--
  if (last === start) return undefined
  // Blanks that end the last line stay: lines are kept verbatim.
  while (last < end && !isLineBreak(text.charCodeAt(last))) last++
  let first = start
  for (let at = start; isWhiteCode(text.charCodeAt(at)); at++) if (isLineBreak(text.charCodeAt(at))) first = at + 1
  return {
    start: first,
    end: last,
    tokens: countTokensBetween(text, first, last),
    glued: false,
    hash: hashBetween(text, first, last),
    parts: () => parts(first, last),
  }
}

/**
 * Each line that is not blank. The pieces of every block: a line that fits is never cut, so that whoever looks for a
 * line of the document finds it in one chunk.
 */
export function lineUnits(text: string, start: number, end: number): Unit[] {
  const units: Unit[] = []
  let context: Span[] = []
  for (const line of linesOf(text, start, end)) {
    if (isWhite(text, line.start, line.end)) continue
    context = [...context.slice(-LINE_CONTEXT), line]
    units.push({
      ...line,
      tokens: countTokensBetween(text, line.start, line.end),
      glued: false,
      hash: hashBetween(text, (context[0] as Span).start, line.end),
      parts: () => sentenceUnits(text, line.start, line.end),
    })
  }
  return units
}

/** Paragraphs: lines between blank lines. */
export function paragraphUnits(text: string, start: number, end: number): Unit[] {
  const units: Unit[] = []
  let from = -1
  let last = start
  const flush = (): void => {
    const unit = from < 0 ? undefined : lineBlock(text, from, last, (a, b) => lineUnits(text, a, b))
    if (unit !== undefined) units.push(unit)
    from = -1
  }
  for (const line of linesOf(text, start, end)) {
    if (isWhite(text, line.start, line.end)) {
      flush()
      continue
    }
    if (from < 0) from = line.start
    last = line.end
  }
  flush()
  return units
}

/** Sentences, where they can be told. The pieces of a long line. */
export function sentenceUnits(text: string, start: number, end: number): Unit[] {
  const units: Unit[] = []
  let from = skipWhite(text, start, end, start)
  for (let at = from; at < end; at++) {
    const after = sentenceEnd(text, at, end)
    if (after === undefined) continue
    units.push(inlineUnit(text, from, after, start, (a, b) => wordUnits(text, a, b)))
    from = skipWhite(text, after, end, start)
    at = from - 1
  }
  if (from < end) units.push(inlineUnit(text, from, trimEnd(text, from, end), start, (a, b) => wordUnits(text, a, b)))
  return units
}

/** Words, and the pieces of very long words. */
function wordUnits(text: string, start: number, end: number): Unit[] {
  const units: Unit[] = []
  let at = start
  while (at < end) {
    const next = segmentEnd(text, at, end)
    const from = skipWhite(text, at, next, start)
    if (from < next) {
      const before = units.at(-WORD_CONTEXT)
      const unit = inlineUnit(text, from, next, start, (a, b) => codePointUnits(text, a, b))
      units.push({ ...unit, hash: hashBetween(text, before?.start ?? from, next) })
    }
    at = next
  }
  return units
}

/** Code points, counted as the bytes of their UTF-8 form: a token is at least a byte, wherever it begins. */
function codePointUnits(text: string, start: number, end: number): Unit[] {
  const units: Unit[] = []
  for (let at = start; at < end; ) {
    const next = at + 1 < end && isLowSurrogate(text.charCodeAt(at + 1)) ? at + 2 : at + 1
    const tokens = Buffer.byteLength(text.slice(at, next))
    units.push({ start: at, end: next, tokens, glued: false, hash: hashBetween(text, Math.max(start, at - 3), next), parts: () => [] })
    at = next
  }
  return units
}

/**
 * A unit inside lines. Its tokens are counted with and without the white space before it, because a tokeniser gives a
 * word other tokens at the start of a text than inside it.
 */
function inlineUnit(
  text: string,
  start: number,
  end: number,
  floor: number,
  parts: (start: number, end: number) => readonly Unit[],
): Unit {
  let before = start
  while (before > floor && isWhiteCode(text.charCodeAt(before - 1))) before--
  const alone = countTokensBetween(text, start, end)
  return {
    start,
    end,
    tokens: before === start ? alone : Math.max(alone, countTokensBetween(text, before, end)),
    glued: false,
    hash: hashBetween(text, start, end),
    parts: () => parts(start, end),
  }
}

/** Where the sentence ends whose last mark is at `at`, undefined when no sentence ends there. */
function sentenceEnd(text: string, at: number, end: number): number | undefined {
  const code = text.charCodeAt(at)
  if (isWideStop(code)) return at + 1
  if (code !== 46 && code !== 33 && code !== 63) return undefined
  let after = at + 1
  while (after < end && isClosing(text.charCodeAt(after))) after++
  return after < end && isWhiteCode(text.charCodeAt(after)) ? after : undefined
}

function isClosing(code: number): boolean {
  return code === 41 || code === 93 || code === 34 || code === 39 || code === 0x2019 || code === 0x201d || code === 0xbb
}

function isWhiteCode(code: number): boolean {
  return isBlank(code) || isLineBreak(code)
}

/** From `at` over white space; where a line begins on the way, its indentation is kept. */
function skipWhite(text: string, at: number, end: number, floor: number): number {
  let next = at
  let lineStart = at === floor ? at : -1
  while (next < end && isWhiteCode(text.charCodeAt(next))) {
    if (isLineBreak(text.charCodeAt(next))) lineStart = next + 1
    next++
  }
  return lineStart >= 0 && next < end ? lineStart : next
}

function trimEnd(text: string, start: number, end: number): number {
  let last = end
  while (last > start && isWhiteCode(text.charCodeAt(last - 1))) last--
  return last
}
