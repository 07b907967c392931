import { ADMONITION_LABELS } from '../../html/admonition-labels.ts'
import { closerOf, type Directive, indentedDirective, openingOf } from './directives.ts'
import { parseBlocks } from './markdown-blocks.ts'
import { isModuleLine } from './module-lines.ts'
import { withoutTemplateMarks } from './template-marks.ts'
import type { TagRules } from './without-tags.ts'

/** Bodies nested deeper stay as they are. */
const DEEPEST = 6

/**
 * Directives of site generators as Markdown: admonitions become quotations that say what they are, as on the pages of
 * sites; tabs and other boxes keep their titles and text.
 */
export function rewriteDirectives(text: string, rules: TagRules, depth = 0): string {
  return new DirectiveRewriter(text, rules, depth).rewritten()
}

interface Container {
  /** Undefined: its end is known otherwise. */
  readonly closer: string | undefined
  readonly quoted: boolean
}

class DirectiveRewriter {
  readonly #lines: readonly string[]
  readonly #code: ReadonlyMap<number, CodeBlock>
  /** The last line that closes each sort of box. */
  readonly #lastCloser = new Map<string, number>()
  readonly #rules: TagRules
  readonly #depth: number
  readonly #out: string[] = []
  readonly #open: Container[] = []
  /** Goes before the next line of text: `**Note:** `. */
  #label = ''
  #quotes = ''

  constructor(text: string, rules: TagRules, depth: number) {
    this.#lines = text.split('\n')
    this.#code = codeBlocks(text)
    for (const [at, line] of this.#lines.entries()) {
      const closer = closerOf(line)
      if (closer !== undefined) this.#lastCloser.set(closer, at)
    }
    this.#rules = rules
    this.#depth = depth
  }

  rewritten(): string {
    for (let at = 0; at < this.#lines.length; ) at = this.#take(at)
    return this.#out.join('\n')
  }

  /** Takes what begins at line `at`; gives the line after it. */
  #take(at: number): number {
    const line = this.#lines[at] as string
    const code = this.#code.get(at)
    if (code !== undefined) return this.#takeCode(code)
    const closer = closerOf(line)
    if (closer !== undefined) {
      if (this.#open.at(-1)?.closer === closer) this.#close()
      return at + 1
    }
    const opening = openingOf(line)
    if (opening !== undefined) {
      const isClosed = (this.#lastCloser.get(opening.closer) ?? -1) > at
      this.#start(opening.directive, isClosed)
      if (isClosed) this.#open.push({ closer: opening.closer, quoted: isQuoted(opening.directive) })
      return at + 1
    }
    const indented = indentedDirective(line)
    if (indented !== undefined) return this.#takeIndented(at, indented.indent, indented.directive)
    if (isModuleLine(this.#lines, at, this.#rules.mdx)) return this.#behindParagraph(at)
    const bare = withoutTemplateMarks(line)
    if (bare !== undefined) this.#write(bare)
    return at + 1
  }

  #takeCode({ end, indented, info, start }: CodeBlock): number {
    const lines = this.#lines.slice(start, end)
    // MDX knows no indented code: what is indented there stands between tags.
    if (indented && this.#rules.mdx && this.#depth < DEEPEST) this.#writeAll(rewriteDirectives(dedent(lines), this.#rules, this.#depth + 1))
    else if (!indented && info.startsWith('{')) this.#takeMyst(lines, info)
    else this.#writeCode(lines)
    return end
  }

  /** MyST writes directives as fences: ` ```{note} Title`. */
  #takeMyst(lines: readonly string[], info: string): void {
    const name = /^\{([\w:-]{1,40})\}/.exec(info)?.[1] ?? ''
    const words = info.slice(info.indexOf('}') + 1).trim()
    const body = lines.slice(1, -1)
    while (/^(?::[\w-]+:|---)/.test(body[0] ?? '')) body.shift()
    if (Object.hasOwn(ADMONITION_LABELS, name) || name === 'admonition') {
      this.#box({ name: name === 'admonition' ? 'note' : name, title: words }, body.join('\n'))
    } else if (/^(?:code|code-block|code-cell|sourcecode)$/.test(name)) {
      const fence = /^[ \t]*[`~]+/.exec(lines[0] ?? '')?.[0] ?? '```'
      this.#writeCode([`${fence}${words}`, ...body, fence])
    } else if (name !== 'toctree') this.#writeCode(lines)
  }

  /** MkDocs: what is indented by four below `!!! note` belongs to it. */
  #takeIndented(at: number, indent: number, directive: Directive): number {
    let end = at + 1
    while (end < this.#lines.length && ((this.#lines[end] as string).trim() === '' || indentOf(this.#lines[end] as string) >= indent + 4)) end++
    this.#box(directive, dedent(this.#lines.slice(at + 1, end)))
    return end
  }

  #box(directive: Directive, body: string): void {
    this.#start(directive, true)
    this.#open.push({ closer: undefined, quoted: isQuoted(directive) })
    this.#writeAll(this.#depth < DEEPEST ? rewriteDirectives(body, this.#rules, this.#depth + 1) : body)
    this.#close()
  }

  /** Writes what a box is called. A box whose end is not known is its first line alone. */
  #start(directive: Directive, hasEnd: boolean): void {
    this.#flushLabel()
    this.#write('')
    const label = labelOf(directive)
    if (hasEnd && label !== undefined) this.#quotes += '> '
    const { title } = directive
    if (label !== undefined && title === '') this.#label = `**${label}:** `
    else if (title !== '') this.#writeAll(`${label === undefined ? `**${title}**` : `**${label}:** ${title}`}\n`)
  }

  #close(): void {
    this.#flushLabel()
    while (/^[> ]*$/.test(this.#out.at(-1) ?? '.')) this.#out.pop()
    if (this.#open.pop()?.quoted === true) this.#quotes = this.#quotes.slice(2)
    this.#out.push(this.#quotes.trimEnd())
  }

  #flushLabel(): void {
    const label = this.#label.trim()
    this.#label = ''
    if (label !== '') this.#writeAll(`${label}\n`)
  }

  #writeAll(text: string): void {
    for (const line of text.split('\n')) this.#write(line)
  }

  #write(line: string): void {
    if (this.#label !== '' && line.trim() !== '') {
      // Before a list, a fence or a heading the label has a line of its own.
      if (/^[ \t]*(?:[-*+>#|`~]|\d+[.)]|<| {4}|\*\*)/.test(line)) this.#flushLabel()
      else {
        const label = this.#label
        this.#label = ''
        this.#write(label + line.trimStart())
        return
      }
    }
    if (line.trim() !== '') this.#out.push(this.#quotes + line)
    else if (this.#label === '' && this.#out.at(-1) !== this.#quotes.trimEnd()) this.#out.push(this.#quotes.trimEnd())
  }

  #writeCode(lines: readonly string[]): void {
    this.#flushLabel()
    for (const line of lines) this.#out.push(line === '' ? this.#quotes.trimEnd() : this.#quotes + line)
  }

  #behindParagraph(at: number): number {
    let end = at
    while (end < this.#lines.length && (this.#lines[end] as string).trim() !== '') end++
    return end
  }
}

function labelOf({ name }: Directive): string | undefined {
  return Object.hasOwn(ADMONITION_LABELS, name) ? ADMONITION_LABELS[name] : undefined
}

function isQuoted(directive: Directive): boolean {
  return labelOf(directive) !== undefined
}

interface CodeBlock {
  readonly start: number
  readonly end: number
  readonly indented: boolean
  readonly info: string
}

/** By their first line, code of a text: fences wherever they are, and indented code outside of lists. */
function codeBlocks(text: string): Map<number, CodeBlock> {
  const found = new Map<number, CodeBlock>()
  for (const { type, level, map, info } of parseBlocks(text)) {
    if (map === null || map[1] <= map[0] || (type !== 'fence' && (type !== 'code_block' || level > 0))) continue
    found.set(map[0], { start: map[0], end: map[1], indented: type === 'code_block', info: info.trim() })
  }
  return found
}

function indentOf(line: string): number {
  let columns = 0
  for (const char of line) {
    if (char === ' ') columns++
    else if (char === '\t') columns += 4 - (columns % 4)
    else break
  }
  return columns
}

/** Without the indentation that all lines share. */
function dedent(lines: readonly string[]): string {
  const shared = Math.min(...lines.filter((line) => line.trim() !== '').map(indentOf))
  if (!Number.isFinite(shared)) return ''
  return lines.map((line) => withoutIndent(line, shared)).join('\n')
}

function withoutIndent(line: string, columns: number): string {
  let [at, done] = [0, 0]
  while (done < columns && (line[at] === ' ' || line[at] === '\t')) {
    done += line[at] === ' ' ? 1 : 4 - (done % 4)
    at++
  }
  return ' '.repeat(Math.max(0, done - columns)) + line.slice(at)
}
