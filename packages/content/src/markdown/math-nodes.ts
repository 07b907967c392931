import type { Literal } from 'mdast'

/** The source text of a formula inside a line, without its delimiters. Written as `$…$`. */
export interface InlineMath extends Literal {
  type: 'inlineMath'
}

/** The source text of a formula that stands alone, without its delimiters. Written between `$$` lines. */
export interface Math extends Literal {
  type: 'math'
}

declare module 'mdast' {
  interface PhrasingContentMap {
    inlineMath: InlineMath
  }
  interface BlockContentMap {
    math: Math
  }
  interface RootContentMap {
    inlineMath: InlineMath
    math: Math
  }
}
