import type { ListItem, PhrasingContent } from 'mdast'

import type { Block } from '../../html/conversion.ts'

/** A block of code. */
export function codeBlock(value: string, language: string): Block {
  return { type: 'code', lang: language === '' || language === 'none' ? null : language, value }
}

/** An item of a list that may have a name: `**name**: text`. */
export function itemOf(name: string | undefined, blocks: readonly Block[]): ListItem {
  if (name === undefined) return { type: 'listItem', spread: isSpread(blocks), children: [...blocks] }
  const strong: PhrasingContent = { type: 'strong', children: [{ type: 'text', value: name }] }
  const [only] = blocks
  if (blocks.length === 1 && only?.type === 'paragraph') {
    return { type: 'listItem', spread: false, children: [{ type: 'paragraph', children: [strong, { type: 'text', value: ': ' }, ...only.children] }] }
  }
  return { type: 'listItem', spread: blocks.length > 1, children: [{ type: 'paragraph', children: [strong] }, ...blocks] }
}

function isSpread(blocks: readonly Block[]): boolean {
  return blocks.length > 1 && !(blocks.length === 2 && blocks[1]?.type === 'list')
}
