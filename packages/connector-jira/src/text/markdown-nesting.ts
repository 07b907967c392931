const HEADING = /^ {0,3}(#{1,6})(?=[ \t]|$)/
const FENCE = /^ {0,3}(`{3,}|~{3,})/
const MARKUP = /^([^\S\r\n\u2028\u2029]*)(#{1,6}(?=\s|$)|`{3,}|~{3,}|={3,}[^\S\n]*$|-{3,}[^\S\n]*$)/gm

/** Markdown whose headings are `levels` deeper, so that they stand below a heading of our own. None gets deeper than 6. */
export function nested(markdown: string, levels: number): string {
  let fence = ''
  return markdown
    .split('\n')
    .map((line) => {
      const marks = FENCE.exec(line)?.[1] ?? ''
      if (fence !== '') {
        if (marks.startsWith(fence) && line.trim() === marks) fence = ''
        return line
      }
      fence = marks
      return line.replace(HEADING, (_match, signs: string) => '#'.repeat(Math.min(6, signs.length + levels)))
    })
    .join('\n')
}

/** Plain text in which nothing becomes a heading or opens a code block. */
export function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(MARKUP, '$1\\$2').trim()
}

/** One line of text, for a heading. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
