import type { BlockContent, ListItem } from 'mdast'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { addToLastItem, list, listItem, listStart } from '../markdown/list.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { type Conversion, type Handler, nested, type Scope } from './conversion.ts'
import { blocksIn } from './convert-text.ts'
import type { XmlElement, XmlNode } from './read-xml.ts'
import { attribute, childNamed, isElement, textOf } from './xml-query.ts'

/** A list with bullets or boxes. */
export const bulletList: Handler = (element, scope, conversion) => listOf(itemsOf(element, scope, conversion), scope)

export const numberedList: Handler = (element, scope, conversion) => {
  return listOf(itemsOf(element, scope, conversion), scope, listStart(attribute(element, 'start')))
}

function listOf(items: ListItem[], scope: Scope, start?: number): BlockContent[] {
  if (scope.nest >= MAX_NEST) return items.flatMap(item => item.children as BlockContent[])
  const made = list(items, start)
  return made === undefined ? [] : [made]
}

function itemsOf(element: XmlElement, scope: Scope, conversion: Conversion): ListItem[] {
  const items: ListItem[] = []
  let stray: XmlNode[] = []
  const settle = (): void => {
    addToLastItem(items, flowToBlocks(conversion.convert(stray, nested({ ...scope, marks: {} }))))
    stray = []
  }
  for (const node of element.children) {
    const item = isElement(node) ? itemOf(node, scope, conversion) : undefined
    if (item === undefined) stray.push(node)
    else {
      settle()
      if (item.children.length > 0) items.push(item)
    }
  }
  settle()
  return items
}

function itemOf(element: XmlElement, scope: Scope, conversion: Conversion): ListItem | undefined {
  if (element.name === 'li') return listItem(blocksIn(element, nested(scope), conversion))
  if (element.name !== 'ac:task') return undefined
  const status = childNamed(element, 'ac:task-status')
  return listItem(blocksIn(element, nested(scope), conversion), status !== undefined && textOf(status).trim() === 'complete')
}
