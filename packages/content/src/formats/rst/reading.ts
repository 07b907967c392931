import type { PhrasingContent } from 'mdast'

import type { Block } from '../../html/conversion.ts'
import type { References } from './references.ts'

/** What one text has collected so far: its styles of headings are the levels of its sections. */
export interface RstState {
  readonly references: References
  /** Language of code without one, as `.. highlight::` and `default-role` set it. */
  codeLanguage: string
  /** Styles of headings in the order of their appearance. */
  readonly styles: string[]
  /** Level of the section that the reader is in. */
  level: number
  /** Fields at the start of the document. */
  readonly fields: Map<string, string>
}

/** What reads the parts of a block. */
export interface RstBlocks {
  readonly state: RstState
  /** The blocks of lines one deeper: of a list item, a directive, a cell. */
  nested(lines: readonly string[]): Block[]
  /** Text with its markup. */
  inline(text: string): PhrasingContent[]
  /** Text without markup. */
  plain(text: string): string
}
