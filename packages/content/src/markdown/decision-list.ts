import type { BlockContent, ListItem } from 'mdast'
import { isSpread } from './list.ts'

/** Decisions as a list that says so, since Markdown has no sign for them. Empty ones are left out. */
export function decisionList(decisions: readonly (readonly BlockContent[])[]): BlockContent[] {
  const children = decisions.filter(blocks => blocks.length > 0).map((blocks): ListItem => {
    const content = labelled(blocks)
    return { type: 'listItem', spread: isSpread(content), children: content }
  })
  return children.length === 0 ? [] : [{ type: 'list', ordered: false, spread: children.some(item => item.spread), children }]
}

function labelled([first, ...rest]: readonly BlockContent[]): BlockContent[] {
  const label = { type: 'strong', children: [{ type: 'text', value: 'Decision:' }] } as const
  if (first?.type !== 'paragraph') return [{ type: 'paragraph', children: [{ ...label, children: [...label.children] }] }, ...(first ? [first] : []), ...rest]
  const children = [{ ...label, children: [...label.children] }, { type: 'text' as const, value: ' ' }, ...first.children]
  return [{ type: 'paragraph', children }, ...rest]
}
