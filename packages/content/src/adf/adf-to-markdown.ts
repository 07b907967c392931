import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { textLeaf } from '../markdown/leaf.ts'
import { toMarkdown } from '../markdown/to-markdown.ts'
import type { AdfConversion } from './adf-conversion.ts'
import { plainText, readNode } from './adf-node.ts'
import { handlerOf } from './adf-nodes.ts'
import type { AdfOptions } from './adf-options.ts'

// Documents made by people stay below 40. Of what is deeper, the text is kept.
const MAX_DEPTH = 100

/**
 * Converts an Atlassian document (the parsed JSON of a rich-text field) to Markdown. A string is taken for plain text,
 * `null` and `undefined` for an empty document. Unknown nodes give their text and what is in them. Equal input gives
 * equal output. Never throws for any JSON value; work and output grow with the size of the document.
 */
export function adfToMarkdown(adf: unknown, options: AdfOptions = {}): string {
  const conversion: AdfConversion = {
    options,
    convert: (values, scope) => values.flatMap(value => {
      if (scope.depth >= MAX_DEPTH) return [textLeaf(`${plainText([value])} `, scope.marks)]
      const node = readNode(value)
      return handlerOf(node.type)(node, { ...scope, depth: scope.depth + 1 }, conversion)
    }),
  }
  const flow = conversion.convert([adf], { marks: {}, nest: 0, depth: 0, inLine: false, inGroup: false })
  return toMarkdown({ type: 'root', children: flowToBlocks(flow) })
}
