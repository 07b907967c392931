import type { TableRow } from 'mdast'

import type { Block } from '../../html/conversion.ts'

/** What is wider is read as text. */
const MOST_COLUMNS = 100

/** Builds a table of the blocks of its cells; the first row is its header. Undefined without rows. */
export function tableOf(rows: readonly (readonly (readonly Block[])[])[]): Block | undefined {
  if (rows.length === 0) return undefined
  const children = rows.map((row): TableRow => ({ type: 'tableRow', children: row.map((cell) => ({ type: 'tableCell', children: cellContent(cell) })) }))
  return { type: 'table', children }
}

/** A cell of a Markdown table is one line: blocks in it follow each other. */
function cellContent(blocks: readonly Block[]): TableRow['children'][number]['children'] {
  return blocks.flatMap((block, at) => [...(at === 0 ? [] : [{ type: 'text' as const, value: ' ' }]), ...inlineOf(block)])
}

function inlineOf(block: Block): TableRow['children'][number]['children'] {
  if (block.type === 'paragraph' || block.type === 'heading') return block.children
  if (block.type === 'code') return [{ type: 'inlineCode', value: block.value.replace(/\s+/g, ' ') }]
  if (block.type === 'math') return [{ type: 'inlineMath', value: block.value }]
  if (!('children' in block)) return []
  return (block.children as readonly Block[]).flatMap((child, at) => [...(at === 0 ? [] : [{ type: 'text' as const, value: ' ' }]), ...inlineOf(child)])
}

/** Rows of a simple table: columns are where its borders of `=` are. Undefined where it is none. */
export function simpleTable(lines: readonly string[]): string[][][] | undefined {
  const columns = [...(lines[0] ?? '').matchAll(/=+/g)].map(({ 0: run, index }) => ({ start: index, end: index + run.length }))
  if (columns.length > MOST_COLUMNS) return undefined
  const rows: string[][][] = []
  for (const line of lines.slice(1)) {
    if (/^=[= ]*$/.test(line) || /^-[- ]*$/.test(line) || line === '') continue
    const cells = columns.map(({ start }, at) => line.slice(start, columns[at + 1]?.start ?? Number.POSITIVE_INFINITY).trimEnd())
    // A row without a first cell goes on with the one before.
    const before = rows.at(-1)
    if (before !== undefined && cells[0]?.trim() === '' && columns.length > 1) for (const [at, cell] of cells.entries()) before[at]?.push(cell)
    else rows.push(cells.map((cell) => [cell]))
  }
  return rows
}

interface Cell {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/** Rows of a grid table, spans included: a cell stands in the row and column where it begins. Undefined where it is none. */
export function gridTable(source: readonly string[]): string[][][] | undefined {
  const width = source.reduce((most, line) => Math.max(most, line.length), 0)
  const grid = source.map((line) => line.padEnd(width))
  if (grid.length * width > 2_000_000) return undefined
  const cells: Cell[] = []
  const waiting = [{ top: 0, left: 0 }]
  const seen = new Set<number>()
  for (let at = 0, next = waiting[at]; next !== undefined; next = waiting[++at]) {
    const key = next.top * width + next.left
    if (seen.has(key) || next.top >= grid.length - 1 || next.left >= width - 1) continue
    seen.add(key)
    const cell = cellFrom(grid, next.top, next.left)
    if (cell === undefined) continue
    cells.push(cell)
    waiting.push({ top: cell.top, left: cell.right }, { top: cell.bottom, left: cell.left })
    if (cells.length > 20_000) return undefined
  }
  const tops = [...new Set(cells.map(({ top }) => top))].sort((one, other) => one - other)
  const lefts = [...new Set(cells.map(({ left }) => left))].sort((one, other) => one - other)
  if (cells.length === 0 || lefts.length > MOST_COLUMNS) return undefined
  const rows = tops.map(() => lefts.map((): string[] => []))
  const rowAt = new Map(tops.map((top, at) => [top, at]))
  const columnAt = new Map(lefts.map((left, at) => [left, at]))
  for (const { top, left, bottom, right } of cells) {
    const row = rows[rowAt.get(top) ?? 0]
    if (row !== undefined) row[columnAt.get(left) ?? 0] = grid.slice(top + 1, bottom).map((line) => line.slice(left + 1, right).trimEnd())
  }
  return rows
}

/** The smallest cell whose upper left corner is at a place: right along its top, down, left along its bottom, up. */
function cellFrom(grid: readonly string[], top: number, left: number): Cell | undefined {
  const line = grid[top] as string
  if (line[left] !== '+') return undefined
  for (let right = left + 1; right < line.length; right++) {
    if (line[right] !== '+') {
      if (line[right] !== '-' && line[right] !== '=') return undefined
      continue
    }
    for (let bottom = top + 1; bottom < grid.length; bottom++) {
      const below = grid[bottom] as string
      if (below[right] === '+') {
        if (isBottom(grid, top, left, bottom, right)) return { top, left, bottom, right }
      } else if (below[right] !== '|') break
    }
  }
  return undefined
}

function isBottom(grid: readonly string[], top: number, left: number, bottom: number, right: number): boolean {
  const line = grid[bottom] as string
  if (line[left] !== '+') return false
  for (let at = left; at <= right; at++) if (!'+-='.includes(line.charAt(at))) return false
  for (let at = top; at <= bottom; at++) if (!'+|'.includes((grid[at] as string).charAt(left))) return false
  return true
}
