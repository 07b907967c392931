import type { BlockContent, Image } from 'mdast'
import type { InlineMath } from './math-nodes.ts'

/** Where a link leads. */
export interface LinkTarget {
  readonly url: string
  readonly title?: string
}

/**
 * What is true of a piece of text, as a flat set. Trees of marks are built from these at the end, so that
 * neither the order nor the depth in which a source nests its marks matters.
 */
export interface Marks {
  readonly strong?: true
  readonly emphasis?: true
  readonly delete?: true
  readonly code?: true
  /** Superscript: `10` and a raised `6` must not read as `106`. */
  readonly raised?: true
  readonly link?: LinkTarget
}

/** A piece of a line: text, a line break, or a node that is written as it is. */
export type Leaf =
  | { readonly leaf: 'text', readonly value: string, readonly marks: Marks }
  | { readonly leaf: 'break', readonly marks: Marks }
  | { readonly leaf: 'node', readonly node: Image | InlineMath, readonly marks: Marks }

/** What converting a piece of a source gives: pieces of lines and blocks, in reading order. */
export type Flow = Leaf | BlockContent

export function isLeaf(item: Flow): item is Leaf {
  return 'leaf' in item
}

export function textLeaf(value: string, marks: Marks = {}): Leaf {
  return { leaf: 'text', value, marks }
}
