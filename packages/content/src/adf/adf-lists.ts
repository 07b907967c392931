import type { BlockContent, ListItem } from 'mdast'
import { decisionList } from '../markdown/decision-list.ts'
import { addToLastItem, list, listItem, listStart } from '../markdown/list.ts'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { nestedBlocks } from './adf-blocks.ts'
import type { AdfConversion, AdfHandler, AdfScope } from './adf-conversion.ts'
import { type AdfNode, readNode } from './adf-node.ts'

export const bulletList: AdfHandler = (node, scope, conversion) => listOf(itemsOf(node, scope, conversion), scope)

export const orderedList: AdfHandler = (node, scope, conversion) => {
  return listOf(itemsOf(node, scope, conversion), scope, listStart(node.attributes['order']))
}

export const decisions: AdfHandler = (node, scope, conversion) => {
  const blocks = node.content.map(value => {
    const item = readNode(value)
    return item.type === 'decisionItem' ? nestedBlocks(item, scope, conversion) : strayBlocks([value], scope, conversion)
  })
  return scope.nest >= MAX_NEST ? blocks.flat() : decisionList(blocks)
}

function listOf(items: ListItem[], scope: AdfScope, start?: number): BlockContent[] {
  if (scope.nest >= MAX_NEST) return items.flatMap(item => item.children as BlockContent[])
  const made = list(items, start)
  return made === undefined ? [] : [made]
}

function itemsOf(node: AdfNode, scope: AdfScope, conversion: AdfConversion): ListItem[] {
  const items: ListItem[] = []
  let stray: unknown[] = []
  const settle = (): void => {
    addToLastItem(items, strayBlocks(stray, scope, conversion))
    stray = []
  }
  for (const value of node.content) {
    const item = itemOf(readNode(value), scope, conversion)
    if (item === undefined) stray.push(value)
    else {
      settle()
      if (item.children.length > 0) items.push(item)
    }
  }
  settle()
  return items
}

function itemOf(node: AdfNode, scope: AdfScope, conversion: AdfConversion): ListItem | undefined {
  if (node.type === 'listItem') return listItem(nestedBlocks(node, scope, conversion))
  if (node.type !== 'taskItem' && node.type !== 'blockTaskItem') return undefined
  return listItem(nestedBlocks(node, scope, conversion), node.attributes['state'] === 'DONE')
}

function strayBlocks(values: readonly unknown[], scope: AdfScope, conversion: AdfConversion): BlockContent[] {
  return flowToBlocks(conversion.convert(values, { ...scope, nest: scope.nest + 1, marks: {} }))
}
