import type { BlockContent } from 'mdast'
import { codeBlock } from '../markdown/code-block.ts'
import { callout, strongParagraph } from '../markdown/callout.ts'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { type Flow, isLeaf, textLeaf } from '../markdown/leaf.ts'
import { PANEL_LABELS } from '../markdown/panel-labels.ts'
import { withIcon } from '../markdown/panel-icon.ts'
import { visibleText } from '../markdown/phrasing.ts'
import { absoluteUrl } from '../markdown/absolute-url.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { type Conversion, type Handler, marked, nested, type Scope } from './conversion.ts'
import { include } from './convert-include.ts'
import { guestParameters } from './guest-parameters.ts'
import { baseOf, mentionOf, parameterLinks } from './convert-link.ts'
import { roadmap } from './convert-roadmap.ts'
import { EXCERPT_MACROS, INCLUDE_MACROS, includeOf, lineIn, type Macro, parameter, parameterLike, plainName, readMacro } from './macro.ts'
import { LANGUAGES, type Telling, tellingParameters } from './telling-parameters.ts'

type MacroHandler = (macro: Macro, scope: Scope, conversion: Conversion) => Flow[]

/** A macro, and whatever a broken page has in it that belongs to no macro. */
export const macro: Handler = (element, scope, conversion) => {
  const read = readMacro(element)
  const handler = MACROS.get(read.name) ?? otherMacro
  return [...handler(read, scope, conversion), ...conversion.convert(read.stray, scope)]
}

/** For macros that have no body: should there be one, it is not lost. */
const withBodies = (handler: MacroHandler): MacroHandler => (source, scope, conversion) => {
  return [...handler(source, scope, conversion), ...bodyBlocks(source, scope, conversion)]
}

/** For macros whose body is plain text: the other one is not lost either. */
const withRichBody = (handler: MacroHandler): MacroHandler => (source, scope, conversion) => {
  const { plainBody: _plainBody, ...rest } = source
  return [...handler(source, scope, conversion), ...bodyBlocks(rest, scope, conversion)]
}

function bodyBlocks({ richBody, plainBody }: Macro, scope: Scope, conversion: Conversion, language = ''): BlockContent[] {
  const rich = richBody === undefined ? [] : flowToBlocks(conversion.convert(richBody.children, { ...scope, inLine: false }))
  return [...rich, ...codeFlow(plainBody ?? '', language)]
}

const code = (language?: string): MacroHandler => source => {
  const title = titleOf(source)
  const blocks = codeFlow(source.plainBody ?? '', language ?? (parameterLike(source, ...LANGUAGES) || parameter(source, '')))
  return [...(title === '' ? [] : [strongParagraph(title)]), ...blocks]
}

function codeFlow(source: string, language: string): BlockContent[] {
  const block = codeBlock(source, language)
  return block === undefined ? [] : [block]
}

const panel = (label: string): MacroHandler => (source, scope, conversion) => {
  const icon = label === '' ? visibleText(parameter(source, 'panelIconText', 'panelIcon')).trim() : ''
  const { title, body } = withIcon(icon, titleOf(source), bodyBlocks(source, nested(scope), conversion))
  if (scope.nest >= MAX_NEST) return [...(title === '' ? [] : [strongParagraph(title)]), ...body]
  const quote = callout(label, title, body)
  return quote === undefined ? [] : [quote]
}

/** Without a title, Confluence writes the name of its colour. */
const status: MacroHandler = (source, scope) => text(parameter(source, 'title', 'colour', 'color'), scope)

/** A person. Pages of old have the name as text, which people are known by on Data Center. */
const profile: MacroHandler = (source, scope, conversion) => {
  const links = parameterLinks(source, scope, conversion)
  const name = parameter(source, 'user', '').replace(/^[@~]/, '')
  return links.length > 0 || name === '' ? links : text(mentionOf({ kind: 'user-name', id: name }, conversion).mention, scope)
}

const body: MacroHandler = (source, scope, conversion) => bodyBlocks(source, scope, conversion)

/**
 * A body that may stand in a sentence. With `hidden` it is not seen on the page itself, but where others show it: on
 * pages that include it, and as what lists of pages (`children`, `blog-posts`, …) say about this one. Such lists leave
 * nothing in Markdown, so this page is where the text is found, and it is kept. The same is true of hidden `details`.
 */
const excerpt: MacroHandler = (source, scope, conversion) => {
  if (!scope.inLine || source.richBody === undefined) return body(source, scope, conversion)
  return [...conversion.convert(lineIn(source.richBody), scope), ...codeFlow(source.plainBody ?? '', '')]
}

/** The editors of old write the title as the parameter without a name. */
const expand: MacroHandler = (source, scope, conversion) => {
  const title = visibleText(parameter(source, 'title', '')).trim()
  return [...(title === '' ? [] : [strongParagraph(title)]), ...bodyBlocks(source, scope, conversion)]
}

const jira: MacroHandler = (source, scope, conversion) => {
  const key = parameter(source, 'key', 'issueKey', '')
  const query = parameter(source, 'jqlQuery', 'jql')
  if (key === '' && query === '') return otherMacro(source, scope, conversion)
  if (key !== '') return [...text(key, scope), ...bodyBlocks(source, scope, conversion)]
  const shown = [textLeaf('Jira issues: ', scope.marks), textLeaf(query, { ...scope.marks, code: true })]
  return [...shown, ...bodyBlocks(source, scope, conversion)]
}

const math = (place: 'inline' | 'block'): MacroHandler => (source, scope) => {
  const value = (source.plainBody ?? parameter(source, 'body', '')).trim()
  if (value === '') return []
  return place === 'block' ? [{ type: 'math', value }] : [{ leaf: 'node', node: { type: 'inlineMath', value }, marks: scope.marks }]
}

/** The body is Markdown already. It is written as it is. */
const markdown: MacroHandler = source => {
  const value = (source.plainBody ?? '').replace(/\r\n?/g, '\n').trim()
  return value === '' ? [] : [{ type: 'html', value }]
}

/** Reads best behind the words that it is about. */
const footnote: MacroHandler = (source, scope, conversion) => {
  const plain = text(source.plainBody ?? '', scope)
  const flow = source.richBody === undefined ? plain : [...conversion.convert(lineIn(source.richBody), scope), ...plain]
  if (flow.length === 0 || !flow.every(isLeaf)) return flow
  return [textLeaf(' (', scope.marks), ...flow, textLeaf(')', scope.marks)]
}

const ADDRESSES = ['url', 'src', 'link', 'href', '']

/**
 * Any other macro: the parameters that say something to a reader, what it links, and its body. A macro that only
 * shows what other pages say (a table of contents, a list of children) has none of these, and leaves nothing.
 */
const otherMacro: MacroHandler = (source, scope, conversion) => {
  const { words, texts, language } = telling(source)
  const hasBody = source.richBody !== undefined || source.plainBody !== undefined || texts.length > 0
  const label = hasBody ? words.map(word => strongParagraph(word)) : text(words.join(' '), scope)
  const links = parameterLinks(source, scope, conversion)
  const addresses = ADDRESSES.flatMap(name => addressLink(parameter(source, name), scope, conversion))
  const space = !hasBody && words.length > 0 && links.length + addresses.length > 0 ? [textLeaf(' ', scope.marks)] : []
  const blocks = texts.flatMap(value => codeFlow(value, language))
  return [...label, ...space, ...links, ...addresses, ...blocks, ...bodyBlocks(source, scope, conversion, language)]
}

/** Apps of Forge have all of theirs in one parameter. What names a page or file is shown as a link, and not as words. */
function telling({ parameters }: Macro): Telling {
  const own = [...parameters].map(([name, { text }]): [string, string] => [name === '' ? 'default-parameter' : name, text])
  return tellingParameters([...own, ...own.flatMap(([name, text]) => plainName(name) === 'guestparams' ? guestParameters(text) : [])])
}

function addressLink(address: string, scope: Scope, conversion: Conversion): Flow[] {
  const url = /^(?:https?:|\/)/i.test(address) ? absoluteUrl(address, baseOf(scope, conversion)) : undefined
  return url === undefined ? [] : [textLeaf(url, marked(scope, { link: { url } }).marks), textLeaf(' ', scope.marks)]
}

function titleOf(source: Macro): string {
  return visibleText(parameter(source, 'title')).trim()
}

function text(value: string, scope: Scope): Flow[] {
  return value.trim() === '' ? [] : [textLeaf(value, scope.marks)]
}

/** Without a page to show, it is a macro like any other. */
const included: MacroHandler = (source, scope, conversion) => {
  const reference = includeOf(source)
  if (reference === undefined) return otherMacro(source, scope, conversion)
  return [...include(reference, scope, conversion), ...bodyBlocks(source, scope, conversion)]
}

/** Only the title of such a list is written on this page. */
const listing: MacroHandler = (source, scope, conversion) => {
  const title = titleOf(source)
  return [...(title === '' ? [] : [strongParagraph(title)]), ...bodyBlocks(source, scope, conversion)]
}

/** Macros that show what other pages or people say. They are about those, not about this page. */
const RENDERED_ELSEWHERE = [
  'toc', 'toc-zone', 'children', 'pagetree', 'pagetreesearch', 'recently-updated', 'contentbylabel', 'content-by-user',
  'attachments', 'gallery', 'livesearch', 'contributors', 'contributors-summary', 'blog-posts', 'content-report-table',
  'detailssummary', 'change-history', 'tasks-report-macro', 'space-list', 'spaces', 'favpages', 'index', 'listlabels', 'navmap',
  'popular-labels', 'related-labels', 'recently-updated-dashboard', 'create-from-template', 'create-space-button', 'space-attachments',
  'userlister', 'network', 'global-reports', 'loremipsum', 'profile-picture', 'numberedheadings',
]

const MACROS: ReadonlyMap<string, MacroHandler> = new Map([
  ...[...PANEL_LABELS].map(([name, label]): [string, MacroHandler] => [name, panel(label)]),
  ...RENDERED_ELSEWHERE.map((name): [string, MacroHandler] => [name, listing]),
  ['anchor', body],
  ...['details', 'section', 'column'].map((name): [string, MacroHandler] => [name, body]),
  ...EXCERPT_MACROS.map((name): [string, MacroHandler] => [name, excerpt]),
  ...INCLUDE_MACROS.map((name): [string, MacroHandler] => [name, included]),
  ...['jira', 'jiraissues'].map((name): [string, MacroHandler] => [name, jira]),
  ...['status', 'status-handy'].map((name): [string, MacroHandler] => [name, withBodies(status)]),
  ...['markdown', 'markdown-macro'].map((name): [string, MacroHandler] => [name, withRichBody(markdown)]),
  ...['mathinline', 'eazy-math-inline', 'mathjax-inline-macro', 'latex-inline']
    .map((name): [string, MacroHandler] => [name, withRichBody(math('inline'))]),
  ...['mathblock', 'eazy-math-block', 'mathjax-block-macro', 'latex', 'latex-formatting']
    .map((name): [string, MacroHandler] => [name, withRichBody(math('block'))]),
  ...[['mermaid', 'mermaid'], ['mermaid-macro', 'mermaid'], ['plantuml', 'plantuml'], ['plantumlrender', 'plantuml'], ['graphviz', 'dot'],
    ['html', 'html']].map(([name = '', language]): [string, MacroHandler] => [name, withRichBody(code(language))]),
  ...['code', 'noformat'].map((name): [string, MacroHandler] => [name, withRichBody(code())]),
  ...['roadmap', 'roadmap-planner'].map((name): [string, MacroHandler] => [name, withBodies(roadmap)]),
  ['profile', withBodies(profile)],
  ['expand', expand],
  ['panel', panel('')],
  ['footnote', footnote],
  ['style', withRichBody(() => [])],
])
