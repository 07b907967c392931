import type { AlignType } from 'mdast'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import type { Flow } from '../markdown/leaf.ts'
import { type SourceCell, type SourceRow, tableBlocks } from '../markdown/table.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { type Conversion, type Handler, nested, type Scope } from './conversion.ts'
import { blocksIn } from './convert-text.ts'
import type { XmlElement, XmlNode } from './read-xml.ts'
import { attribute, isElement } from './xml-query.ts'

export const table: Handler = (element, scope, conversion) => {
  const parts: TableParts = { rows: [], stray: [] }
  collect(element, nested(scope), conversion, parts)
  const before = flowToBlocks(conversion.convert(parts.stray, scope))
  if (scope.nest >= MAX_NEST) return [...before, ...parts.rows.flat().flatMap((cell): Flow[] => [...cell.blocks])]
  return [...before, ...tableBlocks(parts.rows)]
}

interface TableParts {
  readonly rows: SourceRow[]
  /** The caption, and what stands between the cells of a broken table. */
  readonly stray: XmlNode[]
}

const GROUPS = new Set(['thead', 'tbody', 'tfoot'])

function collect(element: XmlElement, scope: Scope, conversion: Conversion, parts: TableParts): void {
  for (const child of element.children) {
    if (isElement(child) && GROUPS.has(child.name)) collect(child, scope, conversion, parts)
    else if (isElement(child) && child.name === 'tr') parts.rows.push(rowOf(child, element.name === 'thead', scope, conversion, parts))
    else parts.stray.push(child)
  }
}

function rowOf(row: XmlElement, inHead: boolean, scope: Scope, conversion: Conversion, parts: TableParts): SourceRow {
  const cells: SourceCell[] = []
  for (const child of row.children) {
    if (!isElement(child) || (child.name !== 'td' && child.name !== 'th')) {
      parts.stray.push(child)
      continue
    }
    const align = alignOf(child)
    cells.push({
      header: inHead || child.name === 'th',
      colspan: span(child, 'colspan'),
      rowspan: span(child, 'rowspan'),
      blocks: blocksIn(child, scope, conversion),
      ...(align !== undefined && { align }),
    })
  }
  return cells
}

function span(cell: XmlElement, name: string): number {
  const value = Number.parseInt(attribute(cell, name) ?? '1', 10)
  return value > 0 ? value : 1
}

function alignOf(cell: XmlElement): AlignType | undefined {
  const value = /text-align:\s*(left|center|right)/.exec(attribute(cell, 'style') ?? '')?.[1]
  return value === 'left' || value === 'center' || value === 'right' ? value : undefined
}
