import type { BlockContent, Paragraph } from 'mdast'
import { type Flow, isLeaf, type Leaf } from './leaf.ts'
import { phrasing } from './phrasing.ts'

/** Makes blocks of mixed content: runs of pieces of lines become paragraphs, blocks stay where they are. */
export function flowToBlocks(flow: readonly Flow[]): BlockContent[] {
  const blocks: BlockContent[] = []
  let run: Leaf[] = []
  const flush = (): void => {
    for (const line of paragraphsOf(run)) {
      const children = phrasing(line)
      if (children.length > 0) blocks.push({ type: 'paragraph', children } satisfies Paragraph)
    }
    run = []
  }
  for (const item of flow) {
    if (isLeaf(item)) run.push(item)
    else {
      flush()
      blocks.push(item)
    }
  }
  flush()
  return blocks
}

/** The pieces of one line only: blocks are left out, breaks are spaces. For headings and titles. */
export function lineOf(flow: readonly Flow[]): Leaf[] {
  return flow.filter(isLeaf).map(leaf => leaf.leaf === 'break' ? { leaf: 'text', value: ' ', marks: leaf.marks } : leaf)
}

/** Two breaks in a row are how many an author separates paragraphs. */
function paragraphsOf(run: readonly Leaf[]): Leaf[][] {
  const paragraphs: Leaf[][] = [[]]
  let breaks = 0
  for (const leaf of run) {
    const blank = leaf.leaf === 'text' && leaf.value.trim() === ''
    if (leaf.leaf === 'break') breaks += 1
    else if (!blank) {
      if (breaks > 1) paragraphs.push([])
      breaks = 0
    }
    paragraphs.at(-1)?.push(leaf)
  }
  return paragraphs
}
