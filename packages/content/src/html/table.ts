import type { Element } from 'domhandler'
import type { PhrasingContent, TableCell, TableRow } from 'mdast'

import type { Block, Conversion } from './conversion.ts'
import { attribute, childElements, descendants, findElement, isElement, textContent } from './element.ts'
import { isInvisible } from './invisible.ts'
import { tableGrid, type GridCell } from './table-grid.ts'

/** Cells longer than this are not repeated in the rows that they reach into. */
const LONGEST_REPEATED = 120

/**
 * A table of data with its caption above it. Cells that reach over rows are repeated in each, so that a row can be
 * read alone; several head rows become one (`Group / Column`). `undefined` for tables that only lay out a page: their
 * cells are read one after the other.
 */
export function table(element: Element, conversion: Conversion): Block[] | undefined {
  const rows = rowsOf(element)
  if (rows.length === 0 || isLayout(element, rows)) return undefined
  const grid = tableGrid(rows)
  if (grid === undefined) return undefined
  const contents = new Map<Element, PhrasingContent[]>()
  const heads = headRows(rows)
  const written = grid.rows.map((row, at) => row.map((cell) => cellContent(cell, at < heads, contents, conversion)))
  const head = joinHeads(written.slice(0, heads), grid.columns)
  const body = written.slice(heads).filter((row) => row.some((cell) => cell.length > 0))
  if (body.length === 0 && head.every((cell) => cell.length === 0)) return []
  return [...captionOf(element, conversion), { type: 'table', children: [head, ...body].map(tableRow) }]
}

function tableRow(cells: readonly PhrasingContent[][]): TableRow {
  return { type: 'tableRow', children: cells.map((children): TableCell => ({ type: 'tableCell', children })) }
}

/** Rows of this table, not of those inside it. */
function rowsOf(element: Element): Element[] {
  const rows: Element[] = []
  for (const child of childElements(element)) {
    if (isInvisible(child)) continue
    if (child.name === 'tr') rows.push(child)
    else if (child.name === 'tbody' || child.name === 'thead' || child.name === 'tfoot') {
      for (const row of childElements(child)) if (row.name === 'tr' && !isInvisible(row)) rows.push(row)
    }
  }
  return rows
}

const STRUCTURE = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'table', 'blockquote', 'hr', 'section', 'article', 'form'])

function isLayout(element: Element, rows: readonly Element[]): boolean {
  const role = attribute(element, 'role')
  if (role === 'presentation' || role === 'none') return true
  const cells = rows.reduce((sum, row) => sum + childElements(row).length, 0)
  if (cells <= 1) return true
  let structure = false
  for (const inner of descendants(element, ({ name }) => name !== 'table')) {
    if (inner.name === 'th' || inner.name === 'caption' || inner.name === 'thead') return false
    if (STRUCTURE.has(inner.name)) structure = true
  }
  return structure
}

function headRows(rows: readonly Element[]): number {
  let heads = 0
  for (const row of rows) {
    const inHead = isElement(row.parent) && row.parent.name === 'thead'
    const cells = childElements(row)
    const allHeads = heads === 0 && cells.length > 0 && cells.every((cell) => cell.name === 'th')
    if (!inHead && !allHeads) break
    heads++
    if (!inHead) break
  }
  return Math.min(heads, 6)
}

function joinHeads(rows: readonly PhrasingContent[][][], columns: number): PhrasingContent[][] {
  return Array.from({ length: columns }, (_, column) => {
    const seen = new Set<string>()
    const joined: PhrasingContent[] = []
    for (const row of rows) {
      const cell = row[column] ?? []
      const key = JSON.stringify(cell)
      if (cell.length === 0 || seen.has(key)) continue
      seen.add(key)
      if (joined.length > 0) joined.push({ type: 'text', value: ' / ' })
      for (const node of cell) joined.push(node)
    }
    return joined
  })
}

function cellContent(
  cell: GridCell | undefined,
  inHead: boolean,
  contents: Map<Element, PhrasingContent[]>,
  conversion: Conversion,
): PhrasingContent[] {
  if (cell === undefined) return []
  const known = contents.get(cell.element)
  if (known === undefined) {
    const content = conversion.phrasing(cell.element.children, true)
    contents.set(cell.element, content)
    return content
  }
  const repeats = cell.repeats === 'row' || (inHead && cell.repeats === 'column')
  return repeats && textContent(cell.element).length <= LONGEST_REPEATED ? known : []
}

function captionOf(element: Element, conversion: Conversion): Block[] {
  const caption = findElement({ children: element.children.slice(0, 8) }, ({ name }) => name === 'caption')
  if (caption === undefined || caption.parent !== element) return []
  const children = conversion.phrasing(caption.children)
  return children.length === 0 ? [] : [{ type: 'paragraph', children: [{ type: 'emphasis', children }] }]
}
