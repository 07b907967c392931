import type { BlockContent, ListItem, PhrasingContent } from 'mdast'
import './math-nodes.ts'

/**
 * Writes blocks as the one line of a table cell: paragraphs and list items are parted by line breaks. `undefined` when
 * that cannot be done without harm (code of several lines, a table in the cell, Markdown that came from elsewhere).
 */
export function cellLine(blocks: readonly BlockContent[]): PhrasingContent[] | undefined {
  const lines = blockLines(blocks, 0)
  return lines && joinLines(lines)
}

type Line = PhrasingContent[]

function joinLines(lines: readonly Line[]): Line {
  return lines.flatMap((line, index) => index === 0 ? line : [{ type: 'break' }, ...line])
}

function blockLines(blocks: readonly BlockContent[], depth: number): Line[] | undefined {
  const lines: Line[] = []
  for (const block of blocks) {
    const more = linesOf(block, depth)
    if (more === undefined) return undefined
    lines.push(...more)
  }
  return lines
}

function linesOf(block: BlockContent, depth: number): Line[] | undefined {
  switch (block.type) {
    case 'paragraph': return [block.children]
    case 'heading': return [[{ type: 'strong', children: plainStrong(block.children) }]]
    case 'blockquote': return blockLines(block.children as BlockContent[], depth)
    case 'list': return listLines(block.children, block.ordered === true ? block.start ?? 1 : undefined, depth)
    case 'code': return block.value.includes('\n') ? undefined : [[{ type: 'inlineCode', value: block.value }]]
    case 'math': return [[{ type: 'inlineMath', value: block.value }]]
    case 'thematicBreak': return []
    default: return undefined
  }
}

function listLines(items: readonly ListItem[], start: number | undefined, depth: number): Line[] | undefined {
  const lines: Line[] = []
  for (const [index, item] of items.entries()) {
    const more = blockLines(item.children as BlockContent[], depth + 1)
    if (more === undefined) return undefined
    const [first = [], ...rest] = more
    const value = typeof item.checked === 'boolean' ? item.checked ? '[x] ' : '[ ] ' : bullet(start, index, depth)
    lines.push([{ type: 'text', value }, ...first], ...rest)
  }
  return lines
}

function bullet(start: number | undefined, index: number, depth: number): string {
  if (start !== undefined) return `${start + index}. `
  return depth === 0 ? '\u2022 ' : '\u25E6 '
}

/** The same line without strong emphasis in it, for a place that is strong as a whole. */
export function plainStrong(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  return nodes.flatMap((node): PhrasingContent[] => {
    if (node.type === 'strong') return plainStrong(node.children)
    if ('children' in node) return [{ ...node, children: plainStrong(node.children) as never }]
    return [node]
  })
}
