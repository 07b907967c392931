import { htmlToMarkdown } from '../../html/html-to-markdown.ts'
import { parseBlocks } from './markdown-blocks.ts'
import { rewriteDirectives } from './rewrite-directives.ts'
import { closedComponents, type TagRules, withoutTags } from './without-tags.ts'

/** Nothing but these can be markup beyond plain Markdown. */
const ANY_MARKUP = /[<{]|^[ \t]*(?::::|!!!|\?\?\?|=== ")|^import /m
/** HTML that has structure of its own, which Markdown can say too. */
const STRUCTURE = /<(?:table|pre|ul|ol|dl|h[1-6]|blockquote)[\s>]/i

/**
 * Markdown as a reader of the built page sees it: without tags, comments, imports and directives of site generators.
 * Code stays as it is.
 */
export function rewriteMarkup(text: string, mdx: boolean): string {
  if (!ANY_MARKUP.test(text) && !(mdx && /^(?:import|export) /m.test(text))) return text
  const rules: TagRules = { mdx, closed: closedComponents(text) }
  return withoutHtml(rewriteDirectives(text, rules), rules)
}

function withoutHtml(text: string, rules: TagRules): string {
  if (!text.includes('<') && !text.includes('{/*')) return text
  const lines = text.split('\n')
  const out: string[] = []
  let done = 0
  const prose = (end: number): void => {
    if (end > done) out.push(withoutTags(lines.slice(done, end).join('\n'), rules))
    done = Math.max(done, end)
  }
  for (const { type, level, map } of parseBlocks(text)) {
    if (map === null || map[0] < done || map[1] <= map[0]) continue
    if (type === 'fence' || type === 'code_block') {
      prose(map[0])
      out.push(lines.slice(map[0], map[1]).join('\n'))
      done = map[1]
    } else if (type === 'html_block' && level === 0) {
      prose(map[0])
      out.push(htmlBlock(lines.slice(map[0], map[1]).join('\n'), rules))
      done = map[1]
    }
  }
  prose(lines.length)
  return out.join('\n')
}

/** Indented text between tags is no code. */
function htmlBlock(html: string, rules: TagRules): string {
  if (STRUCTURE.test(html)) return htmlToMarkdown(html)
  return withoutTags(html, rules).split('\n').map((line) => line.trim()).join('\n')
}
