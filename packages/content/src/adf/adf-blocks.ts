import type { BlockContent, Heading } from 'mdast'
import { callout, strongParagraph } from '../markdown/callout.ts'
import { codeBlock } from '../markdown/code-block.ts'
import { flowToBlocks, lineOf } from '../markdown/flow-to-blocks.ts'
import { type Flow, isLeaf } from '../markdown/leaf.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { PANEL_LABELS } from '../markdown/panel-labels.ts'
import { withIcon } from '../markdown/panel-icon.ts'
import { phrasing, visibleText } from '../markdown/phrasing.ts'
import type { AdfConversion, AdfHandler, AdfScope } from './adf-conversion.ts'
import { type AdfNode, plainText, stringAttribute } from './adf-node.ts'

/** What is in a node, as blocks. */
export function blocksOf(node: AdfNode, scope: AdfScope, conversion: AdfConversion): BlockContent[] {
  return flowToBlocks(conversion.convert(node.content, { ...scope, inLine: false }))
}

/** What is in a node, one list or quotation deeper. */
export function nestedBlocks(node: AdfNode, scope: AdfScope, conversion: AdfConversion): BlockContent[] {
  return blocksOf(node, { ...scope, nest: scope.nest + 1, marks: {} }, conversion)
}

export const container: AdfHandler = (node, scope, conversion) => blocksOf(node, scope, conversion)

export const paragraph: AdfHandler = (node, scope, conversion) => {
  return flowToBlocks(conversion.convert(node.content, { ...scope, inLine: true }))
}

/** A heading; blocks in it, which the schema does not allow, come after it. */
export const heading: AdfHandler = (node, scope, conversion) => {
  const level = Number(node.attributes['level'])
  const depth = (level >= 1 && level <= 6 ? Math.trunc(level) : 1) as Heading['depth']
  const flow = conversion.convert(node.content, { ...scope, inLine: true })
  const children = phrasing(lineOf(flow))
  const blocks = flow.filter((item: Flow) => !isLeaf(item))
  return children.length === 0 ? blocks : [{ type: 'heading', depth, children }, ...blocks]
}

export const blockquote: AdfHandler = (node, scope, conversion) => {
  const children = nestedBlocks(node, scope, conversion)
  return scope.nest >= MAX_NEST || children.length === 0 ? children : [{ type: 'blockquote', children }]
}

export const panel: AdfHandler = (node, scope, conversion) => {
  const type = stringAttribute(node, 'panelType')
  const icon = type === 'custom' ? visibleText(stringAttribute(node, 'panelIconText') || stringAttribute(node, 'panelIcon')).trim() : ''
  const { body } = withIcon(icon, '', nestedBlocks(node, scope, conversion))
  const quote = callout(PANEL_LABELS.get(type) ?? '', '', body)
  return scope.nest >= MAX_NEST || quote === undefined ? [...body] : [quote]
}

export const code: AdfHandler = node => {
  const block = codeBlock(plainText(node.content), stringAttribute(node, 'language'))
  return block === undefined ? [] : [block]
}

export const rule: AdfHandler = () => [{ type: 'thematicBreak' }]

/** What can be folded away is shown, below its title. */
export const expand: AdfHandler = (node, scope, conversion) => {
  const title = stringAttribute(node, 'title')
  return [...(title === '' ? [] : [strongParagraph(title)]), ...blocksOf(node, scope, conversion)]
}
