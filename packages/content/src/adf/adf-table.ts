import type { BlockContent } from 'mdast'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { type SourceCell, type SourceRow, tableBlocks } from '../markdown/table.ts'
import { nestedBlocks } from './adf-blocks.ts'
import type { AdfConversion, AdfHandler, AdfScope } from './adf-conversion.ts'
import { type AdfNode, readNode } from './adf-node.ts'

export const table: AdfHandler = (node, scope, conversion) => {
  const rows: SourceRow[] = []
  const stray: BlockContent[] = []
  for (const value of node.content) {
    const row = readNode(value)
    if (row.type === 'tableRow') rows.push(rowOf(row, scope, conversion))
    else stray.push(...flowToBlocks(conversion.convert([value], { ...scope, inLine: false })))
  }
  if (scope.nest >= MAX_NEST) return [...stray, ...rows.flat().flatMap(cell => [...cell.blocks])]
  return [...stray, ...tableBlocks(node.attributes['isNumberColumnEnabled'] === true ? numbered(rows) : rows)]
}

function rowOf(row: AdfNode, scope: AdfScope, conversion: AdfConversion): SourceRow {
  return row.content.map((value): SourceCell => {
    const cell = readNode(value)
    const isCell = cell.type === 'tableCell' || cell.type === 'tableHeader'
    return {
      header: cell.type === 'tableHeader',
      colspan: span(cell.attributes['colspan']),
      rowspan: span(cell.attributes['rowspan']),
      blocks: nestedBlocks(isCell ? cell : { ...cell, content: [value] }, scope, conversion),
    }
  })
}

function span(value: unknown): number {
  return typeof value === 'number' && value > 1 ? value : 1
}

/** The numbers that the editor shows before the rows, and not before those of header cells. */
function numbered(rows: readonly SourceRow[]): SourceRow[] {
  let number = 0
  return rows.map(row => {
    const isHeader = row.length > 0 && row.every(cell => cell.header)
    if (!isHeader) number += 1
    const value = isHeader ? '#' : String(number)
    const blocks: BlockContent[] = [{ type: 'paragraph', children: [{ type: 'text', value }] }]
    return [{ header: isHeader, colspan: 1, rowspan: 1, blocks }, ...row]
  })
}
