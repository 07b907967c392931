import type { Nodes } from 'mdast'

import { writeBlocks } from './write-blocks.ts'

/**
 * Markdown (CommonMark with tables, strike-through, task lists and footnotes of GFM, and `$` for formulas) of a tree.
 * One way of writing for every converter, so that equal content gives equal text: `-` for lists, `*` for emphasis,
 * fences of back-ticks, tables without padding. Characters are escaped only where they would be taken for markup, so
 * `snake_case`, `[x]`, `2 * 3` and `List<T>` stay as they are. Takes time linear in its output; never throws.
 */
export function toMarkdown(tree: Nodes): string {
  if (tree.type === 'root') return writeBlocks(tree.children)
  return writeBlocks([tree])
}
