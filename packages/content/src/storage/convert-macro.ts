import type { BlockContent } from 'mdast'
import { codeBlock } from '../markdown/code-block.ts'
import { callout, strongParagraph } from '../markdown/callout.ts'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { type Flow, isLeaf, textLeaf } from '../markdown/leaf.ts'
import { PANEL_LABELS } from '../markdown/panel-labels.ts'
import { visibleText } from '../markdown/phrasing.ts'
import { absoluteUrl } from '../markdown/absolute-url.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { type Conversion, type Handler, marked, nested, type Scope } from './conversion.ts'
import { include } from './convert-include.ts'
import { baseOf, resourceFlow } from './convert-link.ts'
import { lineIn, type Macro, parameter, readMacro } from './macro.ts'

type MacroHandler = (macro: Macro, scope: Scope, conversion: Conversion) => Flow[]

/** A macro, and whatever a broken page has in it that belongs to no macro. */
export const macro: Handler = (element, scope, conversion) => {
  const read = readMacro(element)
  const handler = MACROS.get(read.name) ?? otherMacro
  return [...handler(read, scope, conversion), ...conversion.convert(read.stray, scope)]
}

/** For macros that have no body of that kind: should there be one, it is not lost. */
const withRichBody = (handler: MacroHandler): MacroHandler => (source, scope, conversion) => {
  const { plainBody: _plainBody, ...rest } = source
  return [...handler(source, scope, conversion), ...bodyBlocks(rest, scope, conversion)]
}

function bodyBlocks({ richBody, plainBody }: Macro, scope: Scope, conversion: Conversion): BlockContent[] {
  const rich = richBody === undefined ? [] : flowToBlocks(conversion.convert(richBody.children, { ...scope, inLine: false }))
  return [...rich, ...codeFlow(plainBody ?? '', '')]
}

const code = (language?: string): MacroHandler => source => {
  const title = titleOf(source)
  const blocks = codeFlow(source.plainBody ?? '', language ?? parameter(source, 'language', 'lang', ''))
  return [...(title === '' ? [] : [strongParagraph(title)]), ...blocks]
}

function codeFlow(source: string, language: string): BlockContent[] {
  const block = codeBlock(source, language)
  return block === undefined ? [] : [block]
}

const panel = (label: string): MacroHandler => (source, scope, conversion) => {
  const body = bodyBlocks(source, nested(scope), conversion)
  const title = titleOf(source)
  if (scope.nest >= MAX_NEST) return [...(title === '' ? [] : [strongParagraph(title)]), ...body]
  const quote = callout(label, title, body)
  return quote === undefined ? [] : [quote]
}

const status: MacroHandler = (source, scope) => text(parameter(source, 'title'), scope)

const body: MacroHandler = (source, scope, conversion) => bodyBlocks(source, scope, conversion)

/** A body that may stand in a sentence. */
const excerpt: MacroHandler = (source, scope, conversion) => {
  if (!scope.inLine || source.richBody === undefined) return body(source, scope, conversion)
  return [...conversion.convert(lineIn(source.richBody), scope), ...codeFlow(source.plainBody ?? '', '')]
}

const jira: MacroHandler = (source, scope) => {
  const key = parameter(source, 'key', 'issueKey')
  const query = parameter(source, 'jqlQuery', 'jql')
  if (key !== '' || query === '') return text(key, scope)
  return [textLeaf('Jira issues: ', scope.marks), textLeaf(query, { ...scope.marks, code: true })]
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

const TELLING = ['title', 'label', 'text', 'caption', 'heading', 'subtitle', 'question', 'description', 'alt', 'name', 'diagramName', 'diagramDisplayName', 'filename']
const ADDRESSES = ['url', 'src', 'link', 'href']

/**
 * Any other macro: the parameters that say something to a reader, what it links, and its body. A macro that only
 * shows what other pages say (a table of contents, a list of children) has none of these, and leaves nothing.
 */
const otherMacro: MacroHandler = (source, scope, conversion) => {
  const words = [...new Set(TELLING.map(name => visibleText(parameter(source, name)).trim()).filter(word => word !== ''))]
  const hasBody = source.richBody !== undefined || source.plainBody !== undefined
  const label = hasBody ? words.map(word => strongParagraph(word)) : text(words.join(' '), scope)
  const links = [...source.parameters.values()].flatMap(({ resources }) => resources).flatMap(resource => [
    ...resourceFlow(resource, scope, conversion),
    textLeaf(' ', scope.marks),
  ])
  const addresses = ADDRESSES.flatMap(name => addressLink(parameter(source, name), scope, conversion))
  const space = !hasBody && words.length > 0 && links.length + addresses.length > 0 ? [textLeaf(' ', scope.marks)] : []
  return [...label, ...space, ...links, ...addresses, ...bodyBlocks(source, scope, conversion)]
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

/** Macros that show what other pages or people say. They are about those, not about this page. */
const RENDERED_ELSEWHERE = [
  'anchor', 'toc', 'toc-zone', 'children', 'pagetree', 'pagetreesearch', 'recently-updated', 'contentbylabel', 'content-by-user',
  'attachments', 'gallery', 'livesearch', 'contributors', 'contributors-summary', 'blog-posts', 'content-report-table',
  'detailssummary', 'change-history', 'tasks-report-macro', 'space-list', 'spaces', 'favpages', 'index', 'listlabels', 'navmap',
  'popular-labels', 'related-labels', 'recently-updated-dashboard', 'create-from-template', 'create-space-button', 'space-attachments',
  'userlister', 'network', 'global-reports', 'loremipsum', 'profile-picture', 'numberedheadings',
]

const MACROS: ReadonlyMap<string, MacroHandler> = new Map([
  ...[...PANEL_LABELS].map(([name, label]): [string, MacroHandler] => [name, panel(label)]),
  ...RENDERED_ELSEWHERE.map((name): [string, MacroHandler] => [name, body]),
  ...['details', 'section', 'column'].map((name): [string, MacroHandler] => [name, body]),
  ...['excerpt', 'multiexcerpt', 'multiexcerpt-macro'].map((name): [string, MacroHandler] => [name, excerpt]),
  ...['include', 'excerpt-include'].map((name): [string, MacroHandler] => [name, withRichBody(include)]),
  ...['jira', 'jiraissues'].map((name): [string, MacroHandler] => [name, withRichBody(jira)]),
  ...['status', 'status-handy'].map((name): [string, MacroHandler] => [name, withRichBody(status)]),
  ...['markdown', 'markdown-macro'].map((name): [string, MacroHandler] => [name, withRichBody(markdown)]),
  ...['mathinline', 'eazy-math-inline', 'mathjax-inline-macro', 'latex-inline']
    .map((name): [string, MacroHandler] => [name, withRichBody(math('inline'))]),
  ...['mathblock', 'eazy-math-block', 'mathjax-block-macro', 'latex', 'latex-formatting']
    .map((name): [string, MacroHandler] => [name, withRichBody(math('block'))]),
  ...[['mermaid', 'mermaid'], ['mermaid-macro', 'mermaid'], ['plantuml', 'plantuml'], ['plantumlrender', 'plantuml'], ['graphviz', 'dot'],
    ['html', 'html']].map(([name = '', language]): [string, MacroHandler] => [name, withRichBody(code(language))]),
  ...['code', 'noformat'].map((name): [string, MacroHandler] => [name, withRichBody(code())]),
  ['panel', panel('')],
  ['footnote', footnote],
  ['style', withRichBody(() => [])],
])
