const LINK = /\[\[([^\][\n]{1,2000})\](?:\[([^\][\n]{1,2000})\])?\]/g
const MARKS: Readonly<Record<string, string>> = { '*': '**', '/': '*', '=': '`', '~': '`', '+': '~~', _: '' }
/** `*bold*`, `/italic/`, `=verbatim=`, `~code~`, `+gone+`, `_underlined_`, where words begin and end. */
const MARKED = /(^|[\s('"{-])([*/=~+_])(\S|\S[^\n*/=~+]{0,300}?\S)\2(?=$|[\s.,;:!?'")}\]-])/g

/** A line of Org with the marks of Markdown. */
export function orgInline(text: string): string {
  if (!/[[*/=~+_]/.test(text)) return text
  // Links first: addresses hold marks.
  const parts: string[] = []
  let at = 0
  for (const { 0: whole, 1: target = '', 2: words, index } of text.matchAll(LINK)) {
    parts.push(marked(text.slice(at, index)), linkOf(target, words))
    at = index + whole.length
  }
  parts.push(marked(text.slice(at)))
  return parts.join('')
}

function linkOf(target: string, words: string | undefined): string {
  const isAddress = /^(?:https?|mailto|ftp):/.test(target)
  const shown = words ?? target.replace(/^(?:file:|\*|#)/, '')
  return isAddress && !/[\s()<>]/.test(target) ? (words === undefined ? `<${target}>` : `[${words}](${target})`) : shown
}

function marked(text: string): string {
  return text.replace(MARKED, (_, before: string, mark: string, words: string) => `${before}${MARKS[mark] ?? ''}${words}${MARKS[mark] ?? ''}`)
}
