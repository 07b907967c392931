import type { Delete, Emphasis, Nodes, PhrasingContent, Strong } from 'mdast'

import { characterKind, leftFlanking, rightFlanking } from './characters.ts'
import { escapeText } from './escape-text.ts'
import './math-nodes.ts'

/** Where phrasing stands. */
export interface PhrasingPlace {
  /** In one line, as in a heading: a line break is a space. */
  readonly oneLine?: boolean
  /** In a cell of a table: pipes are escaped, a line break is `<br>`. */
  readonly inTableCell?: boolean
}

interface State extends PhrasingPlace {
  readonly inLink: boolean
  readonly inEmphasis: boolean
  /** Whether a back-tick could pair with another somewhere in the line. */
  readonly codePairs: boolean
}

/** Markdown of the content of a paragraph, heading or table cell. */
export function writePhrasing(nodes: readonly PhrasingContent[], place: PhrasingPlace = {}): string {
  return write(nodes, '', '', { ...place, inLink: false, inEmphasis: false, codePairs: countCode(nodes) > 1 })
}

/** Code after code is one piece, since the back-ticks between them would be read as one longer fence; so is text. */
function withJoined(nodes: readonly Nodes[]): readonly Nodes[] {
  const joins = (node: Nodes, at: number): boolean => {
    return at > 0 && (node.type === 'inlineCode' || node.type === 'text') && nodes[at - 1]?.type === node.type
  }
  if (!nodes.some(joins)) return nodes
  const joined: Nodes[] = []
  for (const [at, node] of nodes.entries()) {
    const last = joined.at(-1)
    if (!joins(node, at) || last === undefined || !('value' in last) || !('value' in node)) joined.push(node)
    else joined[joined.length - 1] = { type: last.type, value: last.value + node.value } as Nodes
  }
  return joined
}

function write(given: readonly Nodes[], before: string, after: string, state: State): string {
  const nodes = withJoined(given)
  const paired = state.inEmphasis ? DELIMITERS : pairingOf(nodes, before, after)
  const parts: string[] = []
  // Kept beside the parts: asking a growing string for its last character copies all of it.
  let previous = before
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as Nodes
    const next = at + 1 < nodes.length ? firstCharacter(nodes[at + 1] as Nodes) : after
    // Delimiters behind may be left out: markup has to hold before them, and before what is in them.
    const behind = node.type === 'text' ? next.charAt(0) : next
    const part = writeOne(node, previous, behind, paired, state)
    if (part === '') continue
    parts.push(part)
    previous = part.charAt(part.length - 1)
  }
  return parts.join('')
}

/** Those of `*`, `_` and `~` that stand in several of these texts, or could pair with the delimiters of markup beside them. */
function pairingOf(nodes: readonly Nodes[], before: string, after: string): string {
  let seen = ''
  let pairing = ''
  for (const [at, node] of nodes.entries()) {
    // Between punctuation, between letters, and for some readers beside other delimiters, those of markup can close as
    // well as open: what stands alone could be their partner.
    const beside = [edgeOf(nodes[at - 1], -1) ?? before, edgeOf(nodes[at + 1], 0) ?? after]
    if (isMarked(node) && (isEdgy(node) || beside.some((one) => isLetter(one) || DELIMITERS.includes(one || ' ')))) pairing += node.type === 'delete' ? '~' : '*'
    if (node.type !== 'text') continue
    for (const mark of DELIMITERS) {
      if (!node.value.includes(mark)) continue
      if (!seen.includes(mark)) seen += mark
      else if (!pairing.includes(mark)) pairing += mark
    }
  }
  return pairing
}

function isMarked(node: Nodes): node is Emphasis | Strong | Delete {
  return node.type === 'emphasis' || node.type === 'strong' || node.type === 'delete'
}

/** Begins or ends with something else than a letter or digit. */
function isEdgy({ children }: Emphasis | Strong | Delete): boolean {
  return !isLetter(edgeOf(children[0], 0) ?? '') || !isLetter(edgeOf(children.at(-1), -1) ?? '')
}

/** The first (0) or last (-1) character of a text; of anything else what stands for its punctuation. */
function edgeOf(node: Nodes | undefined, at: 0 | -1): string | undefined {
  if (node === undefined) return undefined
  if (node.type === 'text') return node.value.slice(at === 0 ? 0 : -1).charAt(0)
  return isMarked(node) ? '*' : '`'
}

function isLetter(character: string): boolean {
  return character !== '' && characterKind(character) === 'other'
}

/** Pieces of code and texts with a back-tick, up to two: code pairs across all other markup. */
function countCode(nodes: readonly Nodes[]): number {
  let count = 0
  for (const node of nodes) {
    if (node.type === 'inlineCode' || (node.type === 'text' && node.value.includes('`'))) count++
    else if ('children' in node) count += countCode(node.children)
    if (count > 1) break
  }
  return count
}

const DELIMITERS = '*_~'

function writeOne(node: Nodes, before: string, after: string, paired: string, state: State): string {
  switch (node.type) {
    case 'text':
      return writeText(node.value, before, after, paired, state)
    case 'emphasis':
      return surround('*', node.children, before, after, state)
    case 'strong':
      return surround('**', node.children, before, after, state)
    case 'delete':
      return surround('~~', node.children, before, after, state)
    case 'inlineCode':
      return writeInlineCode(node.value, state)
    case 'inlineMath':
      return `$${oneLine(node.value, state)}$`
    case 'break':
      return state.inTableCell === true ? '<br>' : state.oneLine === true ? ' ' : '  \n'
    case 'link':
      return writeLink(node.url, node.title, node.children, state)
    case 'image':
      return `![${writeText(node.alt ?? '', '[', ']', DELIMITERS, { ...state, inLink: true })}](${destination(node.url, node.title)})`
    case 'html':
      return oneLine(node.value, state)
    case 'footnoteReference':
      return `[^${node.label ?? node.identifier}]`
    case 'linkReference':
      return write(node.children, before, after, state)
    case 'imageReference':
      return writeText(node.alt ?? '', before, after, paired, state)
    default:
      if ('children' in node) return write(node.children, before, after, state)
      return 'value' in node ? writeText(node.value, before, after, paired, state) : ''
  }
}

function writeText(value: string, before: string, after: string, paired: string, state: State): string {
  const flat = state.oneLine === true || state.inTableCell === true ? onOneLine(value) : value
  return escapeText(flat, {
    before: before === '\n' ? '' : before,
    after: after === '\n' ? '' : after,
    startsLine: (before === '' || before === '\n') && state.inTableCell !== true,
    delimitersPair: paired,
    backticksPair: state.codePairs,
    inLink: state.inLink,
    inTableCell: state.inTableCell === true,
  })
}

/** Delimiters that could not be read back as such, as in `a**,b**c`, are left out: the text is what counts. */
function surround(mark: string, nodes: readonly Nodes[], before: string, after: string, state: State): string {
  // Inside, the delimiters count as any punctuation: `*a **b***` is read back as it was.
  const inner = write(nodes, '(', ')', { ...state, inEmphasis: true })
  if (inner === '') return ''
  const opens = before !== mark.charAt(0) && leftFlanking(before, inner.charAt(0))
  const last = inner.charAt(inner.length - 1)
  const fits = rightFlanking(last, after.charAt(0)) && rightFlanking(last, after.slice(-1))
  const closes = after.charAt(0) !== mark.charAt(0) && fits
  if (opens && closes) return `${mark}${inner}${mark}`
  return write(nodes, before, after.charAt(0), { ...state, inEmphasis: true })
}

function writeInlineCode(value: string, state: State): string {
  const flat = value.replace(/[\t\n\r ]+/g, ' ')
  const text = state.inTableCell === true ? flat.replace(/\|/g, '\\|') : flat
  let longest = 0
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  const fence = '`'.repeat(longest + 1)
  const spaced = text.startsWith(' ') && text.endsWith(' ') && /[^ ]/.test(text)
  const pad = text.startsWith('`') || text.endsWith('`') || spaced ? ' ' : ''
  return `${fence}${pad}${text}${pad}${fence}`
}

function writeLink(url: string, title: string | null | undefined, nodes: readonly Nodes[], state: State): string {
  if (state.inLink) return write(nodes, '', '', state)
  const only = nodes.length === 1 ? nodes[0] : undefined
  if (only?.type === 'text' && (url === only.value || url === `mailto:${only.value}`) && /^\S+$/.test(url)) {
    return state.inTableCell === true ? only.value.replace(/\|/g, '\\|') : only.value
  }
  const text = write(nodes, '[', ']', { ...state, inLink: true })
  return `[${text}](${destination(url, title)})`
}

const UNSAFE_IN_DESTINATION: Readonly<Record<string, string>> = {
  '(': '%28',
  ')': '%29',
  '<': '%3C',
  '>': '%3E',
  '|': '%7C',
  '\\': '%5C',
  '`': '%60',
}

function destination(url: string, title: string | null | undefined): string {
  const safe = url
    .trim()
    .replace(/\s/g, '%20')
    .replace(/[<>|\\`]/g, (character) => UNSAFE_IN_DESTINATION[character] ?? character)
  const address = balanced(safe) ? safe : safe.replace(/[()]/g, (character) => UNSAFE_IN_DESTINATION[character] ?? character)
  if (title === null || title === undefined || title === '') return address
  return `${address} "${title.replace(/\s+/g, ' ').replace(/[\\"|]/g, '\\$&')}"`
}

function balanced(url: string): boolean {
  let open = 0
  for (const character of url) {
    if (character === '(') open++
    else if (character === ')' && --open < 0) return false
  }
  return open === 0
}

/** Line breaks with the spaces around them are one space. */
function onOneLine(value: string): string {
  return value.replace(/\s+/g, (run) => (run.includes('\n') ? ' ' : run))
}

function oneLine(value: string, state: State): string {
  const flat = onOneLine(value)
  return state.inTableCell === true ? flat.replace(/\|/g, '\\|') : flat
}

/** First character of what will be written for a node; for emphasis also the first one inside of its delimiters. */
function firstCharacter(node: Nodes): string {
  switch (node.type) {
    case 'text':
      return node.value.charAt(0)
    case 'emphasis':
    case 'strong':
    case 'delete': {
      const inside = node.children[0] === undefined ? '' : firstCharacter(node.children[0]).slice(-1)
      return (node.type === 'delete' ? '~' : '*') + inside
    }
    case 'inlineCode':
      return '`'
    case 'break':
      return '\n'
    case 'image':
      return '!'
    case 'html':
      return '<'
    default:
      return '['
  }
}
