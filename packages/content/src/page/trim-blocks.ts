import type { Nodes } from 'mdast'

import type { Block } from '../html/conversion.ts'

/** Remarks about the page at the end of its content, from generators that put them there. */
const REMARK =
  /^(?:last (?:updated?|modified|changed|edited|reviewed)\b|(?:this )?(?:page|document) (?:was )?(?:last|generated|built)\b|(?:built|made|created|generated|powered) (?:with|using|by|on|at)\b|updated on \d|© ?\d{4}|copyright (?:©|\(c\)|\d))/i
/** What makes a sentence of such words: it speaks of something else than the page. */
const SENTENCE = /\b(?:is|are|was|were|has|have|must|can|should|will|does|do|not|it|they)\b/i
/** "Last modified files" are no date: one names a time, or by whom. */
const DATED = /\d|:|\b(?:on|at|by|ago|today|yesterday|never|unknown)\b|^\S+ \S+ \S+$/i
/** Links for going on or editing, when a block is nothing else. */
const LINK_REMARK =
  /^(?:edit (?:this page|on \w+|page|me on)|improve this page|suggest (?:an )?edits?|(?:view|show|page) (?:page )?source|(?:previous|next|prev|back|home|up|top|contents?|index)\b.{0,80}|[←«<‹].*|.*[→»>›]|back to top|skip to (?:main )?content|table of contents|report (?:a|an) (?:issue|bug).*|was this (?:page )?helpful.*|found an error.*)$/i
const LONGEST_REMARK = 240

/** Blocks without remarks about the build and links to neighbours at both ends. */
export function withoutRemarks(blocks: readonly Block[]): Block[] {
  let end = blocks.length
  while (end > 0 && (isRemark(blocks[end - 1], blocks[end - 2]) || blocks[end - 1]?.type === 'thematicBreak')) end--
  let start = 0
  while (start < end && (isLinkRemark(blocks[start]) || blocks[start]?.type === 'thematicBreak')) start++
  return blocks.slice(start, end)
}

function isRemark(block: Block | undefined, before: Block | undefined): boolean {
  if (block?.type !== 'paragraph' && block?.type !== 'blockquote') return false
  const text = plainText(block).trim()
  return text.length <= LONGEST_REMARK && (isLinkRemark(block) || (REMARK.test(text) && isAboutPage(text, before)))
}

/** What stands alone below the heading of a section is its text. */
function isAboutPage(text: string, before: Block | undefined): boolean {
  if (before?.type === 'heading' && before.depth > 1) return false
  if (/^last\b/i.test(text)) return DATED.test(text) && !SENTENCE.test(text)
  return !/^(?:built|made|created|generated|powered)\b/i.test(text) || !SENTENCE.test(text)
}

function isLinkRemark(block: Block | undefined): boolean {
  if (block?.type !== 'paragraph') return false
  const isOnlyLinks = block.children.every((child) => child.type === 'link' || (child.type === 'text' && /^[\s|·•,-]*$/.test(child.value)))
  return isOnlyLinks && block.children.some((child) => child.type === 'link') && LINK_REMARK.test(plainText(block).trim())
}

function plainText(node: Nodes): string {
  if ('value' in node) return node.value
  if (!('children' in node)) return node.type === 'break' ? ' ' : ''
  let text = ''
  for (const child of node.children) text += plainText(child)
  return text
}
