import type { RichText } from './model.ts'
import type { JiraQuirks } from './quirks.ts'

type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }

const HEADING = /^(#{1,6}) (.*)$/
const KEY = /(?<![\w-])[A-Z][A-Z0-9]+-\d+(?![\w-])/g
const MENTION = /\[~(\w+)\]/
const FENCE = /^```(\w*)\n([^]*?)\n?```$/

/** How a text names somebody: by the account id (Cloud) or the name to sign in with (Data Center), and as it is read. */
export interface Mention {
  readonly id: string
  readonly name: string
}

/** Finds whom `[~id]` mentions. */
export type Mentions = (id: string) => Mention | undefined

/** Atlassian Document Format, as version 3 of the REST interface gives it. */
export function toAdf(text: RichText, mentions: Mentions): object {
  return typeof text === 'string' ? { type: 'doc', version: 1, content: blocksOf(text).map((block) => adfBlock(block, mentions)) } : text.adf
}

/** Wiki markup, as version 2 gives it. */
export function toWiki(text: RichText, mentions: Mentions): string {
  if (typeof text !== 'string') return text.wiki
  return mentioning(blocksOf(text).map(wikiBlock).join('\r\n\r\n'), mentions, ({ id }) => `[~${id}]`)
}

/** What HTML is written with. */
export interface HtmlSurroundings {
  /** Makes a link of an issue's key. A neighbour's summary and state are in it, which change without this issue. */
  readonly link: (key: string) => string | undefined
  readonly mentions: Mentions
  readonly baseUrl: string
  readonly quirks: Pick<JiraQuirks, 'emoticons' | 'languages' | 'thumbnails'>
}

/** HTML, as it stands in `renderedFields`. The names of those who are mentioned are in it, which change as well. */
export function toHtml(text: RichText, html: HtmlSurroundings): string {
  if (typeof text !== 'string') return text.html
  const anchor = ({ id, name }: Mention) => `<a href="/secure/ViewProfile.jspa?name=${escaped(id)}" class="user-hover" rel="${escaped(id)}">${escaped(name)}</a>`
  return blocksOf(text)
    .map((block) => {
      if (block.kind === 'code') return htmlBlock(block, html)
      const linked = htmlBlock(block, html).replace(KEY, (key) => html.link(key) ?? key)
      return pictured(mentioning(linked, html.mentions, anchor), html)
    })
    .join('\n\n')
}

const EMOTICONS: Readonly<Record<string, string>> = { '/': 'check', x: 'error', '+': 'add', '-': 'forbidden', '!': 'warning', '?': 'help_16', y: 'thumbs_up' }
const THUMBNAIL = /!([\w-]+\.(?:png|jpg))\|thumbnail!/g

/** `(/)` and `!file.png|thumbnail!` as the wiki renderer writes them. */
function pictured(markup: string, { baseUrl, quirks }: HtmlSurroundings): string {
  const emoticon = (whole: string, sign: string): string =>
    `<img class="emoticon" src="${baseUrl}/images/icons/emoticons/${EMOTICONS[sign] ?? whole}.png" height="16" width="16" align="absmiddle" alt="" border="0"/>`
  const signs = quirks.emoticons === 'images' ? markup.replace(/\(([/x+\-!?y])\)/g, emoticon) : markup
  return signs.replace(THUMBNAIL, (_whole, file: string) => {
    const image = `<img src="${baseUrl}/secure/thumbnail/10250/_thumb_10250.png" ${quirks.thumbnails === 'image' ? `data-attachment-name="${file}" data-attachment-type="thumbnail" ` : ''}align="absmiddle" border="0"/>`
    const around = quirks.thumbnails === 'around' ? `<jira-attachment-thumbnail filename="${file}">${image}</jira-attachment-thumbnail>` : image
    return `<span class="image-wrap" style=""><a id="10250_thumb" href="${baseUrl}/secure/attachment/10250/10250_${file}" target="_blank">${around}</a></span>`
  })
}

function mentioning(text: string, mentions: Mentions, write: (mention: Mention) => string): string {
  return text.replace(new RegExp(MENTION, 'g'), (whole, id: string) => {
    const mention = mentions(id)
    return mention === undefined ? whole : write(mention)
  })
}

function blocksOf(text: string): readonly Block[] {
  const parts: string[][] = [[]]
  let fenced = false
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) fenced = !fenced
    if (line.trim() === '' && !fenced) parts.push([])
    else parts.at(-1)?.push(line)
  }
  return parts.filter((lines) => lines.length > 0).map((lines) => blockOf(lines.join('\n')))
}

function blockOf(part: string): Block {
  const heading = HEADING.exec(part)
  if (heading !== null) return { kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' }
  const fence = FENCE.exec(part)
  if (fence !== null) return { kind: 'code', language: fence[1] ?? '', text: fence[2] ?? '' }
  const lines = part.split('\n')
  for (const [ordered, mark] of [[false, /^- /], [true, /^\d+\. /]] as const) {
    if (lines.every((line) => mark.test(line))) return { kind: 'list', ordered, items: lines.map((line) => line.replace(mark, '')) }
  }
  return { kind: 'paragraph', text: part }
}

const plainAdf = (text: string): object[] => (text === '' ? [] : [{ type: 'text', text }])

function adfInline(text: string, mentions: Mentions): object[] {
  // Every second part is an id.
  return text.split(MENTION).flatMap((part, at) => {
    const mention = at % 2 === 1 ? mentions(part) : undefined
    if (mention !== undefined) return [{ type: 'mention', attrs: { id: mention.id, ...(mention.name === '' ? {} : { text: `@${mention.name}` }), accessLevel: '' } }]
    return plainAdf(at % 2 === 1 ? `[~${part}]` : part)
  })
}

function adfBlock(block: Block, mentions: Mentions): object {
  const adfText = (text: string): object[] => adfInline(text, mentions)
  switch (block.kind) {
    case 'paragraph': {
      const lines = block.text.split('\n')
      return { type: 'paragraph', content: lines.flatMap((line, at) => [...(at === 0 ? [] : [{ type: 'hardBreak' }]), ...adfText(line)]) }
    }
    case 'heading':
      return { type: 'heading', attrs: { level: block.level }, content: adfText(block.text) }
    case 'code':
      return { type: 'codeBlock', attrs: block.language === '' ? {} : { language: block.language }, content: plainAdf(block.text) }
    case 'list': {
      const content = block.items.map((item) => ({ type: 'listItem', content: [{ type: 'paragraph', content: adfText(item) }] }))
      return block.ordered ? { type: 'orderedList', attrs: { order: 1 }, content } : { type: 'bulletList', content }
    }
  }
}

function wikiBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.text.replaceAll('\n', '\r\n')
    case 'heading':
      return `h${block.level}. ${block.text}`
    case 'code':
      return `{code${block.language === '' ? '' : `:${block.language}`}}\r\n${block.text}\r\n{code}`
    case 'list':
      return block.items.map((item) => `${block.ordered ? '#' : '*'} ${item}`).join('\r\n')
  }
}

function htmlBlock(block: Block, { quirks }: HtmlSurroundings): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${escaped(block.text).replaceAll('\n', '<br/>\n')}</p>`
    case 'heading':
      return `<h${block.level}><a name="${escaped(block.text.replace(/\W/g, ''))}"></a>${escaped(block.text)}</h${block.level}>`
    case 'code':
      return `<div class="code panel" style="border-width: 1px;"><div class="codeContent panelContent">\n${codeHtml(block, quirks.languages)}\n</div></div>`
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul'
      return `<${tag}>\n${block.items.map((item) => `\t<li>${escaped(item)}</li>`).join('\n')}\n</${tag}>`
    }
  }
}

/** Where the language is not known, the complaint comes first, and the code has no class. */
function codeHtml({ language, text }: Extract<Block, { kind: 'code' }>, languages: ReadonlySet<string>): string {
  if (language === '' || languages.has(language)) return `<pre class="code-${language === '' ? 'java' : language}">${escaped(text)}</pre>`
  const known = [...languages].join(', ')
  return `<div class="error"><span class="error">Unable to find source-code formatter for language: ${language}.</span> Available languages are: ${known}</div><pre>${escaped(text)}</pre>`
}

/** Text as it stands in HTML. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
