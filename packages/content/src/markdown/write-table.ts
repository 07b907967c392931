import type { AlignType, Table, TableRow } from 'mdast'

import { writePhrasing } from './write-phrasing.ts'

/**
 * A table of GFM. Its first row is the head. Cells are not padded to equal width: one cell that grows would change
 * every row. Rows end with their last cell, so that one long row does not lengthen all others.
 */
export function writeTable(table: Table): string {
  const rows = table.children.map(cells)
  const columns = Math.max(1, ...rows.slice(0, 1).map((row) => row.length), table.align?.length ?? 0, longest(rows))
  const head = [...(rows[0] ?? [])]
  while (head.length < columns) head.push('')
  const rule = Array.from({ length: columns }, (_, at) => ruleOf(table.align?.[at]))
  return [head, rule, ...rows.slice(1)].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function longest(rows: readonly (readonly string[])[]): number {
  let columns = 0
  for (const row of rows) columns = Math.max(columns, row.length)
  return columns
}

function cells(row: TableRow): string[] {
  return row.children.map((cell) => writePhrasing(cell.children, { inTableCell: true }).trim())
}

function ruleOf(align: AlignType | undefined): string {
  switch (align) {
    case 'left':
      return ':--'
    case 'right':
      return '--:'
    case 'center':
      return ':-:'
    default:
      return '---'
  }
}
