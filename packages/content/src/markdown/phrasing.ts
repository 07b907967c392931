import type { PhrasingContent } from 'mdast'
import { type Leaf, type LinkTarget, type Marks, textLeaf } from './leaf.ts'

/**
 * Builds the content of one line from its pieces: white space is collapsed and moved out of marks, pieces with
 * equal marks are joined, and every mark is written once. Linear in the number of pieces.
 */
export function phrasing(leaves: readonly Leaf[]): PhrasingContent[] {
  return group(settleSpaces(raised(leaves)), 0)
}

// Soft hyphens, zero-width spaces and byte order marks cut words in two for whoever searches them.
const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF]/g
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000E-\u001F\u007F]/g

/** Text as it is shown on one line: without invisible characters, every run of white space as one space. */
export function visibleText(value: string): string {
  return value.replace(INVISIBLE, '').replace(CONTROL, '').replace(/\s+/g, ' ')
}

const EXPONENT = /^(?:[-+\u2212\u2013]?\d|\p{L}$)/u
const BASE = /[\p{L}\p{N})\]]$/u

/** A raised number after a letter or a digit is an exponent: `10^6`. Ordinals (`1st`) stay as they are. */
function raised(leaves: readonly Leaf[]): Leaf[] {
  const result: Leaf[] = []
  let before: Leaf | undefined
  for (const leaf of leaves) {
    const { raised: isRaised, ...marks } = leaf.marks
    const begins = isRaised === true && leaf.leaf === 'text' && before?.leaf === 'text' && before.marks.raised !== true
    if (begins && EXPONENT.test(leaf.value.trim()) && BASE.test(before?.leaf === 'text' ? before.value : '')) {
      result.push(textLeaf('^', marks))
    }
    result.push({ ...leaf, marks })
    if (leaf.leaf !== 'text' || leaf.value !== '') before = leaf
  }
  return result
}

/** One space between two pieces at most, none beside a line break or at the ends; it has the marks both sides share. */
function settleSpaces(leaves: readonly Leaf[]): Leaf[] {
  const result: Leaf[] = []
  let pending: 'none' | 'space' | 'break' = 'none'
  const push = (leaf: Leaf): void => {
    const last = result.at(-1)
    if (last !== undefined && pending !== 'none') {
      const marks = sharedMarks(last.marks, leaf.marks)
      result.push(pending === 'break' ? { leaf: 'break', marks: withoutCode(marks) } : textLeaf(' ', marks))
    }
    pending = 'none'
    result.push(leaf)
  }
  for (const leaf of leaves) {
    if (leaf.leaf === 'break') pending = 'break'
    else if (leaf.leaf === 'node') push(leaf)
    else {
      const value = visibleText(leaf.value)
      const core = value.trim()
      if (value.startsWith(' ') && pending === 'none') pending = 'space'
      if (core === '') continue
      push({ ...leaf, value: core })
      if (value.endsWith(' ')) pending = 'space'
    }
  }
  return result
}

function sharedMarks(a: Marks, b: Marks): Marks {
  return {
    ...(a.strong === true && b.strong === true && { strong: true }),
    ...(a.emphasis === true && b.emphasis === true && { emphasis: true }),
    ...(a.delete === true && b.delete === true && { delete: true }),
    ...(a.code === true && b.code === true && { code: true }),
    ...(a.link !== undefined && sameLink(a.link, b.link) && { link: a.link }),
  }
}

function withoutCode({ code: _code, ...marks }: Marks): Marks {
  return marks
}

function sameLink(a: LinkTarget | undefined, b: LinkTarget | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.url === b.url && a.title === b.title)
}

const LEVELS = ['link', 'strong', 'emphasis', 'delete'] as const

function group(leaves: readonly Leaf[], level: number): PhrasingContent[] {
  const mark = LEVELS[level]
  if (mark === undefined) return leafNodes(leaves)
  const result: PhrasingContent[] = []
  for (let start = 0; start < leaves.length;) {
    const marks = leaves[start]?.marks ?? {}
    let end = start + 1
    while (end < leaves.length && sameMark(mark, marks, leaves[end]?.marks ?? {})) end += 1
    const children = group(leaves.slice(start, end), level + 1)
    if (marks[mark] === undefined) result.push(...children)
    else result.push(marked(mark, marks.link, children))
    start = end
  }
  return result
}

function sameMark(mark: typeof LEVELS[number], a: Marks, b: Marks): boolean {
  return mark === 'link' ? sameLink(a.link, b.link) : a[mark] === b[mark]
}

function marked(mark: typeof LEVELS[number], link: LinkTarget | undefined, children: PhrasingContent[]): PhrasingContent {
  // The order of LEVELS keeps links outside, so what is inside of one never holds another.
  if (mark === 'link') return { type: 'link', url: link?.url ?? '', title: link?.title ?? null, children: children as never }
  return { type: mark, children }
}

function leafNodes(leaves: readonly Leaf[]): PhrasingContent[] {
  const result: PhrasingContent[] = []
  for (const leaf of leaves) {
    const last = result.at(-1)
    if (leaf.leaf === 'break') result.push({ type: 'break' })
    else if (leaf.leaf === 'node') result.push(leaf.node)
    else {
      const type = leaf.marks.code === true ? 'inlineCode' : 'text'
      if (last?.type === type) last.value += leaf.value
      else result.push({ type, value: leaf.value })
    }
  }
  return result
}
