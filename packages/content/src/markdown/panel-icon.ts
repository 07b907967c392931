import type { BlockContent } from 'mdast'

/**
 * The emoji that authors of panels choose stands before the title or, without one, before the text. It may be all
 * that tells a warning from a hint.
 */
export function withIcon(icon: string, title: string, body: readonly BlockContent[]): { title: string, body: readonly BlockContent[] } {
  if (icon === '') return { title, body }
  if (title !== '') return { title: `${icon} ${title}`, body }
  const [first, ...rest] = body
  if (first === undefined) return { title, body }
  if (first.type !== 'paragraph') return { title, body: [{ type: 'paragraph', children: [{ type: 'text', value: icon }] }, ...body] }
  return { title, body: [{ type: 'paragraph', children: [{ type: 'text', value: `${icon} ` }, ...first.children] }, ...rest] }
}
