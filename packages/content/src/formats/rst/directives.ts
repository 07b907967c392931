import type { ListItem, PhrasingContent } from 'mdast'
import Papa from 'papaparse'

import { ADMONITION_LABELS } from '../../html/admonition-labels.ts'
import type { Block } from '../../html/conversion.ts'
import { htmlBlocks } from './html-blocks.ts'
import { codeBlock } from './blocks.ts'
import { dedent, fieldAt } from './lines.ts'
import type { RstBlocks } from './reading.ts'
import { tableOf } from './tables.ts'

/** A directive as it is written: `.. name:: first` and what is indented below. */
export interface WrittenDirective {
  readonly name: string
  readonly first: string
  readonly body: readonly string[]
}

/** Its parts. Where a directive has no arguments, they are the first lines of its content. */
interface Directive {
  readonly name: string
  readonly arguments: readonly string[]
  readonly options: ReadonlyMap<string, string>
  readonly content: readonly string[]
}

type Handler = (directive: Directive, reader: RstBlocks) => Block[]

/** Nothing that a reader sees where it stands. */
const SILENT = new Set(
  (
    'toctree contents index meta currentmodule py:currentmodule module py:module sectionauthor codeauthor moduleauthor ' +
    'default-role role tabularcolumns default-domain program target-notes header footer title sectnum section-numbering ' +
    'include literalinclude graphviz bibliography testsetup testcleanup'
  ).split(' '),
)
const VERSIONS: Readonly<Record<string, string>> = {
  versionadded: 'New in version',
  versionchanged: 'Changed in version',
  'version-added': 'New in version',
  'version-changed': 'Changed in version',
  deprecated: 'Deprecated since version',
  'deprecated-removed': 'Deprecated since version',
  versionremoved: 'Removed in version',
}
const CODE = new Set('code code-block sourcecode parsed-literal literal testcode testoutput doctest productionlist prompt ipython cmake-example program-output command-output mermaid plantuml uml digraph graph'.split(' '))
/** What Python's domain, and Sphinx without a domain, describe. Other domains say so with a colon. */
const DESCRIBED = new Set(
  (
    'function class method classmethod staticmethod attribute data exception property decorator decoratormethod option ' +
    'cmdoption envvar confval describe object opcode coroutinefunction coroutinemethod awaitablefunction awaitablemethod ' +
    'abstractmethod setting django-admin django-admin-option templatetag templatefilter fieldlookup macro type struct ' +
    'union enum enumerator member var directive role pdbcommand monitoring-event audit-event 2to3fixer autofunction ' +
    'autoclass autoexception automethod autoattribute autodata automodule autoproperty autodecorator'
  ).split(' '),
)
/** Bodies that stand for themselves, below what the directive is called in its argument. */
const BOXES = new Set('topic sidebar dropdown tab tab-item grid-item-card card admonition details container compound class rst-class cssclass only ifconfig tabs tab-set grid grid-item epigraph highlights pull-quote hlist centered rubric glossary'.split(' '))

/** The blocks that a directive shows. One that is not known shows its argument and its content: no word is lost. */
export function readDirective(written: WrittenDirective, reader: RstBlocks): Block[] {
  const directive = partsOf(written)
  const { name } = directive
  if (SILENT.has(name)) return []
  return handlerOf(name)(directive, reader)
}

function handlerOf(name: string): Handler {
  if (Object.hasOwn(ADMONITION_LABELS, name)) return admonition
  if (Object.hasOwn(VERSIONS, name)) return version
  if (CODE.has(name)) return code
  if (name === 'highlight' || name === 'highlightlang') return highlight
  if (name === 'image' || name === 'figure') return picture
  if (name === 'math') return math
  if (name === 'raw') return raw
  if (name === 'list-table') return listTable
  if (name === 'csv-table') return csvTable
  if (BOXES.has(name) || name === 'table') return box
  return DESCRIBED.has(name) || name.includes(':') ? described : box
}

function partsOf({ name, first, body }: WrittenDirective): Directive {
  const lines = dedent(body)
  // What is written directly below the first line, before options and empty lines, belongs to the argument.
  const startsAtOnce = body[0] !== undefined && body[0] !== ''
  const given: string[] = first === '' ? [] : [first]
  let at = 0
  while (startsAtOnce && at < lines.length && lines[at] !== '' && fieldAt(lines[at] as string) === undefined) given.push(lines[at++] as string)
  const options = new Map<string, string>()
  while (startsAtOnce && at < lines.length) {
    const field = fieldAt(lines[at] as string)
    if (field === undefined) {
      // An option may go on in the next line.
      if (options.size === 0 || !/^\s+\S/.test(lines[at] ?? '')) break
      at++
      continue
    }
    options.set(field.name, field.rest)
    at++
  }
  return { name, arguments: given, options, content: lines.slice(at) }
}

function text(value: string): PhrasingContent {
  return { type: 'text', value }
}

function strong(children: PhrasingContent[]): Block {
  return { type: 'paragraph', children: [{ type: 'strong', children }] }
}

/** Arguments and content together, as of directives that have no arguments. */
function wholeOf({ arguments: given, content }: Directive): string[] {
  return given.length === 0 ? [...content] : [...given, ...(content.length === 0 || content[0] === '' ? [] : ['']), ...content]
}

function labelled(label: string, body: readonly Block[]): Block[] {
  const [first, ...rest] = body
  const head: PhrasingContent = { type: 'strong', children: [text(`${label}:`)] }
  if (first === undefined) return []
  const children = first.type === 'paragraph' ? [{ type: 'paragraph' as const, children: [head, text(' '), ...first.children] }, ...rest] : [{ type: 'paragraph' as const, children: [head] }, ...body]
  return [{ type: 'blockquote', children }]
}

function admonition(directive: Directive, reader: RstBlocks): Block[] {
  return labelled(ADMONITION_LABELS[directive.name] ?? '', reader.nested(wholeOf(directive)))
}

/** `.. versionadded:: 3.8` and what changed. */
function version({ name, arguments: given, content }: Directive, reader: RstBlocks): Block[] {
  const words = given.join(' ')
  const blank = words.indexOf(' ')
  const number = blank === -1 ? words : words.slice(0, blank)
  const rest = blank === -1 ? '' : words.slice(blank + 1)
  const body = reader.nested([rest, ...(rest === '' ? [] : ['']), ...content])
  const label = `${VERSIONS[name] ?? ''} ${number}`.trim()
  return body.length === 0 ? [{ type: 'paragraph', children: [text(`${label}.`)] }] : withLead(`${label}: `, body)
}

function withLead(lead: string, body: readonly Block[]): Block[] {
  const [first, ...rest] = body
  if (first?.type === 'paragraph') return [{ type: 'paragraph', children: [text(lead), ...first.children] }, ...rest]
  return [{ type: 'paragraph', children: [text(lead.trim())] }, ...body]
}

function code({ name, arguments: given, options, content }: Directive, reader: RstBlocks): Block[] {
  const caption = options.get('caption')
  const hasLanguage = name.startsWith('code') || name === 'sourcecode' || name === 'prompt'
  const language = hasLanguage ? (given[0]?.split(/\s/)[0] ?? reader.state.codeLanguage) : name === 'testcode' || name === 'doctest' ? 'python' : ''
  const lines = hasLanguage ? content : [...given, ...content]
  return [...(caption === undefined ? [] : [strong(reader.inline(caption))]), ...(lines.length === 0 ? [] : [codeBlock(dedent(lines).join('\n'), language)])]
}

function highlight({ arguments: given }: Directive, reader: RstBlocks): Block[] {
  reader.state.codeLanguage = given[0]?.trim() ?? ''
  return []
}

function picture({ arguments: given, options, content }: Directive, reader: RstBlocks): Block[] {
  const alt = options.get('alt') ?? ''
  const url = given.join('').trim()
  const image: Block[] = alt === '' ? [] : [{ type: 'paragraph', children: [/\s/.test(url) || url === '' ? text(alt) : { type: 'image', url, alt }] }]
  return [...image, ...reader.nested(content)]
}

function math({ arguments: given, content }: Directive): Block[] {
  const value = [...given, ...content].join('\n').trim()
  return value === '' ? [] : [{ type: 'math', value }]
}

function raw({ arguments: given, content }: Directive): Block[] {
  return given[0]?.split(/\s/).includes('html') === true ? htmlBlocks(content.join('\n')) : []
}

/** What a domain describes: a section of its own below the one around it, named by its first signature. */
function described({ arguments: given, content }: Directive, reader: RstBlocks): Block[] {
  const { state } = reader
  const signatures = signaturesOf(given)
  const [first, ...others] = signatures
  const before = state.level
  const level = Math.min(6, before + 1)
  const heading = first === undefined ? [] : [{ type: 'heading', depth: level, children: [{ type: 'inlineCode', value: first }] } as unknown as Block]
  state.level = level
  const body = reader.nested(content)
  state.level = before
  return [...heading, ...others.map((signature): Block => ({ type: 'paragraph', children: [{ type: 'inlineCode', value: signature }] })), ...body]
}

/** One a line; a backslash at the end joins two. */
function signaturesOf(lines: readonly string[]): string[] {
  const joined: string[] = []
  for (const line of lines) {
    const last = joined.at(-1)
    if (last?.endsWith('\\') === true) joined[joined.length - 1] = last.slice(0, -1) + line.trim()
    else joined.push(line.trim())
  }
  return joined.map((line) => line.replace(/\\(.)/g, '$1')).filter((line) => line !== '')
}

function box(directive: Directive, reader: RstBlocks): Block[] {
  const { name, arguments: given, content } = directive
  const words = given.join(' ').trim()
  const body = reader.nested(content)
  if (/^(?:only|ifconfig|container|compound|class|rst-class|cssclass|hlist|tabs|tab-set|grid|glossary|epigraph|highlights|pull-quote)$/.test(name)) {
    const quoted = /^(?:epigraph|highlights|pull-quote)$/.test(name)
    const all = quoted ? reader.nested(wholeOf(directive)) : body
    return quoted && all.length > 0 ? [{ type: 'blockquote', children: all }] : all
  }
  const title = words === '' ? [] : [strong(reader.inline(words))]
  return name === 'admonition' || name === 'topic' || name === 'sidebar' ? quotation([...title, ...body]) : [...title, ...body]
}

function quotation(children: Block[]): Block[] {
  return children.length === 0 ? [] : [{ type: 'blockquote', children }]
}

/** A list of lists, each of which is a row. */
function listTable({ arguments: given, content }: Directive, reader: RstBlocks): Block[] {
  const blocks = reader.nested(content)
  const rows = blocks.flatMap((block) => (block.type === 'list' ? block.children : [])).map((item: ListItem) => {
    const cells = item.children.find((child) => child.type === 'list')
    return cells?.type === 'list' ? cells.children.map((cell) => cell.children as Block[]) : [item.children as Block[]]
  })
  const caption = given.length === 0 ? [] : [strong(reader.inline(given.join(' ')))]
  const table = tableOf(rows)
  return [...caption, ...(table === undefined ? blocks : [table])]
}

function csvTable({ arguments: given, options, content }: Directive, reader: RstBlocks): Block[] {
  const header = options.get('header')
  const delimiter = options.get('delim')
  const source = [...(header === undefined ? [] : [header]), ...content].join('\n')
  const separator = delimiter === 'tab' ? '\t' : delimiter === undefined || delimiter.length !== 1 ? ',' : delimiter
  // Blanks before a quote count for nothing.
  const { data } = Papa.parse<string[]>(source.replaceAll(`${separator} "`, `${separator}"`), { delimiter: separator, skipEmptyLines: 'greedy' })
  const table = tableOf(data.map((row) => row.map((cell) => reader.nested(cell.split('\n')))))
  return [...(given.length === 0 ? [] : [strong(reader.inline(given.join(' ')))]), ...(table === undefined ? [] : [table])]
}
