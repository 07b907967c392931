import type { Flow, Marks } from '../markdown/leaf.ts'
import type { PageReference } from './references.ts'
import type { StorageOptions } from './storage-options.ts'
import type { XmlElement, XmlNode } from './read-xml.ts'

/** Where in the page a node is converted. */
export interface Scope {
  readonly marks: Marks
  /** How many lists, quotations and tables are around it. */
  readonly nest: number
  /** In a paragraph or heading: what can be part of the line is. */
  readonly inLine: boolean
  /** The page that is included here, when it isn't the page itself. */
  readonly from?: { readonly page: PageReference, readonly pageUrl?: string }
  /** Ids of the pages that are being included, outermost first. */
  readonly including: readonly string[]
}

/** What every handler gets: the options, and the way back to converting what is below. */
export interface Conversion {
  readonly options: StorageOptions
  /** How many more pages may be included, so that pages that include each other many times stay finite. */
  includesLeft: number
  readonly convert: (nodes: readonly XmlNode[], scope: Scope) => Flow[]
}

/** Converts one kind of element. */
export type Handler = (element: XmlElement, scope: Scope, conversion: Conversion) => Flow[]


export function marked(scope: Scope, marks: Marks): Scope {
  return { ...scope, marks: { ...scope.marks, ...marks } }
}

/** The inside of a list, quotation or table. */
export function nested(scope: Scope): Scope {
  return { ...scope, nest: scope.nest + 1, inLine: false }
}
