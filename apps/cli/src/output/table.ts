import { stripVTControlCharacters } from 'node:util'
import type { Paint } from './paint.ts'

/** One column. */
export interface Column {
  readonly name: string
  readonly align?: 'right'
  /** Text that may be wrapped when the table is too wide. */
  readonly wraps?: boolean
  /** Columns of the highest number are left out first when the table is too wide; 0 (the default) always stays. */
  readonly spare?: number
}

/** What a table is printed to. */
export interface TableSpace {
  /** Infinity where it is no terminal: there a row stays a line. */
  readonly columns: number
  readonly paint: Paint
}

const GAP = 2
const NARROWEST_WRAP = 16
/** Everything that takes one column; other text needs the width tables. */
const NARROW_TEXT = /^[\u0020-\u007e\u00a0-\u02ff…█░]*$/

/**
 * Rows under a head, without borders. What does not fit is left out (`spare`), then wrapped (`wraps`); below that
 * each row becomes lines of `name: value`. Ends with a line break; no rows give no text.
 */
export async function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], space: TableSpace): Promise<string> {
  if (rows.length === 0) return ''
  const widthOf = await widthFunction(rows.flat())
  const natural = columns.map((column, index) => Math.max(column.name.length, ...rows.map((row) => widthOf(row[index] ?? ''))))
  const shown = fitting(columns, natural, space.columns)
  const widths = wrapped(columns, natural, shown, space.columns)
  if (widths === undefined) return records(columns, rows, space)
  const whole = shown.every((index) => widths.get(index) === natural[index]) && !rows.flat().some((cell) => cell.includes('\n'))
  if (whole) return lines(columns, rows, shown, natural, widthOf, space)
  const { default: Table } = await import('cli-table3')
  const table = new Table({
    head: shown.map((index) => space.paint.strong(columns[index]?.name ?? '')),
    colWidths: shown.map((index) => (widths.get(index) ?? 0) + GAP),
    colAligns: shown.map((index) => columns[index]?.align ?? 'left'),
    wordWrap: true,
    wrapOnWordBoundary: true,
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [], compact: true },
  })
  for (const row of rows) table.push(shown.map((index) => row[index] ?? ''))
  return `${table.toString().split('\n').map((line) => line.trimEnd()).join('\n')}\n`
}

/** Most tables fit, and are only padded: making them with the library takes 10 ms. */
function lines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  shown: readonly number[],
  widths: readonly number[],
  widthOf: (text: string) => number,
  space: TableSpace,
): string {
  const head = columns.map(({ name }) => name)
  const padded = (row: readonly string[], style: (text: string) => string): string =>
    shown
      .map((index) => {
        const cell = row[index] ?? ''
        const padding = ' '.repeat((widths[index] ?? 0) - widthOf(cell))
        return columns[index]?.align === 'right' ? padding + style(cell) : style(cell) + padding
      })
      .join(' '.repeat(GAP))
      .trimEnd()
  return `${[padded(head, space.paint.strong), ...rows.map((row) => padded(row, (text) => text))].join('\n')}\n`
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'].map((name) => [name, '']),
)

function total(widths: readonly number[], shown: readonly number[]): number {
  return shown.reduce((sum, index) => sum + (widths[index] ?? 0), 0) + GAP * (shown.length - 1)
}

function fitting(columns: readonly Column[], widths: readonly number[], room: number): number[] {
  let shown = [...columns.keys()]
  const spares = [...new Set(columns.map((column) => column.spare ?? 0))].filter((spare) => spare > 0).toSorted((a, b) => b - a)
  for (const spare of spares) {
    if (total(widths, shown) <= room) break
    shown = shown.filter((index) => (columns[index]?.spare ?? 0) !== spare)
  }
  return shown
}

/** Width for each shown column, or undefined when wrapping is not enough. */
function wrapped(
  columns: readonly Column[],
  natural: readonly number[],
  shown: readonly number[],
  room: number,
): ReadonlyMap<number, number> | undefined {
  const widths = new Map(shown.map((index) => [index, natural[index] ?? 0]))
  let excess = total(natural, shown) - room
  const flexible = shown.filter((index) => columns[index]?.wraps === true).toSorted((a, b) => (natural[b] ?? 0) - (natural[a] ?? 0))
  for (const index of flexible) {
    if (excess <= 0) break
    const width = widths.get(index) ?? 0
    const taken = Math.min(excess, Math.max(0, width - NARROWEST_WRAP))
    widths.set(index, width - taken)
    excess -= taken
  }
  return excess <= 0 ? widths : undefined
}

function records(columns: readonly Column[], rows: readonly (readonly string[])[], space: TableSpace): string {
  const widest = Math.max(...columns.map((column) => column.name.length))
  const blocks = rows.map((row) =>
    columns.map((column, index) => `${space.paint.strong(column.name.padEnd(widest))}  ${row[index] ?? ''}`.trimEnd()).join('\n'),
  )
  return `${blocks.join('\n\n')}\n`
}

/** The width tables cost 70 ms, so they are loaded only for text that needs them. */
async function widthFunction(cells: readonly string[]): Promise<(text: string) => number> {
  if (cells.every((cell) => NARROW_TEXT.test(stripVTControlCharacters(cell)))) return (text) => stripVTControlCharacters(text).length
  const { default: stringWidth } = await import('string-width')
  return (text) => Math.max(...text.split('\n').map((line) => stringWidth(line)))
}
