import type { AnyNode, Element } from 'domhandler'
import type { PhrasingContent } from 'mdast'

import { BlockFinder } from './block-elements.ts'
import { isCodeElement } from './code-block.ts'
import type { Block, Conversion } from './conversion.ts'
import { FlowBuilder } from './flow-builder.ts'
import { findFootnotes, type Footnotes } from './footnotes.ts'
import { addInline } from './inline.ts'
import { PhrasingBuilder } from './phrasing-builder.ts'

/** Lists and quotations inside each other. Each level lengthens every line below it. */
const MAX_NESTING = 12

export interface ConversionOptions {
  readonly baseUrl?: string | undefined
  readonly languageOf?: ((classNames: readonly string[]) => string | undefined) | undefined
  /** Code blocks beside those that are recognised. */
  readonly isCodeBlock?: ((element: Element) => boolean) | undefined
}

/** Conversion of one tree. It holds what is known of the whole: the footnotes, and where blocks are. */
export class HtmlConversion implements Conversion {
  readonly baseUrl: string | undefined
  readonly #options: ConversionOptions
  readonly #finder = new BlockFinder()
  readonly #footnotes: Footnotes
  #nesting = 0

  constructor(roots: readonly AnyNode[], options: ConversionOptions) {
    this.#options = options
    this.baseUrl = options.baseUrl
    this.#footnotes = findFootnotes(roots)
  }

  footnoteOf(reference: Element): string | undefined {
    return this.#footnotes.references.get(reference)
  }

  footnoteAt(element: Element): string | undefined {
    return this.#footnotes.definitions.get(element)
  }

  languageOf(classNames: readonly string[]): string | undefined {
    return this.#options.languageOf?.(classNames)
  }

  isCodeBlock(element: Element): boolean {
    return isCodeElement(element) || (this.#options.isCodeBlock?.(element) ?? false)
  }

  hasBlock(element: Element): boolean {
    return this.#finder.hasBlock(element)
  }

  blocks(nodes: readonly AnyNode[]): Block[] {
    const flow = new FlowBuilder(this)
    flow.addAll(nodes)
    return flow.finish()
  }

  phrasing(nodes: readonly AnyNode[], breaks = false): PhrasingContent[] {
    const line = new PhrasingBuilder()
    for (const node of nodes) addInline(node, line, this, breaks ? 'break' : 'space')
    return line.finish()
  }

  nested<T>(build: () => T): T | undefined {
    if (this.#nesting >= MAX_NESTING) return undefined
    this.#nesting++
    try {
      return build()
    } finally {
      this.#nesting--
    }
  }
}
