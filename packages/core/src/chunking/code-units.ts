import { isWhite, lineBlock, linesOf, lineUnits } from './text-units.ts'
import type { Span, Unit } from './unit.ts'

/** Blocks nested deeper than this are cut by lines, so that each line is counted a bounded number of times. */
const DEEPEST = 8
/** A line that begins with one of these goes on with the block above it, whatever its indentation. */
const CONTINUES =
  /^(?:[\])}]|[{]|end\b|else\b|elif\b|elsif\b|elseif\b|except\b|finally\b|catch\b|rescue\b|ensure\b|then\b|fi\b|done\b|esac\b|#endif\b|#else\b|#elif\b|<\/)/

interface CodeLine extends Span {
  /** Number of white space characters before the first other one. */
  readonly indent: number
  readonly afterBlank: boolean
}

/**
 * The top-level blocks of source code or of structured data: what begins at the first column after a blank line, or
 * after the end of an indented block. No grammar is used, so any language that is written with indentation will do.
 * A block that does not fit is cut at the next depth of indentation.
 */
export function codeUnits(text: string, start = 0, end = text.length): Unit[] {
  return unitsAt(text, codeLines(text, start, end), 0, 1)
}

function unitsAt(text: string, lines: readonly CodeLine[], indent: number, depth: number): Unit[] {
  const units: Unit[] = []
  let from = 0
  for (let at = 1; at <= lines.length; at++) {
    if (at < lines.length && !startsBlock(text, lines, at, indent)) continue
    const block = lines.slice(from, at)
    const first = block[0]
    const last = block.at(-1)
    from = at
    if (first === undefined || last === undefined) continue
    const unit = lineBlock(text, first.start, last.end, (a, b) => innerUnits(text, block, indent, depth, a, b))
    if (unit !== undefined) units.push(unit)
  }
  return units
}

function startsBlock(text: string, lines: readonly CodeLine[], at: number, indent: number): boolean {
  const line = lines[at] as CodeLine
  const before = lines[at - 1] as CodeLine
  if (line.indent > indent || continues(text, line)) return false
  return line.afterBlank || before.indent > indent || (before.indent === line.indent && closes(text, before))
}

function innerUnits(text: string, block: readonly CodeLine[], indent: number, depth: number, start: number, end: number): Unit[] {
  let next = Number.POSITIVE_INFINITY
  for (const line of block) if (line.indent > indent && line.indent < next) next = line.indent
  return depth >= DEEPEST || next === Number.POSITIVE_INFINITY
    ? lineUnits(text, start, end)
    : unitsAt(text, block, next, depth + 1)
}

function continues(text: string, line: CodeLine): boolean {
  return CONTINUES.test(text.slice(line.start + line.indent, Math.min(line.end, line.start + line.indent + 8)))
}

/** True for a line that is only the end of a block: `}`, `});`, `end`. */
function closes(text: string, line: CodeLine): boolean {
  const from = line.start + line.indent
  return line.end - from < 12 && /^(?:[\])}]|end\b|fi\b|done\b|esac\b)/.test(text.slice(from, line.end))
}

function codeLines(text: string, start: number, end: number): CodeLine[] {
  const lines: CodeLine[] = []
  let afterBlank = true
  for (const line of linesOf(text, start, end)) {
    if (isWhite(text, line.start, line.end)) {
      afterBlank = true
      continue
    }
    let at = line.start
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++
    lines.push({ ...line, indent: at - line.start, afterBlank })
    afterBlank = false
  }
  return lines
}
