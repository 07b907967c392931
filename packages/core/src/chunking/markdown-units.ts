import type { Token } from 'markdown-it'

import { loadNow } from './load-now.ts'
import type { MarkdownParser } from './markdown-parser.ts'
import type { Section } from './section.ts'
import { lineBlock, linesOf, lineUnits } from './text-units.ts'
import type { Span, Unit } from './unit.ts'

/** Blocks nested deeper than this are cut by lines, so that each line is counted a bounded number of times. */
const DEEPEST = 8
/** What nests in Markdown without being a piece of text of its own. */
const LISTS = new Set(['bullet_list_open', 'ordered_list_open'])
const CONTAINERS = new Set(['list_item_open', 'blockquote_open'])

let parser: MarkdownParser | undefined

/**
 * The sections of a Markdown text with their blocks: paragraphs, list items, block quotes, tables, fenced and indented
 * code, HTML. Only top-level headings open a section; one in a list or a block quote is text. Front matter is a block
 * of the text before the first heading. A heading without text of its own goes with its first sub-heading.
 */
export function markdownSections(text: string): Section[] {
  const lines = linesOf(text)
  const skipped = frontMatterLines(text, lines)
  const source: Source = { text, lines, tokens: parseBlocks(text, lines, skipped), skipped }
  const sections = new SectionList()
  let done = 0
  for (let at = 0; at < source.tokens.length; at++) {
    const token = source.tokens[at] as Token
    if (token.level !== 0 || token.map === null || token.nesting < 0) continue
    const start = Math.max(done, token.map[0] + skipped)
    const end = Math.max(start, token.map[1] + skipped)
    sections.add(unclaimed(source, done, start))
    done = end
    if (token.type === 'heading_open') {
      const heading = lineUnit(source, start, end)
      if (heading !== undefined) {
        sections.open(Number(token.tag.slice(1)), source.tokens[at + 1]?.content ?? '', { ...heading, glued: true })
      }
    } else sections.add(blockUnits(source, at, start, end, 1))
  }
  sections.add(unclaimed(source, done, lines.length))
  return sections.close()
}

interface Source {
  readonly text: string
  readonly lines: readonly Span[]
  readonly tokens: readonly Token[]
  /** Lines before the first that the parser saw. */
  readonly skipped: number
}

function parseBlocks(text: string, lines: readonly Span[], skipped: number): Token[] {
  const rest = skipped === 0 ? text : text.slice(lines[skipped]?.start ?? text.length)
  // Block rules want line feeds only; this keeps the number of lines.
  const source = rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest
  const tokens: Token[] = []
  parser ??= loadNow('markdown-parser').createMarkdownParser()
  parser.block.parse(source, parser, {}, tokens)
  return tokens
}

/** Number of lines of YAML (`---`) or TOML (`+++`) front matter, fences included; 0 when there is none. */
function frontMatterLines(text: string, lines: readonly Span[]): number {
  const first = lines[0]
  if (first === undefined) return 0
  const fence = text.slice(first.start, first.end).trimEnd()
  if (fence !== '---' && fence !== '+++') return 0
  for (let at = 1; at < lines.length; at++) {
    const { start, end } = lines[at] as Span
    if (end - start < 3 || !(text.startsWith(fence, start) || text.startsWith('...', start))) continue
    const line = text.slice(start, end).trimEnd()
    if (line === fence || (line === '...' && fence === '---')) return at + 1
  }
  return 0
}

/** The units of the block that opens at token `at` and covers the lines `start` to `end - 1`. */
function blockUnits(source: Source, at: number, start: number, end: number, depth: number): Unit[] {
  const token = source.tokens[at] as Token
  if (LISTS.has(token.type)) return childUnits(source, at, start, end, depth)
  const unit =
    CONTAINERS.has(token.type) && depth < DEEPEST
      ? lineUnit(source, start, end, () => childUnits(source, at, start, end, depth + 1))
      : lineUnit(source, start, end)
  return unit === undefined ? [] : [unit]
}

/** The blocks directly inside the one that opens at token `parent`, and lines that belong to none of them. */
function childUnits(source: Source, parent: number, start: number, end: number, depth: number): Unit[] {
  const level = (source.tokens[parent] as Token).level
  const units: Unit[] = []
  let done = start
  for (let at = parent + 1; at < source.tokens.length; at++) {
    const token = source.tokens[at] as Token
    if (token.level === level) break
    if (token.level !== level + 1 || token.map === null || token.nesting < 0) continue
    const from = Math.min(end, Math.max(done, token.map[0] + source.skipped))
    const to = Math.min(end, Math.max(from, token.map[1] + source.skipped))
    units.push(...unclaimed(source, done, from), ...blockUnits(source, at, from, to, depth))
    done = to
  }
  units.push(...unclaimed(source, done, end))
  return units
}

/** Lines that the parser gave to no block (front matter, what is nested too deep), so that none is lost. */
function unclaimed(source: Source, start: number, end: number): Unit[] {
  const unit = lineUnit(source, start, end)
  return unit === undefined ? [] : [unit]
}

/** The lines `start` to `end - 1` as one unit, whose parts are its lines unless others are given. */
function lineUnit(source: Source, start: number, end: number, parts?: () => readonly Unit[]): Unit | undefined {
  const first = source.lines[start]
  const last = source.lines[end - 1]
  if (start >= end || first === undefined || last === undefined) return undefined
  return lineBlock(source.text, first.start, last.end, parts ?? ((from, to) => lineUnits(source.text, from, to)))
}

interface OpenHeading {
  readonly level: number
  readonly title: string
}

/** Collects units under the headings that are open. */
class SectionList {
  readonly #sections: Section[] = []
  #open: OpenHeading[] = []
  #units: Unit[] = []
  #ownHeadings: OpenHeading[] = []
  #hasText = false

  add(units: readonly Unit[]): void {
    if (units.length === 0) return
    this.#units.push(...units)
    this.#hasText = true
  }

  open(level: number, content: string, line: Unit): void {
    const above = this.#open.at(-1)
    if (this.#hasText || (above !== undefined && level <= above.level)) this.#flush()
    const heading = { level, title: content.replace(/\s+/g, ' ').trim() }
    this.#open = [...this.#open.filter((open) => open.level < level), heading]
    this.#ownHeadings.push(heading)
    this.#units.push(line)
  }

  close(): Section[] {
    this.#flush()
    return this.#sections
  }

  #flush(): void {
    if (this.#units.length > 0) {
      const own = new Set(this.#ownHeadings)
      this.#sections.push({
        path: this.#open.map(({ title }) => title).filter((title) => title !== ''),
        ownHeadings: this.#open.filter((heading) => heading.title !== '' && own.has(heading)).length,
        units: this.#units,
      })
    }
    this.#units = []
    this.#ownHeadings = []
    this.#hasText = false
  }
}
