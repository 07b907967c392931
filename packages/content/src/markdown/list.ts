import type { BlockContent } from 'mdast'

/** Whether the blocks of a list item need blank lines between them: all but a paragraph with lists below it. */
export function isSpread(blocks: readonly BlockContent[]): boolean {
  return blocks.some((block, index) => index > 0 && block.type !== 'list')
}
