import MarkdownIt from 'markdown-it'
import type { Token } from 'markdown-it'

let parser: MarkdownIt | undefined

/** The same reader of Markdown that cuts texts into chunks decides here what is a heading, code or HTML. */
function markdown(): MarkdownIt {
  parser ??= new MarkdownIt({ html: true }).disable('reference')
  return parser
}

/** Blocks of a Markdown text with their lines (`token.map`), without what is inside of paragraphs. */
export function parseBlocks(text: string): Token[] {
  const tokens: Token[] = []
  const md = markdown()
  md.block.parse(text, md, {}, tokens)
  return tokens
}

/** A line of Markdown as plain text: links and images by their words, code and emphasis without their marks. */
export function plainText(line: string): string {
  const [inline] = markdown().parseInline(line, {})
  return textOf(inline?.children ?? []).replace(/\s+/g, ' ').trim()
}

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content, children }) => {
      if (type === 'text' || type === 'code_inline') return content
      if (type === 'softbreak' || type === 'hardbreak') return ' '
      return type === 'image' ? textOf(children ?? []) : ''
    })
    .join('')
}
