/** Columns that a tab leads to, as docutils has it. */
const TAB = 8

/** Lines as docutils reads them: tabs expanded, white space at the ends gone. */
export function linesOf(text: string): string[] {
  return text.split('\n').map((line) => expanded(line).trimEnd())
}

function expanded(line: string): string {
  if (!line.includes('\t')) return line
  let out = ''
  for (const char of line) out += char === '\t' ? ' '.repeat(TAB - (out.length % TAB)) : char
  return out
}

/** Blanks at the start of a line; Infinity for an empty one. */
export function indentOf(line: string): number {
  if (line !== '' && line.charCodeAt(0) !== 0x20) return 0
  const text = line.trimStart()
  return text === '' ? Number.POSITIVE_INFINITY : line.length - text.length
}

/** Without the indentation that all lines share. */
export function unindented(lines: readonly string[]): string[] {
  const shared = lines.reduce((least, line) => Math.min(least, indentOf(line)), Number.POSITIVE_INFINITY)
  return Number.isFinite(shared) && shared > 0 ? lines.map((line) => line.slice(shared)) : [...lines]
}

/** The same, without empty lines around them. */
export function dedent(lines: readonly string[]): string[] {
  let [start, end] = [0, lines.length]
  while (start < end && lines[start] === '') start++
  while (end > start && lines[end - 1] === '') end--
  return unindented(lines.slice(start, end))
}

/** The index behind the lines from `start` that are empty or indented by at least `indent`. */
export function behindIndented(lines: readonly string[], start: number, indent: number): number {
  let end = start
  for (let at = start; at < lines.length && indentOf(lines[at] as string) >= indent; at++) if (lines[at] !== '') end = at + 1
  return end
}

/** A field at the start of a line: `:name: body`; undefined for other lines, such as those that begin with a role. */
export function fieldAt(line: string): { readonly name: string; readonly rest: string } | undefined {
  if (!line.startsWith(':') || line.length < 3 || /[\s:]/.test(line.charAt(1))) return undefined
  for (let at = line.indexOf(':', 2); at !== -1; at = line.indexOf(':', at + 1)) {
    if (line.charAt(at - 1) === '\\' || (at + 1 < line.length && line.charAt(at + 1) !== ' ')) continue
    const name = line.slice(1, at)
    return name.includes('`') ? undefined : { name, rest: line.slice(at + 1).trim() }
  }
  return undefined
}
