import { characterKind, leftFlanking, rightFlanking } from './characters.ts'
import { HTML_TAGS } from './html-tags.ts'

/** Where a text stands, as far as it decides what in it would be taken for markup. */
export interface TextPlace {
  /** The character before it, `''` at the start of a block and after a line break. */
  readonly before: string
  /** The character after it, `''` at the end of a block or line. */
  readonly after: string
  /** Whether a line starts with it. */
  readonly startsLine: boolean
  /** Those of `*`, `_` and `~` that could pair with one outside, even if they are alone in the text. */
  readonly delimitersPair: string
  /** Whether a back-tick that is alone in it could pair with one outside. */
  readonly backticksPair: boolean
  readonly inLink: boolean
  readonly inTableCell: boolean
}

const SPECIAL = /[\\`*_~[\]<&|]|!$|^[\t ]*(?:[#>+=:-]|\d{1,9}[.)])/m
/** A URL in prose is not touched by emphasis; a backslash in it would be read as part of it. */
const URL_IN_TEXT = /\b(?:https?|ftp|file):\/\/[^\s<>|]+/g
const DELIMITERS = /\*+|_+|~+/g

/** `text` with a backslash before what would be taken for markup there, and nowhere else. */
export function escapeText(text: string, place: TextPlace): string {
  if (!SPECIAL.test(text)) return text
  const escapes = new Set<number>()
  const urls = urlSpans(text)
  delimiterEscapes(text, place, urls, escapes)
  backtickEscapes(text, place, escapes)
  characterEscapes(text, place, urls, escapes)
  lineStartEscapes(text, place, escapes)
  return withBackslashes(text, escapes)
}

type Span = readonly [start: number, end: number]

function urlSpans(text: string): readonly Span[] {
  if (!text.includes('://')) return []
  return [...text.matchAll(URL_IN_TEXT)].map((match) => [match.index, match.index + match[0].length] as const)
}

/** Asks about positions that only rise, so that all questions together are linear. */
function insideSpans(spans: readonly Span[]): (position: number) => boolean {
  let at = 0
  return (position) => {
    while ((spans[at]?.[1] ?? Infinity) <= position) at++
    return (spans[at]?.[0] ?? Infinity) <= position
  }
}

interface Run {
  readonly at: number
  readonly length: number
  readonly opens: boolean
  readonly closes: boolean
}

/** `*`, `_` and `~` are markup only where one that can open is followed by one that can close. */
function delimiterEscapes(text: string, place: TextPlace, urls: readonly Span[], escapes: Set<number>): void {
  const inUrl = insideSpans(urls)
  const runs = new Map<string, Run[]>()
  for (const match of text.matchAll(DELIMITERS)) {
    if (inUrl(match.index)) continue
    const run = delimiterRun(text, place, match.index, match[0])
    if (!run.opens && !run.closes) continue
    const mark = match[0].charAt(0)
    const known = runs.get(mark)
    if (known === undefined) runs.set(mark, [run])
    else known.push(run)
  }
  for (const [mark, same] of runs) {
    for (const run of place.delimitersPair.includes(mark) ? same : pairedRuns(same)) {
      for (let at = 0; at < run.length; at++) escapes.add(run.at + at)
    }
  }
}

/** Each run that can close takes the nearest one before it that can open. */
function pairedRuns(runs: readonly Run[]): Run[] {
  const open: Run[] = []
  const paired: Run[] = []
  for (const run of runs) {
    const opener = run.closes ? open.pop() : undefined
    if (opener !== undefined) paired.push(opener, run)
    else if (run.opens) open.push(run)
  }
  return paired
}

function delimiterRun(text: string, place: TextPlace, at: number, run: string): Run {
  const before = at === 0 ? place.before : text.charAt(at - 1)
  const after = at + run.length === text.length ? place.after : text.charAt(at + run.length)
  const left = leftFlanking(before, after)
  const right = rightFlanking(before, after)
  const mark = run.charAt(0)
  // Beside another delimiter, readers differ.
  if (/[*_~]/.test(before + after)) return { at, length: run.length, opens: true, closes: true }
  if (mark === '_') {
    return {
      at,
      length: run.length,
      opens: left && (!right || characterKind(before) === 'punctuation'),
      closes: right && (!left || characterKind(after) === 'punctuation'),
    }
  }
  const counts = mark === '*' || run.length <= 2 || place.delimitersPair.includes(mark)
  return { at, length: run.length, opens: left && counts, closes: right && counts }
}

/** Back-ticks are markup where another run of the same length follows. In code no escape counts, so it is all or none. */
function backtickEscapes(text: string, place: TextPlace, escapes: Set<number>): void {
  if (!text.includes('`')) return
  const runs = [...text.matchAll(/`+/g)]
  const lengths = new Set(runs.map(([run]) => run.length))
  if (!place.backticksPair && lengths.size === runs.length) return
  for (const { 0: run, index } of runs) for (let at = 0; at < run.length; at++) escapes.add(index + at)
}

const ENTITY = /&(?:#\d{1,7}|#[xX][\dA-Fa-f]{1,6}|[A-Za-z][A-Za-z\d]{1,31});/y
const TAG = /<(?:(?:\/?([A-Za-z][A-Za-z\d-]*)(?=[\s/>]))|!--|[?!]|[A-Za-z][A-Za-z\d+.-]{1,31}:[^\s<>]*>)/y
const PUNCTUATION = /[!-/:-@[-`{-~]/

function characterEscapes(text: string, place: TextPlace, urls: readonly Span[], escapes: Set<number>): void {
  const inUrl = insideSpans(urls)
  for (let at = 0; at < text.length; at++) {
    const next = at + 1 < text.length ? text.charAt(at + 1) : place.after
    switch (text.charCodeAt(at)) {
      case 92: // backslash
        if (!inUrl(at) && PUNCTUATION.test(next)) escapes.add(at)
        break
      case 91: // [
        if (place.inLink || next === '^') escapes.add(at)
        break
      case 93: // ]
        if (place.inLink || next === '(') escapes.add(at)
        break
      case 33: // !
        if (at + 1 === text.length && next === '[') escapes.add(at)
        break
      case 124: // |
        if (place.inTableCell) escapes.add(at)
        break
      case 38: // &
        if (!inUrl(at) && matchesAt(ENTITY, text, at) !== null) escapes.add(at)
        break
      case 60: // <
        if (isTag(matchesAt(TAG, text, at))) escapes.add(at)
        break
      default:
    }
  }
}

function matchesAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** `<T>` and `<name>` in prose are text to everyone; the name of an HTML element is not. */
function isTag(match: RegExpExecArray | null): boolean {
  if (match === null) return false
  return match[1] === undefined || HTML_TAGS.has(match[1].toLowerCase())
}

const LINE_START =
  /^([\t ]*)(?:(#{1,6})(?=[\t ]|$)|(>)|([-+*])(?=[\t ]|$)|(\d{1,9})([.)])(?=[\t ]|$)|([-=_*])(?:[\t ]*\7)*[\t ]*$|(`{3,}|~{3,})|\[[^\]]*\](?=:)|([:|-])[|:\t -]*$)/

/** What is markup only at the start of a line: headings, quotes, lists, rules, fences, definitions, table rules. */
function lineStartEscapes(text: string, place: TextPlace, escapes: Set<number>): void {
  let start = 0
  while (start <= text.length) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    if ((start > 0 || place.startsLine) && !(end === text.length && end === start)) {
      const closed = newline >= 0 || place.after === ''
      lineStartEscape(text.slice(start, Math.min(end, start + 400)), start, closed, escapes)
      // What comes behind may close it, and make a definition of it.
      if (!closed && /^ {0,3}\[[^\]]*$/.test(text.slice(start, end))) escapes.add(text.indexOf('[', start))
    }
    if (newline < 0) return
    start = newline + 1
  }
}

function lineStartEscape(line: string, start: number, closed: boolean, escapes: Set<number>): void {
  const match = LINE_START.exec(closed ? line : `${line}x`)
  if (match === null) return
  const first = start + (match[1] ?? '').length
  const fence = match[8]?.length ?? 1
  for (let at = 0; at < fence; at++) escapes.add(first + (match[5]?.length ?? 0) + at)
}

function withBackslashes(text: string, escapes: ReadonlySet<number>): string {
  if (escapes.size === 0) return text
  const parts: string[] = []
  let done = 0
  for (const at of [...escapes].sort((a, b) => a - b)) {
    if (at >= text.length) break
    parts.push(text.slice(done, at), '\\')
    done = at
  }
  parts.push(text.slice(done))
  return parts.join('')
}
