/** A box of a site generator. */
export interface Directive {
  /** Lower case: `note`, `details`, `tabs`. */
  readonly name: string
  /** Empty where it has none. */
  readonly title: string
}

/** A line that opens a box, and the sort of line that closes it. */
export interface Opening {
  readonly directive: Directive
  readonly closer: string
}

const COLONS = /^ {0,3}:{3,}[ \t]*$/
const COLON_BOX = /^ {0,3}:{3,}[ \t]*(?:\{\.?)?([A-Za-z][\w-]{0,60})(.*)$/
const HINT = /^[ \t]*\{%-? *hint\b([^%]{0,300})%\}[ \t]*$/
const END_HINT = /^[ \t]*\{%-? *endhint *-?%\}[ \t]*$/
const INDENTED = /^( {0,24})(?:!!!|\?\?\?\+?)[ \t]+"?([\w-]{1,60})((?: [\w-]{1,40}){0,5})(?:[ \t]+"(.{0,300})")?$/
const TAB = /^( {0,24})===[!+]?[ \t]+"(.{1,300})"[ \t]*$/

/**
 * `:::tip Title` of Docusaurus, VuePress and Markdown directives, `:::{note}` of MyST, `::: {.callout-tip title="…"}`
 * of Quarto, `{% hint style="info" %}` of GitBook.
 */
export function openingOf(line: string): Opening | undefined {
  const hint = HINT.exec(line)
  if (hint !== null) return { directive: { name: valueOf(hint[1] ?? '', 'style') ?? 'note', title: '' }, closer: 'hint' }
  const [, name, rest = ''] = COLON_BOX.exec(line) ?? []
  if (name === undefined) return undefined
  return { directive: { name: name.toLowerCase().replace(/^callout-/, ''), title: titleOf(rest) }, closer: ':::' }
}

/** What a line closes. */
export function closerOf(line: string): string | undefined {
  if (COLONS.test(line)) return ':::'
  return END_HINT.test(line) ? 'hint' : undefined
}

/** `!!! note "Title"`, `??? note` and `=== "Tab"` of MkDocs, whose bodies are indented. */
export function indentedDirective(line: string): { readonly indent: number; readonly directive: Directive } | undefined {
  const tab = TAB.exec(line)
  if (tab !== null) return { indent: tab[1]?.length ?? 0, directive: { name: 'tab', title: tab[2] ?? '' } }
  const box = INDENTED.exec(line.trimEnd())
  if (box === null) return undefined
  return { indent: box[1]?.length ?? 0, directive: { name: (box[2] ?? '').toLowerCase(), title: box[4] ?? '' } }
}

function titleOf(rest: string): string {
  const words = rest.trim()
  const named = valueOf(words, 'title')
  if (named !== undefined) return named
  if (words.startsWith('[')) return words.slice(1, words.lastIndexOf(']') === -1 ? undefined : words.lastIndexOf(']'))
  const attributes = words.indexOf('{')
  return (attributes === -1 ? words : words.slice(0, attributes)).replace(/^\}/, '').trim()
}

/** The value of `key="value"`. */
export function valueOf(text: string, key: string): string | undefined {
  const start = text.indexOf(`${key}=`)
  const quote = text.charAt(start + key.length + 1)
  if (start === -1 || (quote !== '"' && quote !== "'")) return undefined
  const end = text.indexOf(quote, start + key.length + 2)
  return end === -1 ? undefined : text.slice(start + key.length + 2, end)
}
