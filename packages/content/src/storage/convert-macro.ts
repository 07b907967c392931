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
import { type Macro, parameter, readMacro } from './macro.ts'

type MacroHandler = (macro: Macro, scope: Scope, conversion: Conversion) => Flow[]

/** A macro, and whatever a broken page has in it that belongs to no macro. */
export const macro: Handler = (element, scope, conversion) => {
  const read = readMacro(element)
  const handler = MACROS.get(read.name) ?? otherMacro
  const stray = element.children.filter(child => child.type === 'text' || !MACRO_PARTS.has(child.name))
  return [...handler(read, scope, conversion), ...conversion.convert(stray, scope)]
}

const MACRO_PARTS = new Set(['ac:parameter', 'ac:default-parameter', 'ac:rich-text-body', 'ac:plain-text-body'])

function bodyBlocks(source: Macro, scope: Scope, conversion: Conversion): BlockContent[] {
  const { richBody, plainBody } = source
  if (richBody !== undefined) return flowToBlocks(conversion.convert(richBody.children, scope))
  return codeFlow(plainBody ?? '', '')
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

const transparent: MacroHandler = (source, scope, conversion) => bodyBlocks(source, scope, conversion)

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
  const body = source.richBody?.children.filter(child => child.type === 'element' || child.value.trim() !== '') ?? []
  const only = body.length === 1 && body[0]?.type === 'element' && body[0].name === 'p' ? body[0].children : body
  const flow = source.richBody === undefined ? text(source.plainBody ?? '', scope) : conversion.convert(only, scope)
  if (flow.length === 0 || !flow.every(isLeaf)) return flow
  return [textLeaf(' (', scope.marks), ...flow, textLeaf(')', scope.marks)]
}

const TELLING = ['title', 'label', 'text', 'caption', 'heading', 'subtitle', 'question', 'description', 'alt', 'diagramName', 'diagramDisplayName', 'filename']
const ADDRESSES = ['url', 'src', 'link', 'href']

/**
 * Any other macro: the parameters that say something to a reader, what it links, and its body. A macro that only
 * shows what other pages say (a table of contents, a list of children) has none of these, and leaves nothing.
 */
const otherMacro: MacroHandler = (source, scope, conversion) => {
  const words = [...new Set(TELLING.map(name => visibleText(plainParameter(source, name)).trim()).filter(word => word !== ''))]
  const hasBody = source.richBody !== undefined || source.plainBody !== undefined
  const label = hasBody ? words.map(word => strongParagraph(word)) : text(words.join(' '), scope)
  const links = [...source.parameters.values()].flatMap(({ resources }) => resources).flatMap(resource => [
    ...resourceFlow(resource, scope, conversion),
    textLeaf(' ', scope.marks),
  ])
  const addresses = ADDRESSES.flatMap(name => addressLink(plainParameter(source, name), scope, conversion))
  const space = !hasBody && words.length > 0 && links.length + addresses.length > 0 ? [textLeaf(' ', scope.marks)] : []
  return [...label, ...space, ...links, ...addresses, ...bodyBlocks(source, scope, conversion)]
}

function plainParameter(source: Macro, name: string): string {
  const found = source.parameters.get(name)
  return found === undefined || found.resources.length > 0 ? '' : found.text
}

function addressLink(address: string, scope: Scope, conversion: Conversion): Flow[] {
  const url = /^(?:https?:|\/)/i.test(address) ? absoluteUrl(address, baseOf(scope, conversion)) : undefined
  return url === undefined ? [] : [textLeaf(url, marked(scope, { link: { url } }).marks), textLeaf(' ', scope.marks)]
}

function titleOf(source: Macro): string {
  return visibleText(plainParameter(source, 'title')).trim()
}

function text(value: string, scope: Scope): Flow[] {
  return value.trim() === '' ? [] : [textLeaf(value, scope.marks)]
}

const nothing: MacroHandler = (source, scope, conversion) => bodyBlocks(source, scope, conversion)

const MACROS: ReadonlyMap<string, MacroHandler> = new Map([
  ...[...PANEL_LABELS].map(([name, label]): [string, MacroHandler] => [name, panel(label)]),
  ['panel', panel('')],
  ['code', code()],
  ['noformat', code('')],
  ['mermaid', code('mermaid')],
  ['mermaid-macro', code('mermaid')],
  ['plantuml', code('plantuml')],
  ['plantumlrender', code('plantuml')],
  ['graphviz', code('dot')],
  ['html', code('html')],
  ['status', status],
  ['status-handy', status],
  ['jira', jira],
  ['jiraissues', jira],
  ['mathinline', math('inline')],
  ['eazy-math-inline', math('inline')],
  ['mathjax-inline-macro', math('inline')],
  ['latex-inline', math('inline')],
  ['mathblock', math('block')],
  ['eazy-math-block', math('block')],
  ['mathjax-block-macro', math('block')],
  ['latex', math('block')],
  ['latex-formatting', math('block')],
  ['markdown', markdown],
  ['markdown-macro', markdown],
  ['footnote', footnote],
  ['excerpt', transparent],
  ['multiexcerpt', transparent],
  ['details', transparent],
  ['section', transparent],
  ['column', transparent],
  ['anchor', nothing],
  ['toc', nothing],
  ['style', () => []],
  ['css', () => []],
  ['include', include],
  ['excerpt-include', include],
])
