import type { AlignType, BlockContent, ListItem, PhrasingContent, TableCell, TableRow } from 'mdast'
import { cellLine, plainStrong } from './cell.ts'
import { type GridRow, layOutGrid, type Slot } from './grid.ts'

/** A cell of a table as a source gives it. */
export interface SourceCell {
  readonly header: boolean
  readonly colspan: number
  readonly rowspan: number
  readonly blocks: readonly BlockContent[]
  readonly align?: AlignType
}

/** A row of a table as a source gives it. */
export type SourceRow = readonly SourceCell[]

/**
 * A table with merged cells, header rows and header columns as Markdown: a GFM table where every cell fits on a line,
 * else a list with an item for each row, its cells named after their columns. A table of one cell is its content.
 * What a merged cell says is repeated in each row that it reaches, so that a row can be understood alone.
 */
export function tableBlocks(source: readonly SourceRow[]): BlockContent[] {
  const rows = source.filter(row => row.length > 0)
  const only = rows.length === 1 && rows[0]?.length === 1 ? rows[0][0] : undefined
  if (only !== undefined) return [...only.blocks]
  const lines = new Map<SourceCell, PhrasingContent[] | undefined>()
  for (const cell of rows.flat()) lines.set(cell, cellLine(cell.blocks))
  const grid = layOutGrid(rows)
  if (grid === undefined) return rowList(rows.map(row => row.map(cell => ({ cell, origin: true, fromAbove: false }))), [])
  const headerRows = countHeaderRows(grid, lines)
  const header = columnNames(grid.slice(0, headerRows), lines)
  const body = grid.slice(headerRows)
  if ([...lines.values()].includes(undefined)) return rowList(body, header)
  return gfmTable(header, body, lines, grid)
}

/** Leading rows of header cells only, that fit on a line. The last row is never one of them, unless it is the only one. */
function countHeaderRows(grid: readonly GridRow<SourceCell>[], lines: Lines): number {
  const heads = (row: GridRow<SourceCell>): boolean => row.every(slot => slot === undefined || (slot.cell.header && lines.get(slot.cell) !== undefined))
  const end = grid.findIndex((row, index) => index >= 3 || !heads(row))
  return end < 0 ? Math.min(grid.length, 1) : end
}

/** One name for each column; the names of stacked header rows are joined. */
function columnNames(rows: readonly GridRow<SourceCell>[], lines: Lines): PhrasingContent[][] {
  const names: PhrasingContent[][] = []
  const width = rows[0]?.length ?? 0
  for (let column = 0; column < width; column += 1) {
    const cells = new Set(rows.map(row => row[column]).filter(slot => slot && mayRepeat(slot, lines)).map(slot => slot?.cell))
    const parts = [...cells].map(cell => plainStrong(lineOfCell(cell, lines))).filter(part => part.length > 0)
    names.push(parts.flatMap((part, index): PhrasingContent[] => index === 0 ? part : [{ type: 'text', value: ' / ' }, ...part]))
  }
  return names
}

type Lines = ReadonlyMap<SourceCell, PhrasingContent[] | undefined>

// Longer texts are written once: repeating them for each row would make the output grow with the square of the input.
const MAX_REPEATED = 100

function mayRepeat(slot: Slot<SourceCell>, lines: Lines): boolean {
  return slot.origin || textLength(lineOfCell(slot.cell, lines)) <= MAX_REPEATED
}

function lineOfCell(cell: SourceCell | undefined, lines: Lines): PhrasingContent[] {
  return (cell && lines.get(cell)) ?? []
}

function textLength(nodes: readonly PhrasingContent[]): number {
  return nodes.reduce((sum, node) => {
    if ('children' in node) return sum + textLength(node.children)
    return sum + ('value' in node ? node.value.length : MAX_REPEATED)
  }, 0)
}

function gfmTable(
  header: readonly PhrasingContent[][],
  body: readonly GridRow<SourceCell>[],
  lines: Lines,
  grid: readonly GridRow<SourceCell>[],
): BlockContent[] {
  const rows: TableRow[] = []
  for (const row of body) {
    const cells = row.map(slot => bodyCell(slot, lines))
    if (cells.some(cell => cell.children.length > 0)) rows.push({ type: 'tableRow', children: cells })
  }
  const width = grid[0]?.length ?? 0
  const first = Array.from({ length: width }, (_, column): TableCell => ({ type: 'tableCell', children: header[column] ?? [] }))
  if (rows.length === 0 && first.every(cell => cell.children.length === 0)) return []
  const align = Array.from({ length: width }, (_, column) => columnAlign(grid, column))
  return [{ type: 'table', align, children: [{ type: 'tableRow', children: first }, ...rows] }]
}

function bodyCell(slot: Slot<SourceCell> | undefined, lines: Lines): TableCell {
  if (slot === undefined || !(slot.origin || (slot.fromAbove && mayRepeat(slot, lines)))) return { type: 'tableCell', children: [] }
  const line = lineOfCell(slot.cell, lines)
  return { type: 'tableCell', children: slot.cell.header ? emboldened(line) : line }
}

/** A cell that heads its row. */
function emboldened(line: readonly PhrasingContent[]): PhrasingContent[] {
  if (line.every(node => node.type === 'image')) return [...line]
  return [{ type: 'strong', children: plainStrong(line) }]
}

function columnAlign(grid: readonly GridRow<SourceCell>[], column: number): AlignType {
  const aligns = new Set(grid.map(row => row[column]?.cell.align ?? null))
  return aligns.size === 1 ? [...aligns][0] ?? null : null
}

function rowList(rows: readonly GridRow<SourceCell>[], header: readonly PhrasingContent[][]): BlockContent[] {
  const items: ListItem[] = []
  for (const row of rows) {
    const children = row.flatMap((slot, column) => slot === undefined ? [] : namedCell(slot, header[column] ?? []))
    if (children.length > 0) items.push({ type: 'listItem', spread: true, children })
  }
  if (items.length > 0) return [{ type: 'list', ordered: false, spread: true, children: items }]
  return header.some(name => name.length > 0) ? header.filter(name => name.length > 0).map(children => ({ type: 'paragraph', children })) : []
}

function namedCell(slot: Slot<SourceCell>, name: readonly PhrasingContent[]): BlockContent[] {
  const [first, ...rest] = slot.cell.blocks
  const repeats = slot.fromAbove && slot.cell.blocks.length === 1 && first?.type === 'paragraph' && textLength(first.children) <= MAX_REPEATED
  if (first === undefined || !(slot.origin || repeats)) return []
  if (name.length === 0) {
    if (!slot.cell.header || first.type !== 'paragraph') return [first, ...rest]
    return [{ type: 'paragraph', children: emboldened(first.children) }, ...rest]
  }
  const label: PhrasingContent = { type: 'strong', children: [...name, { type: 'text', value: ':' }] }
  if (first.type !== 'paragraph') return [{ type: 'paragraph', children: [label] }, first, ...rest]
  return [{ type: 'paragraph', children: [label, { type: 'text', value: ' ' }, ...first.children] }, ...rest]
}
