import type { BlockContent, PhrasingContent } from 'mdast'
import { list, listItem } from './list.ts'

/** Decisions as a list that says so, since Markdown has no sign for them. Empty ones are left out. */
export function decisionList(decisions: readonly (readonly BlockContent[])[]): BlockContent[] {
  const decided = list(decisions.filter(blocks => blocks.length > 0).map(blocks => listItem(labelled(blocks))))
  return decided === undefined ? [] : [decided]
}

function labelled(blocks: readonly BlockContent[]): BlockContent[] {
  const [first, ...rest] = blocks
  const label: PhrasingContent = { type: 'strong', children: [{ type: 'text', value: 'Decision:' }] }
  if (first?.type !== 'paragraph') return [{ type: 'paragraph', children: [label] }, ...blocks]
  return [{ type: 'paragraph', children: [label, { type: 'text', value: ' ' }, ...first.children] }, ...rest]
}
