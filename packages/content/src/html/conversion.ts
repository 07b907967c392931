import type { AnyNode, Element } from 'domhandler'
import type { BlockContent, DefinitionContent, PhrasingContent } from 'mdast'

export type Block = BlockContent | DefinitionContent

/** What the conversion of one element may ask of the conversion of the whole. */
export interface Conversion {
  /** Absolute URL, or `undefined` where links stay as they are. */
  readonly baseUrl: string | undefined
  /** Label of the footnote that an element refers to, by its `href`. */
  footnoteOf(reference: Element): string | undefined
  /** Label of the footnote that an element is. */
  footnoteAt(element: Element): string | undefined
  /** Language of a code block by the caller's own rule. */
  languageOf(classNames: readonly string[]): string | undefined
  isCodeBlock(element: Element): boolean
  hasBlock(element: Element): boolean
  /** Nodes as blocks. */
  blocks(nodes: readonly AnyNode[]): Block[]
  /** Nodes as the content of one line or cell; blocks in it are separated by a space, or a line break if `breaks`. */
  phrasing(nodes: readonly AnyNode[], breaks?: boolean): PhrasingContent[]
  /** The blocks that `build` makes one list or quotation deeper; `undefined` when that would be too deep. */
  nested<T>(build: () => T): T | undefined
}
