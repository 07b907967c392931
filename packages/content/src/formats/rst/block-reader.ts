import type { ListItem, PhrasingContent } from 'mdast'

import '../../markdown/math-nodes.ts'
import type { Block } from '../../html/conversion.ts'
import { codeBlock, itemOf } from './blocks.ts'
import { readDirective } from './directives.ts'
import { phrasing, plainInline } from './inline.ts'
import { behindIndented, dedent, fieldAt, indentOf, unindented } from './lines.ts'
import type { RstBlocks, RstState } from './reading.ts'
import { gridTable, simpleTable, tableOf } from './tables.ts'

/** What is nested deeper is read as paragraphs. */
const DEEPEST = 30
const PUNCTUATION = /^([!-/:-@[-`{-~])\1*$/
const BULLET = /^([*+\-•‣⁃])(?: +|$)/
const ENUMERATOR = /^\(?(?:(\d{1,9})|[A-Za-z]|[ivxlcdmIVXLCDM]{1,12}|#)[.)](?: +|$)/
const OPTION = /^(?:-\w|--[A-Za-z][\w-]{0,60}|\/[A-Z])(?:[ =]?(?:<[^<>]{1,60}>|[A-Za-z][\w-]{0,40}))?(?:, (?:-\w|--[A-Za-z][\w-]{0,60}|\/[A-Z])(?:[ =]?(?:<[^<>]{1,60}>|[A-Za-z][\w-]{0,40}))?){0,5}(?: {2,}|$)/
const GRID = /^\+[-=+]{2,}\+$/
const SIMPLE = /^=+(?: +=+)+$/
const DIRECTIVE = /^\.\. ([A-Za-z][\w.+-]{0,60}(?::[\w.+-]{1,60}){0,3}) ?::(?: (.*))?$/
const FOOTNOTE = /^\.\. \[((?:#?[\w.:+-]{0,80})|\*)\](?: (.*))?$/

/** Reads lines of reStructuredText as blocks. Every word that a reader of the built page sees is in one of them. */
export class RstReader implements RstBlocks {
  readonly state: RstState
  readonly #depth: number

  constructor(state: RstState, depth = 0) {
    this.state = state
    this.#depth = depth
  }

  nested(lines: readonly string[]): Block[] {
    const body = dedent(lines)
    if (body.length === 0) return []
    if (this.#depth >= DEEPEST) return [{ type: 'paragraph', children: this.inline(body.join(' ')) }]
    return new RstReader(this.state, this.#depth + 1).read(body)
  }

  inline(text: string): PhrasingContent[] {
    return phrasing(text, this.state.references)
  }

  plain(text: string): string {
    return plainInline(text, this.state.references)
  }

  read(lines: readonly string[]): Block[] {
    const blocks: Block[] = []
    for (let at = 0; at < lines.length; ) {
      if (lines[at] === '') at++
      else at = this.#take(lines, at, blocks)
    }
    return blocks
  }

  /** Takes the block that begins at a line; gives the line behind it. */
  #take(lines: readonly string[], at: number, blocks: Block[]): number {
    const line = lines[at] as string
    if (indentOf(line) > 0) {
      const end = behindIndented(lines, at, 1)
      const children = this.nested(lines.slice(at, end))
      if (children.length > 0) blocks.push({ type: 'blockquote', children })
      return end
    }
    if (line === '..' || line.startsWith('.. ')) return this.#explicit(lines, at, blocks)
    return (
      this.#section(lines, at, blocks) ??
      this.#table(lines, at, blocks) ??
      this.#list(lines, at, blocks) ??
      this.#fields(lines, at, blocks) ??
      this.#lineBlock(lines, at, blocks) ??
      this.#doctest(lines, at, blocks) ??
      this.#definitions(lines, at, blocks) ??
      this.#paragraph(lines, at, blocks)
    )
  }

  #section(lines: readonly string[], at: number, blocks: Block[]): number | undefined {
    const line = lines[at] as string
    const next = lines[at + 1] ?? ''
    const mark = PUNCTUATION.exec(line)?.[1]
    if (mark !== undefined && line.length > 1) {
      const isOverlined = next.trim() !== '' && lines[at + 2] === line && !PUNCTUATION.test(next)
      if (isOverlined) return this.#heading(`${mark}${mark}`, next.trim(), at + 3, blocks)
      // A transition.
      if (line.length >= 4 && next === '') return at + 1
      return undefined
    }
    const under = PUNCTUATION.exec(next)?.[1]
    if (under === undefined || (next.length < line.length && next.length < 4)) return undefined
    // `::` alone belongs to the paragraph above it.
    return next === '::' ? undefined : this.#heading(under, line, at + 2, blocks)
  }

  #heading(style: string, title: string, next: number, blocks: Block[]): number {
    const { styles } = this.state
    if (!styles.includes(style)) styles.push(style)
    const level = Math.min(6, styles.indexOf(style) + 1)
    this.state.level = level
    blocks.push({ type: 'heading', depth: level as 1, children: this.inline(title) } as unknown as Block)
    return next
  }

  #explicit(lines: readonly string[], at: number, blocks: Block[]): number {
    const line = lines[at] as string
    const end = Math.max(at + 1, behindIndented(lines, at + 1, 1))
    const body = lines.slice(at + 1, end)
    const directive = DIRECTIVE.exec(line)
    if (directive !== null) {
      blocks.push(...readDirective({ name: (directive[1] ?? '').toLowerCase(), first: directive[2] ?? '', body }, this))
      return end
    }
    const note = FOOTNOTE.exec(line)
    if (note !== null) {
      const [first, ...rest] = this.nested([note[2] ?? '', ...unindented(body)])
      const label: PhrasingContent = { type: 'text', value: `[${note[1] ?? ''}] ` }
      if (first?.type === 'paragraph') blocks.push({ type: 'paragraph', children: [label, ...first.children] }, ...rest)
      else if (first !== undefined) blocks.push({ type: 'paragraph', children: [label] }, first, ...rest)
      return end
    }
    // Targets, substitutions, and comments, which are all that is left. An empty comment ends at once.
    return line === '..' && lines[at + 1] === '' ? at + 1 : end
  }

  #table(lines: readonly string[], at: number, blocks: Block[]): number | undefined {
    const line = lines[at] as string
    if (!GRID.test(line) && !SIMPLE.test(line)) return undefined
    const end = GRID.test(line) ? behindGrid(lines, at) : behindSimple(lines, at)
    const source = lines.slice(at, end)
    const rows = end - at < 3 ? undefined : GRID.test(line) ? gridTable(source) : simpleTable(source)
    const table = rows === undefined ? undefined : tableOf(rows.map((row) => row.map((cell) => this.nested(cell))))
    if (table === undefined) return undefined
    blocks.push(table)
    return end
  }

  #list(lines: readonly string[], start: number, blocks: Block[]): number | undefined {
    const first = lines[start] as string
    const bullet = BULLET.exec(first)?.[1]
    const ordered = bullet === undefined && isEnumerated(lines, start)
    const option = bullet === undefined && !ordered && OPTION.test(first)
    if (bullet === undefined && !ordered && !option) return undefined
    const children: ListItem[] = []
    let at = start
    while (at < lines.length) {
      const line = lines[at] as string
      const mark = bullet !== undefined ? BULLET.exec(line) : ordered ? ENUMERATOR.exec(line) : OPTION.exec(line)
      if (mark === null || (bullet !== undefined && mark[1] !== bullet)) break
      const end = Math.max(at + 1, behindIndented(lines, at + 1, option ? 1 : Math.min(mark[0].length, 2)))
      const body = [line.slice(mark[0].length), ...unindented(lines.slice(at + 1, end))]
      children.push(itemOf(option ? mark[0].trim() : undefined, this.nested(body)))
      at = end
      while (lines[at] === '') at++
    }
    const number = ordered ? Number(ENUMERATOR.exec(first)?.[1] ?? 1) : null
    blocks.push({ type: 'list', ordered, ...(number !== null && { start: number }), spread: children.some((item) => item.spread === true), children })
    return at
  }

  #fields(lines: readonly string[], start: number, blocks: Block[]): number | undefined {
    if (fieldAt(lines[start] as string) === undefined) return undefined
    // Before any text, and behind the title of the document, fields are about the document.
    const isAbout = this.#depth === 0 && blocks.every((block) => (block as { type: string }).type === 'heading') && blocks.length < 2
    const children: ListItem[] = []
    let at = start
    while (at < lines.length) {
      const field = fieldAt(lines[at] as string)
      if (field === undefined) break
      const end = Math.max(at + 1, behindIndented(lines, at + 1, 1))
      const body = [field.rest, ...unindented(lines.slice(at + 1, end))]
      if (isAbout) this.state.fields.set(field.name.toLowerCase(), this.plain(body.join(' ')))
      else children.push(itemOf(this.plain(field.name), this.nested(body)))
      at = end
      while (lines[at] === '') at++
    }
    if (children.length > 0) blocks.push({ type: 'list', ordered: false, spread: children.some((item) => item.spread === true), children })
    return at
  }

  #lineBlock(lines: readonly string[], start: number, blocks: Block[]): number | undefined {
    if (!/^\|(?: |$)/.test(lines[start] as string)) return undefined
    const children: PhrasingContent[] = []
    let at = start
    for (; at < lines.length && (/^\|(?: |$)/.test(lines[at] as string) || (indentOf(lines[at] as string) > 0 && lines[at] !== '')); at++) {
      if (children.length > 0) children.push({ type: 'break' })
      children.push(...this.inline((lines[at] as string).replace(/^\|/, '').trim()))
    }
    blocks.push({ type: 'paragraph', children })
    return at
  }

  #doctest(lines: readonly string[], start: number, blocks: Block[]): number | undefined {
    if (!(lines[start] as string).startsWith('>>>')) return undefined
    let end = start
    while (end < lines.length && lines[end] !== '') end++
    blocks.push({ type: 'code', lang: 'python', value: lines.slice(start, end).join('\n') })
    return end
  }

  #definitions(lines: readonly string[], start: number, blocks: Block[]): number | undefined {
    const children: ListItem[] = []
    let at = start
    while (isTerm(lines, at)) {
      const end = behindIndented(lines, at + 1, 1)
      children.push(itemOf(this.plain(lines[at] as string), this.nested(lines.slice(at + 1, end))))
      at = end
      while (lines[at] === '') at++
    }
    if (children.length === 0) return undefined
    blocks.push({ type: 'list', ordered: false, spread: children.some((item) => item.spread === true), children })
    return at
  }

  #paragraph(lines: readonly string[], start: number, blocks: Block[]): number {
    let end = start + 1
    while (end < lines.length && lines[end] !== '' && indentOf(lines[end] as string) === 0) end++
    // Where lines are broken says nothing.
    const text = lines.slice(start, end).join(' ')
    const isBefore = text.endsWith('::')
    const shown = !isBefore ? text : text === '::' ? '' : /\s::$/.test(text) ? text.slice(0, -2).trimEnd() : text.slice(0, -1)
    if (shown !== '') blocks.push({ type: 'paragraph', children: this.inline(shown) })
    return isBefore ? this.#literal(lines, end, blocks) : end
  }

  /** The literal block behind `::`: what is indented, or lines that begin with the same mark. */
  #literal(lines: readonly string[], from: number, blocks: Block[]): number {
    let start = from
    while (lines[start] === '') start++
    const line = lines[start]
    if (line === undefined) return from
    let end = start
    if (indentOf(line) > 0) end = behindIndented(lines, start, 1)
    else if (/^[!-/:-@[-`{-~]/.test(line)) while (lines[end]?.[0] !== undefined && lines[end]?.[0] === line[0]) end++
    if (end === start) return from
    blocks.push(codeBlock(dedent(lines.slice(start, end)).join('\n'), this.state.codeLanguage))
    return end
  }
}

/** One item is a list where a blank line, its own text or another item follows; "A. Einstein was …" is none. */
function isEnumerated(lines: readonly string[], at: number): boolean {
  if (!ENUMERATOR.test(lines[at] as string)) return false
  const next = lines[at + 1] ?? ''
  return next === '' || indentOf(next) > 0 || ENUMERATOR.test(next)
}

/** A line with text indented directly below it. */
function isTerm(lines: readonly string[], at: number): boolean {
  const [line, next] = [lines[at], lines[at + 1]]
  if (line === undefined || line === '' || next === undefined || next === '') return false
  return indentOf(line) === 0 && indentOf(next) > 0 && !line.endsWith('::') && line !== '..' && !line.startsWith('.. ') && !BULLET.test(line) && fieldAt(line) === undefined
}

function behindGrid(lines: readonly string[], start: number): number {
  let end = start
  while (end < lines.length && /^[+|]/.test(lines[end] as string)) end++
  while (end > start && !(lines[end - 1] as string).startsWith('+')) end--
  return end
}

/** A simple table ends with the second or third border that has an empty line behind it. */
function behindSimple(lines: readonly string[], start: number): number {
  let borders = 0
  for (let at = start; at < lines.length; at++) {
    if (!SIMPLE.test(lines[at] as string)) continue
    borders++
    if (borders >= 2 && (lines[at + 1] ?? '') === '') return at + 1
  }
  return start
}
