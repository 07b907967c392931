import type { Element } from 'domhandler'

import { attribute, childElements } from './element.ts'
import { isInvisible } from './invisible.ts'

export interface GridCell {
  readonly element: Element
  /** Whether this place repeats a cell that began in a row above, or to the left. */
  readonly repeats: 'row' | 'column' | undefined
}

export interface TableGrid {
  readonly columns: number
  /** Each of the same length; `undefined` where no cell is. */
  readonly rows: readonly (readonly (GridCell | undefined)[])[]
}

const MAX_COLUMNS = 200
const MAX_ROWSPAN = 1000
/** Places of the grid for each cell of the source, and some free: spans must not make much of little. */
const PLACES_PER_CELL = 30
const FREE_PLACES = 2000

/** Where each cell is once row and column spans are laid out; `undefined` if that makes too much of a few cells. */
export function tableGrid(rows: readonly Element[]): TableGrid | undefined {
  let cells = 0
  let places = 0
  let columns = 0
  const reaching = new Map<number, { readonly element: Element; rows: number; readonly repeats: GridCell['repeats'] }>()
  const grid: (GridCell | undefined)[][] = []
  for (const row of rows) {
    const line: (GridCell | undefined)[] = []
    const place = (): void => {
      for (let reach = reaching.get(line.length); reach !== undefined; reach = reaching.get(line.length)) {
        if (--reach.rows === 0) reaching.delete(line.length)
        line.push({ element: reach.element, repeats: reach.repeats })
      }
    }
    for (const element of childElements(row)) {
      if (isInvisible(element)) continue
      place()
      cells++
      const across = span(element, 'colspan', MAX_COLUMNS)
      const down = span(element, 'rowspan', MAX_ROWSPAN)
      for (let at = 0; at < across; at++) {
        if (down > 1) reaching.set(line.length, { element, rows: down - 1, repeats: at === 0 ? 'row' : 'column' })
        line.push({ element, repeats: at === 0 ? undefined : 'column' })
      }
      if (line.length > MAX_COLUMNS * 2) return undefined
    }
    place()
    columns = Math.max(columns, line.length)
    places += line.length
    if (places > FREE_PLACES + cells * PLACES_PER_CELL) return undefined
    grid.push(line)
  }
  return columns * grid.length > FREE_PLACES + cells * PLACES_PER_CELL ? undefined : { columns, rows: grid }
}

function span(element: Element, name: 'colspan' | 'rowspan', most: number): number {
  const value = Number.parseInt(attribute(element, name) ?? '1', 10)
  return Number.isInteger(value) && value > 1 ? Math.min(value, most) : 1
}
