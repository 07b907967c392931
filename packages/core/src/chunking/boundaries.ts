import { countTokensBetween, isBlank } from './token-counter.ts'
import type { Span, Unit } from './unit.ts'

/**
 * A boundary is expected after a tenth of a chunk. Fewer boundaries would give fuller chunks, but then the limit
 * forces more of them, and forced ones are the ones that an edit beside them can move.
 */
const TARGET = 1 / 10
/** The same inside a unit that does not fit: pieces of one paragraph are worth more together. */
const INNER_TARGET = 1 / 4
/** Text that fits this part of a chunk is one chunk. */
const WHOLE = 1 / 2

/**
 * Joins consecutive units into chunks of at most `limit` tokens, cutting where the text itself says so.
 * `docs/adr/0002-chunk-boundaries.md` explains the rule and what it promises.
 */
export function joinUnits(text: string, units: readonly Unit[], limit: number): Span[] {
  const sizes = measure(text, units)
  if (units.length > 0 && sizes.between(0, units.length) <= limit * WHOLE) return [spanOf(units, 0, units.length)]
  const spans: Span[] = []
  joinByStrength(text, units, sizes, limit, limit * TARGET, spans)
  return spans
}

/** Cuts after every boundary of at least the strength `least`; a unit that does not fit is cut into its parts. */
function joinByStrength(
  text: string,
  units: readonly Unit[],
  sizes: Sizes,
  limit: number,
  least: number,
  spans: Span[],
): void {
  const strengths = units.map(boundaryStrength)
  let from = 0
  for (let at = 0; at <= units.length; at++) {
    const unit = units[at]
    const tooLong = unit !== undefined && unit.tokens > limit
    if (at > from && (unit === undefined || tooLong || (strengths[at - 1] as number) >= least)) {
      cutToLimit(units, strengths, sizes, limit, from, at, spans)
      from = at
    }
    if (!tooLong) continue
    const parts = unit.parts()
    joinByStrength(text, parts, measure(text, parts), limit, limit * INNER_TARGET, spans)
    from = at + 1
  }
}

/**
 * How strong the boundary after a unit is: the rate, per token, at which boundaries come that strong. A unit of twice
 * the tokens has a boundary of a given strength twice as often, so chunks come out alike whatever the paragraphs are.
 */
function boundaryStrength(unit: Unit): number {
  if (unit.glued) return 0
  // -log(u)/tokens is the time of the first event of a Poisson process; the earlier, the stronger.
  return unit.tokens / -Math.log((unit.hash + 0.5) / 2 ** 32)
}

interface Sizes {
  /** Tokens of the units `from` to `to - 1` with what lies between them. */
  between(from: number, to: number): number
}

function measure(text: string, units: readonly Unit[]): Sizes {
  const starts = new Float64Array(units.length)
  const ends = new Float64Array(units.length)
  let total = 0
  for (let at = 0; at < units.length; at++) {
    const unit = units[at] as Unit
    const before = units[at - 1]
    if (before !== undefined && !isBlank(text.charCodeAt(before.end))) {
      total += countTokensBetween(text, before.end, unit.start)
    }
    starts[at] = total
    total += unit.tokens
    ends[at] = total
  }
  return { between: (from, to) => (ends[to - 1] as number) - (starts[from] as number) }
}

/** Cuts the units `from` to `to - 1` at their strongest boundary, and the two sides again, until each side fits. */
function cutToLimit(
  units: readonly Unit[],
  strengths: readonly number[],
  sizes: Sizes,
  limit: number,
  from: number,
  to: number,
  spans: Span[],
): void {
  const pending: [number, number][] = [[from, to]]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [start, end] = next
    if (end - start === 1 || sizes.between(start, end) <= limit) {
      spans.push(spanOf(units, start, end))
      continue
    }
    const cut = strongestBoundary(strengths, start, end)
    pending.push([cut, end], [start, cut])
  }
}

/** Of boundaries of equal strength (repeated text) the one nearest to the middle, so that the depth stays small. */
function strongestBoundary(strengths: readonly number[], start: number, end: number): number {
  const middle = (start + end) / 2
  let best = start + 1
  let strength = -1
  for (let at = start + 1; at < end; at++) {
    const candidate = strengths[at - 1] as number
    if (candidate < strength) continue
    if (candidate === strength && Math.abs(at - middle) >= Math.abs(best - middle)) continue
    best = at
    strength = candidate
  }
  return best
}

function spanOf(units: readonly Unit[], from: number, to: number): Span {
  return { start: (units[from] as Unit).start, end: (units[to - 1] as Unit).end }
}
