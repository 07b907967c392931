import { callout, strongParagraph } from '../markdown/callout.ts'
import { codeBlock } from '../markdown/code-block.ts'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { type Flow, textLeaf } from '../markdown/leaf.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { PANEL_LABELS } from '../markdown/panel-labels.ts'
import { blocksOf, nestedBlocks } from './adf-blocks.ts'
import type { AdfHandler } from './adf-conversion.ts'
import { withMarks } from './adf-marks.ts'
import { type AdfNode, isRecord, stringAttribute } from './adf-node.ts'

/** What other software adds to a document: its fallback text and telling parameters, its code and what is in it. */
export const extension: AdfHandler = (node, scope, conversion) => {
  const words = wordsOf(node)
  const plain = macroParameter(node, '__bodyContent')
  const code = codeBlock(plain, macroParameter(node, 'language'))
  if (node.content.length === 0 && code === undefined) {
    const marks = withMarks(scope.marks, node.marks, conversion.options)
    const leaves = words.flatMap((word, index): Flow[] => [...(index > 0 ? [textLeaf(' ', marks)] : []), textLeaf(word, marks)])
    return scope.inLine ? leaves : flowToBlocks(leaves)
  }
  const label = PANEL_LABELS.get(stringAttribute(node, 'extensionKey'))
  if (label !== undefined && scope.nest < MAX_NEST) {
    const quote = callout(label, words.join(' '), nestedBlocks(node, scope, conversion))
    if (quote !== undefined) return [quote]
  }
  return [...words.map(word => strongParagraph(word)), ...(code === undefined ? [] : [code]), ...blocksOf(node, scope, conversion)]
}

const TELLING = ['title', 'label', 'text', 'caption', 'heading', 'subtitle', 'question', 'description', 'alt', 'key', 'jqlQuery', 'url']

function wordsOf(node: AdfNode): string[] {
  const words = [stringAttribute(node, 'text'), ...TELLING.map(name => macroParameter(node, name))]
  return [...new Set(words)].filter(word => word !== '')
}

/** A parameter of a Confluence macro, `parameters.macroParams.<name>.value`, or of an app of Forge, `parameters.guestParams.<name>`. */
function macroParameter(node: AdfNode, name: string): string {
  const { parameters } = node.attributes
  const all = isRecord(parameters) ? parameters['macroParams'] : undefined
  const found = isRecord(all) ? all[name] : undefined
  if (isRecord(found)) return stringAttribute({ attributes: found }, 'value')
  const guests = isRecord(parameters) ? parameters['guestParams'] : undefined
  return isRecord(guests) ? stringAttribute({ attributes: guests }, name) : ''
}
