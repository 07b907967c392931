import { CodeSpans } from './code-spans.ts'
import { type Tag, TagReader } from './read-tag.ts'

/** Elements of HTML (living standard, and what it calls obsolete), SVG's and MathML's roots. Their tags are never shown. */
const ELEMENTS = new Set(
  (
    'a abbr acronym address applet area article aside audio b base bdi bdo big blockquote body br button canvas caption ' +
    'center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption ' +
    'figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd ' +
    'label legend li link main map mark marquee math menu meta meter nav nobr noframes noscript object ol optgroup ' +
    'option output p param picture pre progress q rp rt ruby s samp script search section select slot small source ' +
    'span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track ' +
    'tt u ul var video wbr path g rect circle line polygon'
  ).split(' '),
)
/** A reader sees a blank or a new line there. */
const BREAKS = new Set('br p div li td th tr dt dd details summary figure figcaption section h1 h2 h3 h4 h5 h6 option'.split(' '))
/** Attributes of components that readers see. */
const SHOWN = ['title', 'label', 'summary', 'caption', 'heading', 'description', 'header', 'text', 'alt'] as const
const SILENT = new Set(['script', 'style'])

/** Whether the tags of components (`<Tabs>`) are components in this text for sure, as in MDX. */
export interface TagRules {
  readonly mdx: boolean
  /** Names of components that the text closes somewhere (`</Tabs>`). */
  readonly closed: ReadonlySet<string>
}

/** Names of components that a text closes. */
export function closedComponents(text: string): Set<string> {
  return new Set([...text.matchAll(/<\/([A-Z][A-Za-z0-9.]{0,80})\s{0,10}>/g)].map(([, name = '']) => name))
}

/**
 * A stretch of Markdown without the tags in it: their text stays, and so do links, pictures and titles. Code between
 * back-ticks, autolinks, and what is no tag (`List<T>`, `<name>`) stay as they are. Takes linear time.
 */
export function withoutTags(text: string, rules: TagRules): string {
  if (!text.includes('<') && !text.includes('{/*')) return text
  const reader = new TagReader(text)
  const code = new CodeSpans(text)
  const out: string[] = []
  let link: OpenLink | undefined
  let [at, from] = [0, 0]
  const take = (end: number, instead: string): void => {
    out.push(text.slice(from, at), instead)
    at = from = end
  }
  // A mark that was not found behind one place is not behind a later one either.
  const missing = new Set<string>()
  const hidden = (tag: string, mark: string): boolean => {
    if (!text.startsWith(tag, at) || missing.has(mark)) return false
    const end = text.indexOf(mark, at + tag.length)
    if (end === -1) missing.add(mark)
    else take(end + mark.length, '')
    return end !== -1
  }
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '\\') at += 2
    else if (char === '`') at = code.behind(at)
    else if (char !== '<' && char !== '{') at++
    else if (!hidden('{/*', '*/}') && !hidden('<!--', '-->')) {
      const tag = char === '<' ? reader.tagAt(at) : undefined
      if (tag === undefined || !isMarkup(tag, text.charAt(at - 1), rules)) at++
      else if (!SILENT.has(tag.name) || !hidden(`<${tag.name}`, `</${tag.name}>`)) {
        const shown = tag.name !== 'a' ? insteadOf(tag) : tag.closing ? closeLink(link, out, text.slice(from, at)) : ''
        take(tag.end, shown)
        // Links are not nested: one that begins ends the one before.
        if (tag.name === 'a') link = openLink(tag, out.length - 1)
      }
    }
  }
  out.push(text.slice(from))
  return out.join('')
}

/** A link whose end was not met yet. */
interface OpenLink {
  /** Index in the output, where its bracket goes. */
  readonly part: number
  readonly target: string
}

function openLink({ closing, attributes }: Tag, part: number): OpenLink | undefined {
  const target = attributes.get('href')
  return closing || target === undefined || target === '' || /[\s()<>]/.test(target) ? undefined : { part, target }
}

function closeLink(link: OpenLink | undefined, out: string[], lastWords: string): string {
  if (link === undefined) return ''
  const words = out.slice(link.part + 1).join('') + lastWords
  if (words.trim() === '' || words.includes('\n\n')) return ''
  out[link.part] = '['
  return `](${link.target})`
}

function isMarkup({ name, attributes, selfClosing }: Tag, before: string, { mdx, closed }: TagRules): boolean {
  if (ELEMENTS.has(name.toLowerCase())) return true
  if (mdx) return true
  return /^[A-Z]/.test(name) && !/\w/.test(before) && (selfClosing || attributes.size > 0 || closed.has(name))
}

function insteadOf({ name, closing, attributes }: Tag): string {
  const lower = name.toLowerCase()
  if (lower === 'img') {
    const alt = (attributes.get('alt') ?? '').replace(/[\n[\]]/g, ' ').trim()
    const source = attributes.get('src') ?? ''
    return alt === '' || source === '' || /[\s()<>…]/.test(source) ? alt : `![${alt}](${source})`
  }
  if (ELEMENTS.has(name) || closing) return BREAKS.has(lower) ? ' ' : ''
  return SHOWN.flatMap((key) => attributes.get(key) ?? []).join(' ')
}
