import type { BlockContent, ListItem } from 'mdast'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { isSpread } from '../markdown/list.ts'
import { type Conversion, type Handler, MAX_NEST, nested, type Scope } from './conversion.ts'
import { blocksIn } from './convert-text.ts'
import type { XmlElement, XmlNode } from './read-xml.ts'
import { attribute, childNamed, isElement, textOf } from './xml-query.ts'

export const bulletList: Handler = (element, scope, conversion) => {
  return listOf(itemsOf(element, scope, conversion), false, 1, scope)
}

export const numberedList: Handler = (element, scope, conversion) => {
  const start = Number.parseInt(attribute(element, 'start') ?? '1', 10)
  return listOf(itemsOf(element, scope, conversion), true, start >= 0 && start < 1e9 ? start : 1, scope)
}

export const taskList: Handler = (element, scope, conversion) => {
  return listOf(itemsOf(element, scope, conversion), false, 1, scope)
}

function listOf(children: ListItem[], ordered: boolean, start: number, scope: Scope): BlockContent[] {
  if (scope.nest >= MAX_NEST) return children.flatMap(item => item.children as BlockContent[])
  if (children.length === 0) return []
  return [{ type: 'list', ordered, ...(ordered && { start }), spread: children.some(item => item.spread === true), children }]
}

function itemsOf(list: XmlElement, scope: Scope, conversion: Conversion): ListItem[] {
  const items: ListItem[] = []
  let stray: XmlNode[] = []
  // A list that stands directly in a list belongs to the item before it.
  const settle = (): void => {
    const blocks = flowToBlocks(conversion.convert(stray, nested({ ...scope, marks: {} })))
    stray = []
    if (blocks.length === 0) return
    const last = items.at(-1)
    if (last === undefined) items.push(item(blocks))
    else items[items.length - 1] = item([...last.children as BlockContent[], ...blocks], last.checked)
  }
  for (const node of list.children) {
    const converted = isElement(node) ? itemOf(node, scope, conversion) : undefined
    if (converted === undefined) stray.push(node)
    else {
      settle()
      if (converted.children.length > 0) items.push(converted)
    }
  }
  settle()
  return items
}

function itemOf(element: XmlElement, scope: Scope, conversion: Conversion): ListItem | undefined {
  if (element.name === 'li') return item(blocksIn(element, nested(scope), conversion))
  if (element.name !== 'ac:task') return undefined
  const status = childNamed(element, 'ac:task-status')
  const checked = status !== undefined && textOf(status).trim() === 'complete'
  return item(flowToBlocks(conversion.convert(element.children, nested({ ...scope, marks: {} }))), checked)
}

function item(children: BlockContent[], checked?: boolean | null): ListItem {
  const box = typeof checked === 'boolean' && children.length > 0
  // A box is written before a paragraph only.
  const content: BlockContent[] = box && children[0]?.type !== 'paragraph' ? [{ type: 'paragraph', children: [] }, ...children] : children
  return { type: 'listItem', spread: isSpread(content), ...(box && { checked }), children: content }
}
