import { gfmToMarkdown } from 'mdast-util-gfm'
import { toMarkdown as stringify } from 'mdast-util-to-markdown'
import type { Nodes } from 'mdast'

/** One way of writing Markdown for every converter, so that equal content gives equal text. */
export function toMarkdown(tree: Nodes): string {
  return stringify(tree, {
    bullet: '-',
    emphasis: '*',
    fence: '`',
    fences: true,
    listItemIndent: 'one',
    rule: '-',
    // Padding would change every row of a table when one cell grows.
    extensions: [gfmToMarkdown({ tablePipeAlign: false })],
  })
}
