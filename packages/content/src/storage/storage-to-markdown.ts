import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { textLeaf } from '../markdown/leaf.ts'
import { toMarkdown } from '../markdown/to-markdown.ts'
import type { Conversion, Scope } from './conversion.ts'
import { handlerOf } from './elements.ts'
import { readStorage, type StorageSource } from './storage-body.ts'
import type { StorageOptions } from './storage-options.ts'

/** A converted page. */
export interface StorageMarkdown {
  readonly markdown: string
}

const MAX_INCLUDES = 100

/**
 * Converts Confluence storage format to Markdown: the text that a reader of the page sees, in its order (and hidden
 * excerpts, which readers of other pages see). Equal input and equal look-ups give equal output. Never throws,
 * whatever the input; the work and the output grow with the length of the page and of what it includes.
 */
export function storageToMarkdown(storage: StorageSource, options: StorageOptions): StorageMarkdown {
  const conversion: Conversion = {
    options,
    includesLeft: MAX_INCLUDES,
    convert: (nodes, scope) => nodes.flatMap(node => {
      return node.type === 'text' ? [textLeaf(node.value, scope.marks)] : handlerOf(node)(node, scope, conversion)
    }),
  }
  const scope: Scope = { marks: {}, nest: 0, inLine: false, including: options.pageId === undefined ? [] : [options.pageId] }
  const children = flowToBlocks(conversion.convert(readStorage(storage).root.children, scope))
  return { markdown: toMarkdown({ type: 'root', children }) }
}
