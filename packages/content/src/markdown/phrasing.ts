import type { PhrasingContent } from 'mdast'
import { type Leaf, type LinkTarget, type Marks, textLeaf } from './leaf.ts'

/**
 * Builds the content of one line from its pieces: white space is collapsed and moved out of marks, pieces with
 * equal marks are joined, and every mark is written once. Linear in the number of pieces.
 */
export function phrasing(leaves: readonly Leaf[]): PhrasingContent[] {
  return group(settleSpaces(raised(leaves)), MARKS)
}

// Soft hyphens, zero-width spaces and byte order marks cut words in two for whoever searches them.
const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF]/g
// oxlint-disable-next-line no-control-regex -- they are what is meant
const CONTROL = /[\u0000-\u0008\u000E-\u001F\u007F]/g

/** Text as it is shown on one line: without invisible characters, every run of white space as one space. */
export function visibleText(value: string): string {
  return value.replace(INVISIBLE, '').replace(CONTROL, '').replace(/\s+/g, ' ')
}

const EXPONENT = /^(?:[-+\u2212\u2013]?[\d\p{L}]\s*$|[-+\u2212\u2013]\S|\d)/u

/** A raised number or sign is written as an exponent: `10^6`. Ordinals (`1st`) and the like stay as they are. */
function raised(leaves: readonly Leaf[]): Leaf[] {
  const result: Leaf[] = []
  let inRaised = false
  for (const leaf of leaves) {
    const { raised: isRaised, ...marks } = leaf.marks
    const blank = leaf.leaf === 'text' && leaf.value.trim() === ''
    if (isRaised !== true) inRaised = false
    // The space before a raised text is written before it, not in it.
    else if (blank && !inRaised) continue
    if (isRaised !== true || leaf.leaf !== 'text' || inRaised) result.push({ ...leaf, marks })
    else {
      const value = leaf.value.trimStart()
      result.push(textLeaf(result.length > 0 && EXPONENT.test(value) ? `^${value}` : value, marks))
    }
    if (isRaised === true && !blank) inRaised = true
  }
  return result
}

/** One space between two pieces at most, none beside a line break or at the ends; it has the marks both sides share. */
function settleSpaces(leaves: readonly Leaf[]): Leaf[] {
  const result: Leaf[] = []
  let pending: 'none' | 'space' | 'break' = 'none'
  const push = (leaf: Leaf): void => {
    const last = result.at(-1)
    if (pending === 'none' && runsTogether(last, leaf)) pending = 'space'
    if (last !== undefined && pending !== 'none') {
      const marks = besideAddress(last, leaf) ? withoutLink(sharedMarks(last.marks, leaf.marks)) : sharedMarks(last.marks, leaf.marks)
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

/** An address that is shown as such needs a space before it and after it, which cards have by their look only. */
function runsTogether(last: Leaf | undefined, leaf: Leaf): boolean {
  if (last?.leaf !== 'text' || leaf.leaf !== 'text') return false
  return (isAddress(leaf) && /[\p{L}\p{N}]$/u.test(last.value)) || (isAddress(last) && /^[\p{L}\p{N}]/u.test(leaf.value))
}

function isAddress(leaf: Leaf): boolean {
  return leaf.leaf === 'text' && leaf.marks.link?.url === leaf.value
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

/** Two cards with one address stand side by side: each is a link of its own. */
function besideAddress(last: Leaf, leaf: Leaf): boolean {
  return isAddress(last) && isAddress(leaf)
}

function withoutLink({ link: _link, ...marks }: Marks): Marks {
  return marks
}

function withoutCode({ code: _code, ...marks }: Marks): Marks {
  return marks
}

function sameLink(a: LinkTarget | undefined, b: LinkTarget | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.url === b.url && a.title === b.title)
}

type Mark = 'link' | 'strong' | 'emphasis' | 'delete'

const MARKS: readonly Mark[] = ['link', 'strong', 'emphasis', 'delete']

/**
 * Wraps runs of pieces that share a mark. Links are outermost, so that none is in another; of the other marks, the
 * one that reaches furthest, since `*x **y***` can be read back and `*x****y***` cannot.
 */
function group(leaves: readonly Leaf[], marks: readonly Mark[]): PhrasingContent[] {
  if (marks.length === 0) return leafNodes(leaves)
  const result: PhrasingContent[] = []
  for (let start = 0; start < leaves.length;) {
    const { mark, end } = nextRun(leaves, start, marks)
    const run = leaves.slice(start, end)
    if (mark === undefined) result.push(...leafNodes(run))
    else result.push(marked(mark, run[0]?.marks.link, group(run, marks.filter(other => other !== mark))))
    start = end
  }
  return result
}

function nextRun(leaves: readonly Leaf[], start: number, marks: readonly Mark[]): { mark?: Mark, end: number } {
  const first = leaves[start]?.marks ?? {}
  const present = marks.filter(mark => first[mark] !== undefined)
  if (present.length === 0) {
    let end = start + 1
    while (end < leaves.length && marks.every(mark => leaves[end]?.marks[mark] === undefined)) end += 1
    return { end }
  }
  const reach = (mark: Mark): number => {
    let end = start + 1
    while (end < leaves.length && sameMark(mark, first, leaves[end]?.marks ?? {})) end += 1
    return end
  }
  if (present[0] === 'link') return { mark: 'link', end: reach('link') }
  const runs = present.map(mark => ({ mark, end: reach(mark) }))
  return runs.reduce((longest, run) => run.end > longest.end ? run : longest)
}

function sameMark(mark: Mark, a: Marks, b: Marks): boolean {
  return mark === 'link' ? sameLink(a.link, b.link) : a[mark] === b[mark]
}

function marked(mark: Mark, link: LinkTarget | undefined, children: PhrasingContent[]): PhrasingContent {
  // No link is inside of a link here, which is all that the type of its children rules out.
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
