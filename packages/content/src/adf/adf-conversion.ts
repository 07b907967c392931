import type { Flow, Marks } from '../markdown/leaf.ts'
import type { AdfNode } from './adf-node.ts'
import type { AdfOptions } from './adf-options.ts'

/** Where in the document a node is converted. */
export interface AdfScope {
  readonly marks: Marks
  /** How many lists, quotations and tables are around it. */
  readonly nest: number
  readonly depth: number
  /** In a paragraph, a heading or the like: unknown nodes are parts of the line here, else blocks. */
  readonly inLine: boolean
  readonly inGroup: boolean
}

export interface AdfConversion {
  readonly options: AdfOptions
  readonly convert: (values: readonly unknown[], scope: AdfScope) => Flow[]
}

/** Converts one kind of node. */
export type AdfHandler = (node: AdfNode, scope: AdfScope, conversion: AdfConversion) => Flow[]
