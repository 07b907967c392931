import type { Code, List, ListItem, Nodes, PhrasingContent } from 'mdast'

import './math-nodes.ts'
import { writePhrasing } from './write-phrasing.ts'
import { writeTable } from './write-table.ts'

/** Markdown of blocks below each other. */
export function writeBlocks(nodes: readonly Nodes[]): string {
  return joinBlocks(nodes, () => '\n\n')
}

function joinBlocks(nodes: readonly Nodes[], between: (left: Nodes, right: Nodes) => string): string {
  const parts: string[] = []
  let previous: Nodes | undefined
  let run: PhrasingContent[] = []
  const add = (text: string, node: Nodes): void => {
    if (text === '') return
    if (previous !== undefined) parts.push(between(previous, node))
    parts.push(text)
    previous = node
  }
  const flush = (): void => {
    if (run.length > 0) add(paragraph(run), { type: 'paragraph', children: run })
    run = []
  }
  for (const node of nodes) {
    if (isPhrasing(node)) {
      run.push(node)
      continue
    }
    flush()
    add(writeBlock(node), node)
  }
  flush()
  return parts.join('')
}

const PHRASING = new Set(
  (
    'text emphasis strong delete inlineCode inlineMath break link image footnoteReference linkReference ' +
    'imageReference'
  ).split(' '),
)

function isPhrasing(node: Nodes): node is PhrasingContent {
  return PHRASING.has(node.type)
}

function writeBlock(node: Nodes): string {
  switch (node.type) {
    case 'paragraph':
      return paragraph(node.children)
    case 'heading':
      return heading(node.depth, node.children)
    case 'thematicBreak':
      return '---'
    case 'blockquote':
      return indent(writeBlocks(node.children), '> ')
    case 'list':
      return list(node)
    case 'listItem':
      return listItem(node, '- ')
    case 'code':
      return codeBlock(node)
    case 'math':
      return `$$\n${node.value.trim()}\n$$`
    case 'table':
      return writeTable(node)
    case 'html':
    case 'yaml':
      return node.value.trim()
    case 'footnoteDefinition':
      return `[^${node.label ?? node.identifier}]: ${hang(writeBlocks(node.children), 4)}`
    case 'definition':
      return `[${node.label ?? node.identifier}]: ${node.url}`
    default:
      return 'children' in node ? writeBlocks(node.children) : 'value' in node ? paragraph([{ type: 'text', value: node.value }]) : ''
  }
}

function paragraph(nodes: readonly PhrasingContent[]): string {
  return writePhrasing(nodes).trim()
}

function heading(depth: number, nodes: readonly PhrasingContent[]): string {
  const text = writePhrasing(nodes, { oneLine: true }).trim()
  // A closing run of number signs would be dropped by a reader.
  const safe = text.replace(/(^|[\t ])(#+)$/, '$1\\$2')
  return text === '' ? '' : `${'#'.repeat(Math.min(6, Math.max(1, depth)))} ${safe}`
}

/** Two lists below each other keep their markers: changing those of the second would change all that follow it. */
function list(node: List): string {
  const items: string[] = []
  let number = node.start ?? 1
  for (const item of node.children) {
    const mark = node.ordered === true ? `${number++}. ` : '- '
    items.push(listItem(item, mark))
  }
  const spread = node.spread === true || node.children.some((item) => item.spread === true)
  return items.join(spread ? '\n\n' : '\n')
}

function listItem(node: ListItem, mark: string): string {
  const text = joinBlocks(node.children, (left, right) => (node.spread === true ? '\n\n' : tightJoin(left, right)))
  const box = typeof node.checked === 'boolean' ? `[${node.checked ? 'x' : ' '}] ` : ''
  return `${mark}${box}${hang(text, mark.length)}`.trimEnd()
}

/** A paragraph would swallow another, and what is no list needs a blank line after a list. */
function tightJoin(left: Nodes, right: Nodes): string {
  return right.type === 'list' && left.type !== 'list' && (right.ordered !== true || (right.start ?? 1) === 1) ? '\n' : '\n\n'
}

function codeBlock(node: Code): string {
  let longest = 2
  for (const [run] of node.value.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length)
  const fence = '`'.repeat(longest + 1)
  const info = [node.lang, node.meta].filter((part) => typeof part === 'string' && part !== '').join(' ')
  const value = node.value.replace(/\r\n?/g, '\n')
  return `${fence}${info.replace(/[`\s]+/g, ' ').trim()}\n${value}${value === '' ? '' : '\n'}${fence}`
}

/** Every line after `prefix`; no blanks at the end of an empty one. */
function indent(text: string, prefix: string): string {
  const bare = prefix.trimEnd()
  return text
    .split('\n')
    .map((line) => (line === '' ? bare : prefix + line))
    .join('\n')
}

/** Lines after the first are indented by `columns`. */
function hang(text: string, columns: number): string {
  return text.includes('\n') ? text.replace(/\n(?=[^\n])/g, `\n${' '.repeat(columns)}`) : text
}
