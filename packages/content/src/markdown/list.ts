import type { BlockContent, List, ListItem } from 'mdast'

/** A list; without a `start` it has bullets. `undefined` when it has no items. */
export function list(children: ListItem[], start?: number): List | undefined {
  if (children.length === 0) return undefined
  const spread = children.some(item => item.spread === true)
  return { type: 'list', ordered: start !== undefined, ...(start !== undefined && { start }), spread, children }
}

/** An item of a list, with a box when `checked` says whether it is done. */
export function listItem(children: readonly BlockContent[], checked?: boolean | null): ListItem {
  const box = typeof checked === 'boolean' && children.length > 0
  // A box stands before a paragraph only; before code, say, it is a line of its own.
  const alone = box && children[0]?.type !== 'paragraph'
  const content = alone ? [boxLine(checked), ...children] : [...children]
  // Blank lines are needed by all but a paragraph with lists below it.
  const spread = content.some((block, index) => index > 0 && block.type !== 'list')
  return { type: 'listItem', spread, ...(box && !alone && { checked }), children: content }
}

function boxLine(checked: boolean): BlockContent {
  return { type: 'paragraph', children: [{ type: 'text', value: checked ? '[x]' : '[ ]' }] }
}

/** Adds blocks to the last item: where a list stands directly in a list, it belongs to the item before it. */
export function addToLastItem(items: ListItem[], blocks: readonly BlockContent[]): void {
  if (blocks.length === 0) return
  const last = items.pop()
  const children = last?.children as BlockContent[] | undefined
  items.push(listItem([...children ?? [], ...blocks], last?.checked))
}

/** The number that an ordered list begins with, from whatever a source has there. */
export function listStart(value: unknown): number {
  const start = Number.parseInt(String(value ?? 1), 10)
  return start >= 0 && start < 1e9 ? start : 1
}
