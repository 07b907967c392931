/** Where a cell begins and how far it reaches. */
export interface Spanning {
  readonly colspan: number
  readonly rowspan: number
}

/** One place of the laid out table. `origin` is where the cell begins, `left` and `top` where it is only continued. */
export interface Slot<T> {
  readonly cell: T
  readonly origin: boolean
  /** The cell began in an earlier row, and this is its first column. */
  readonly fromAbove: boolean
}

/** One row; a missing slot is a place that no cell covers. */
export type GridRow<T> = readonly (Slot<T> | undefined)[]

// A year of days fits. Numbers beyond are mistakes or attacks, and would blow up every row.
const MAX_SPAN = 400

/**
 * Lays out cells that span columns and rows. `undefined` when the places outnumber the cells by so much that the
 * table would grow beyond all proportion to its source.
 */
export function layOutGrid<T extends Spanning>(rows: readonly (readonly T[])[]): GridRow<T>[] | undefined {
  const cells = rows.reduce((sum, row) => sum + row.length, 0)
  const limit = 2_000 + cells * 8
  const grid: GridRow<T>[] = []
  let open: { cell: T, column: number, width: number, rowsLeft: number }[] = []
  let width = 0
  let area = 0
  for (const row of rows) {
    const line: (Slot<T> | undefined)[] = []
    for (const span of open) fill(line, span.column, span.width, span.cell, false)
    open = open.map(span => ({ ...span, rowsLeft: span.rowsLeft - 1 }))
    let column = 0
    for (const cell of row) {
      while (line[column] !== undefined) column += 1
      const wanted = Math.min(Math.max(1, Math.trunc(cell.colspan)), MAX_SPAN)
      let reach = 1
      while (reach < wanted && line[column + reach] === undefined) reach += 1
      fill(line, column, reach, cell, true)
      if (cell.rowspan > 1) open.push({ cell, column, width: reach, rowsLeft: Math.min(cell.rowspan, rows.length) - 1 })
      column += reach
    }
    open = open.filter(span => span.rowsLeft > 0)
    width = Math.max(width, line.length)
    area += line.length
    if (area > limit) return undefined
    grid.push(line)
  }
  return width * grid.length > limit ? undefined : grid.map(line => Array.from({ length: width }, (_, i) => line[i]))
}

function fill<T>(line: (Slot<T> | undefined)[], column: number, width: number, cell: T, begins: boolean): void {
  for (let offset = 0; offset < width; offset += 1) {
    const first = offset === 0
    line[column + offset] = { cell, origin: begins && first, fromAbove: !begins && first }
  }
}
