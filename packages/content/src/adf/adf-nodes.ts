import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { textLeaf } from '../markdown/leaf.ts'
import { blockquote, code, container, expand, heading, panel, paragraph, rule } from './adf-blocks.ts'
import type { AdfHandler } from './adf-conversion.ts'
import { extension } from './adf-extension.ts'
import { card, date, emoji, hardBreak, mention, status, text } from './adf-inline.ts'
import { bulletList, decisions, orderedList } from './adf-lists.ts'
import { withMarks } from './adf-marks.ts'
import { media, mediaGroup, mediaSingle } from './adf-media.ts'
import { stringAttribute } from './adf-node.ts'
import { table } from './adf-table.ts'

/** What is done with a node of this type. */
export function handlerOf(type: string): AdfHandler {
  return HANDLERS.get(type) ?? unknown
}

/** A node that nobody knows: its own words, and what is in it. */
const unknown: AdfHandler = (node, scope, conversion) => {
  const marks = withMarks(scope.marks, node.marks, conversion.options)
  const words = [node.text, stringAttribute(node, 'text'), stringAttribute(node, 'title')].filter(word => word !== '')
  const own = [...new Set(words)].map(word => textLeaf(`${word} `, marks))
  const original = node.attributes['originalValue']
  const below = original === undefined ? node.content : [original, ...node.content]
  const flow = [...own, ...conversion.convert(below, { ...scope, marks })]
  return scope.inLine ? flow : flowToBlocks(flow)
}

/** Instructions for whoever fills in a template. */
const placeholder: AdfHandler = () => []

const block = (handler: AdfHandler): AdfHandler => (node, scope, conversion) => {
  const flow = handler(node, scope, conversion)
  return scope.inLine ? flow : flowToBlocks(flow)
}

const HANDLERS: ReadonlyMap<string, AdfHandler> = new Map<string, AdfHandler>([
  ['doc', container],
  ['paragraph', paragraph],
  ['heading', heading],
  ['blockquote', blockquote],
  ['panel', panel],
  ['codeBlock', code],
  ['rule', rule],
  ['bulletList', bulletList],
  ['orderedList', orderedList],
  ['listItem', container],
  ['taskList', bulletList],
  ['taskItem', container],
  ['blockTaskItem', container],
  ['decisionList', decisions],
  ['decisionItem', container],
  ['table', table],
  ['tableRow', container],
  ['tableHeader', container],
  ['tableCell', container],
  ['expand', expand],
  ['nestedExpand', expand],
  ['layoutSection', container],
  ['layoutColumn', container],
  ['mediaSingle', mediaSingle],
  ['mediaGroup', mediaGroup],
  ['media', block(media)],
  ['mediaInline', media],
  ['caption', paragraph],
  ['text', text],
  ['hardBreak', hardBreak],
  ['mention', mention],
  ['emoji', emoji],
  ['date', date],
  ['status', status],
  ['inlineCard', card],
  ['blockCard', block(card)],
  ['embedCard', block(card)],
  ['placeholder', placeholder],
  ['extension', extension],
  ['inlineExtension', extension],
  ['bodiedExtension', extension],
  ['multiBodiedExtension', extension],
  ['extensionFrame', container],
  ['syncBlock', container],
  ['bodiedSyncBlock', container],
])
