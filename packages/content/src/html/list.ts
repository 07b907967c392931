import type { AnyNode, Element } from 'domhandler'
import type { List, ListItem } from 'mdast'

import type { Block, Conversion } from './conversion.ts'
import { attribute, findElement, isElement, isText } from './element.ts'
import { isCheckbox, isInvisible } from './invisible.ts'

/** A list with its items; what stands between items belongs to the item before. */
export function list(element: Element, conversion: Conversion): Block[] {
  const ordered = element.name === 'ol'
  const children: ListItem[] = []
  for (const group of itemsOf(element)) {
    const item = listItem(group, conversion)
    if (item.children.length > 0) children.push(item)
  }
  if (children.length === 0) return []
  const result: List = { type: 'list', ordered, spread: children.some((item) => item.spread === true), children }
  const start = Number(attribute(element, 'start') ?? 1)
  if (ordered) result.start = Number.isInteger(start) && start >= 0 && start < 1e9 ? start : 1
  return [result]
}

function itemsOf(element: Element): AnyNode[][] {
  const groups: AnyNode[][] = []
  for (const child of element.children) {
    if (isElement(child) && child.name === 'li') groups.push(isInvisible(child) ? [] : [...child.children])
    else if (!isText(child) || child.data.trim() !== '') {
      const last = groups.at(-1)
      if (last === undefined) groups.push([child])
      else last.push(child)
    }
  }
  return groups
}

/** An item. It is spread, with blank lines between its parts, when it is more than a paragraph and lists. */
export function listItem(nodes: readonly AnyNode[], conversion: Conversion): ListItem {
  const box = leadingCheckbox(nodes)
  if (box !== undefined) box.attribs['type'] = 'hidden'
  const children = conversion.blocks(nodes)
  const item: ListItem = { type: 'listItem', spread: isSpread(children), children }
  if (box !== undefined && children.length > 0) item.checked = attribute(box, 'checked') !== undefined
  return item
}

export function isSpread(children: readonly Block[]): boolean {
  return children.some((child, at) => at > 0 && child.type !== 'list')
}

function leadingCheckbox(nodes: readonly AnyNode[]): Element | undefined {
  for (const node of nodes) {
    if (isText(node) && node.data.trim() === '') continue
    if (!isElement(node)) return undefined
    if (isCheckbox(node)) return node
    if (node.name === 'p' || node.name === 'label' || node.name === 'span') return firstCheckbox(node)
    return undefined
  }
  return undefined
}

function firstCheckbox(element: Element): Element | undefined {
  const box = findElement(element, isCheckbox)
  if (box === undefined) return undefined
  for (let node: AnyNode | null = box; node !== null && node !== element; node = node.parent) {
    for (let { prev } = node; prev !== null; prev = prev.prev) {
      if (isElement(prev) || (isText(prev) && prev.data.trim() !== '')) return undefined
    }
  }
  return box
}
