import { valueOf } from './directives.ts'

/** Attributes that the built page shows. */
const SHOWN = ['title', 'caption', 'label', 'summary', 'heading', 'text', 'alt', 'description'] as const
/** Liquid (Jekyll, GitBook) and the two shortcodes of Hugo. What is longer is no mark. */
const MARK = /\{%-?([^%\n]{1,500})%\}|\{\{[<%]([^<>%\n]{1,500})[%>]\}\}/g
const HIGHLIGHT = /^\s*(?:highlight|code-block) +([\w+#-]{1,30})/
const END_HIGHLIGHT = /^\s*(?:endhighlight|\/ *highlight)\s*-?$/
/** `{: .class}`, `{#id}` and the like of kramdown, Pandoc and Docusaurus, alone on a line or behind a heading. */
const ATTRIBUTES = /\{[:#.][^{}\n]{0,200}\}$/

/**
 * A line without marks of templates and attribute lists; titles in them stay. Undefined for a line of which nothing is
 * left.
 */
export function withoutTemplateMarks(line: string): string | undefined {
  if (!line.includes('{')) return line
  const bare = withoutAttributes(line.replace(MARK, (_, liquid: string | undefined, hugo: string | undefined) => insteadOf(liquid ?? hugo ?? '')))
  return bare.trim() === '' ? undefined : bare
}

function insteadOf(inner: string): string {
  const language = HIGHLIGHT.exec(inner)?.[1]
  if (language !== undefined) return `\`\`\`${language}`
  if (END_HIGHLIGHT.test(inner)) return '```'
  const shown = SHOWN.flatMap((key) => valueOf(inner, key) ?? [])
  // `{{% expand "What is it?" %}}`: a quoted value without a name, of more than one word.
  const positional = inner.includes('=') ? undefined : /"([^"\n]{1,300})"/.exec(inner)?.[1]
  return [...shown, ...(positional?.includes(' ') === true ? [positional] : [])].join(' ')
}

function withoutAttributes(line: string): string {
  const behindLinks = line.includes('){') ? line.replace(/\)\{[:.#][^{}\n]{0,200}\}/g, ')') : line
  return /^ {0,3}#|^[ \t]*\{/.test(behindLinks) ? behindLinks.trimEnd().replace(ATTRIBUTES, '').trimEnd() : behindLinks
}
