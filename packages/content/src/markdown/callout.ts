import type { BlockContent, Blockquote, Paragraph, Strong } from 'mdast'

/**
 * A panel as a quotation that says what it is: `> **Warning:** text`, or with a title `> **Warning: title**` above
 * the text. A first paragraph that is strong as a whole is what authors without titles write instead of one.
 */
export function callout(label: string, title: string, body: readonly BlockContent[]): Blockquote | undefined {
  const [first, ...rest] = body
  const written = title === '' && first !== undefined ? strongText(first) : undefined
  const below = written === undefined ? body : rest
  const name = written ?? title
  if (name === '' && below.length === 0) return undefined
  if (name === '' && label !== '' && first?.type === 'paragraph') {
    return { type: 'blockquote', children: [{ type: 'paragraph', children: [strong(`${label}:`), { type: 'text', value: ' ' }, ...first.children] }, ...rest] }
  }
  const heading = sameWord(label, name) ? name : [label, name].filter(part => part !== '').join(': ')
  return { type: 'blockquote', children: heading === '' ? [...below] : [strongParagraph(heading), ...below] }
}

/** A line that names what follows, such as the title of a panel or of a code block. */
export function strongParagraph(value: string): Paragraph {
  return { type: 'paragraph', children: [strong(value)] }
}

function strong(value: string): Strong {
  return { type: 'strong', children: [{ type: 'text', value }] }
}

function strongText(block: BlockContent): string | undefined {
  const only = block.type === 'paragraph' && block.children.length === 1 ? block.children[0] : undefined
  const text = only?.type === 'strong' && only.children.length === 1 ? only.children[0] : undefined
  return text?.type === 'text' ? text.value : undefined
}

/** `Info` above an info panel says nothing new. */
function sameWord(label: string, name: string): boolean {
  return label !== '' && name.replace(/[^\p{L}]/gu, '').toLowerCase() === label.toLowerCase()
}
