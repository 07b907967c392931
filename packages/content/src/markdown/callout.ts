import type { BlockContent, Blockquote, Paragraph } from 'mdast'

/**
 * A panel as a quotation that says what it is: `> **Warning:** text`, or with a title of its own
 * `> **Warning: title**` above the text.
 */
export function callout(label: string, title: string, body: readonly BlockContent[]): Blockquote | undefined {
  if (body.length === 0 && title === '') return undefined
  const [first, ...rest] = body
  const heading = [label, title].filter(part => part !== '').join(': ')
  if (heading === '') return { type: 'blockquote', children: [...body] }
  if (title === '' && first?.type === 'paragraph') {
    const children = [strong(`${heading}:`), { type: 'text', value: ' ' } as const, ...first.children]
    return { type: 'blockquote', children: [{ type: 'paragraph', children }, ...rest] }
  }
  return { type: 'blockquote', children: [strongParagraph(heading), ...body] }
}

/** A line that names what follows, such as the title of a panel or of a code block. */
export function strongParagraph(value: string): Paragraph {
  return { type: 'paragraph', children: [strong(value)] }
}

function strong(value: string): { type: 'strong', children: [{ type: 'text', value: string }] } {
  return { type: 'strong', children: [{ type: 'text', value }] }
}
