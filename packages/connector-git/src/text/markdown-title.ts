import { plainMarkup } from './plain-markup.ts'

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const UNDERLINE = /^ {0,3}=+[ \t]*$/
const NO_PARAGRAPH = /^(?: {0,3}(?:#{1,6}(?:[ \t]|$)|>|[-*+][ \t]|\d{1,9}[.)][ \t]|<)| {4}|\t)/

/**
 * The first heading of level 1 in a Markdown text, as plain text: outside code fences and front matter, `# Title` or
 * underlined with `=`. Undefined when there is none.
 */
export function markdownTitle(text: string): string | undefined {
  let fence: string | undefined
  let paragraph: string[] = []
  for (const line of bodyLines(text)) {
    const mark = FENCE.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark !== undefined && mark[0] === fence[0] && mark.length >= fence.length && line.trim() === mark) fence = undefined
      continue
    }
    if (mark !== undefined) fence = mark
    const heading = headingOf(line)
    const title = heading === undefined ? '' : plainMarkup(heading)
    if (title !== '') return title
    if (paragraph.length > 0 && UNDERLINE.test(line)) return plainMarkup(paragraph.join(' '))
    const continues = line.trim() !== '' && mark === undefined && !(paragraph.length === 0 ? NO_PARAGRAPH.test(line) : heading !== undefined)
    paragraph = continues ? [...paragraph, line.trim()] : []
    if (paragraph.length > 8) paragraph = paragraph.slice(-8)
  }
  return undefined
}

function* bodyLines(text: string): Generator<string> {
  const lines = text.split(/\r\n|\r|\n/)
  const end = lines[0]?.trimEnd() === '---' ? lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line)) : -1
  yield* lines.slice(end + 1)
}

/** What stands behind the sign of a heading of level 1, without the signs that may close it; undefined for other lines. */
function headingOf(line: string): string | undefined {
  const start = /^ {0,3}#(?=[ \t]|$)/.exec(line)?.[0].length
  if (start === undefined) return undefined
  const words = line.slice(start).trim()
  const open = words.replace(/(?<!#)#+$/, '')
  return open === '' || /[ \t]$/.test(open) ? open.trim() : words
}
