import { parseBlocks, plainText } from './markdown-blocks.ts'

/**
 * The first heading of level 1, or the first of any level where there is none, as plain text. Headings in lists,
 * quotes, code and HTML comments are none.
 */
export function markdownTitle(text: string): string | undefined {
  if (!/^ {0,3}(?:#|=+[ \t]*$|-+[ \t]*$)/m.test(text)) return undefined
  const tokens = parseBlocks(text)
  let first: string | undefined
  for (const [at, { type, level, tag }] of tokens.entries()) {
    if (type !== 'heading_open' || level !== 0 || (first !== undefined && tag !== 'h1')) continue
    const title = plainText(tokens[at + 1]?.content ?? '')
    if (title === '') continue
    if (tag === 'h1') return title
    first = title
  }
  return first
}
