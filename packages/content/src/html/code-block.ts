import type { Element } from 'domhandler'
import type { Code } from 'mdast'

import { codeLanguage } from './code-language.ts'
import { codeText } from './code-text.ts'
import type { Block, Conversion } from './conversion.ts'
import { classesOf, descendants, findElement, hasClass, isElement, textContent } from './element.ts'
import { lineOfProse } from './prose.ts'

/** Tables that a highlighter makes of a block with line numbers. */
const NUMBERED = ['highlighttable', 'rouge-table', 'lntable', 'hljs-ln', 'js-file-line-container', 'lineno-table']

/** Whether an element is a block of code: `pre`, or what highlighters and generators use in its place. */
export function isCodeElement(element: Element): boolean {
  if (element.name === 'pre' || element.name === 'xmp' || element.name === 'listing' || element.name === 'plaintext') return true
  if (element.name === 'table') return hasClass(element, ...NUMBERED)
  if (element.name !== 'div') return false
  // Doxygen's listings, Javadoc's signatures and SyntaxHighlighter's.
  return hasClass(element, 'fragment', 'member-signature', 'type-signature', 'syntaxhighlighter')
}

/** A code block, without what stands beside the code. Nothing when there is none. */
export function codeBlock(element: Element, conversion: Conversion): Block[] {
  const value = codeText(element)
  if (value.trim() === '') return []
  const block: Code = { type: 'code', value }
  const language = languageOf(element, conversion)
  if (language !== undefined) block.lang = language
  const name = element.name === 'table' ? findElement(element, (inner) => hasClass(inner, 'filename')) : undefined
  const title = name === undefined ? '' : lineOfProse(textContent(name))
  if (title === '') return [block]
  return [{ type: 'paragraph', children: [{ type: 'strong', children: [{ type: 'text', value: title }] }] }, block]
}

function languageOf(element: Element, conversion: Conversion): string | undefined {
  if (javaSignature(element)) return 'java'
  const own = (names: readonly string[]): string | undefined => conversion.languageOf(names)
  const inner = innerBlock(element)
  return codeLanguage(inner, own) ?? (inner === element ? undefined : codeLanguage(element, own))
}

/** Name of a language or file that a highlighter shows in the frame of a block. */
export function codeLabel(element: Element): 'language' | 'title' | undefined {
  if (element.name !== 'span' || !isElement(element.parent)) return undefined
  if (!classesOf(element.parent).some((name) => name === 'highlight' || name.startsWith('language-'))) return undefined
  if (hasClass(element, 'lang')) return 'language'
  return hasClass(element, 'filename') ? 'title' : undefined
}

function javaSignature(element: Element): boolean {
  return hasClass(element, 'member-signature', 'type-signature')
}

/** The block that the language is found from: in a table with line numbers, the last `pre` holds the code. */
function innerBlock(element: Element): Element {
  if (element.name === 'pre') return element
  let last = element
  for (const inner of descendants(element)) if (inner.name === 'pre' || hasLanguage(inner)) last = inner
  return last
}

function hasLanguage(element: Element): boolean {
  return element.name === 'code' && classesOf(element).some((name) => name.startsWith('language-'))
}
