import { type AnyNode, type Element } from 'domhandler'

import { isBlock } from './block-elements.ts'
import { attribute, classesOf, isElement, isText } from './element.ts'
import { isInvisible } from './invisible.ts'

/** Line numbers, the markers of changed lines, and other things beside the code, by class. */
const GUTTER =
  /^(?:linenos?|linenodiv|line-?numbers?(?:-rows|-wrapper)?|gutter|hljs-ln-numbers|lnt|ln|rouge-gutter|blob-num|src-line-numbers|codeLineNumber\w*|react-syntax-highlighter-line-number|line-number-rows|rust-line-numbers|data-line-numbers|filename)$/
/** Elements that are a line each, in highlighters that leave the line ends to the style sheet. */
const LINE = /^(?:line|token-line|code-line|ec-line|view-line|cl-line)$/

/**
 * Text of a code block as a reader would copy it: without line numbers, copy buttons and labels, with the line ends
 * that markup stands for. Ends of lines keep their blanks; blank lines at both ends are left out.
 */
export function codeText(element: Element): string {
  const out = new CodeLines()
  addChildren(element, out)
  return out.text()
}

class CodeLines {
  readonly #parts: string[] = []
  #last = ''
  /** The line end stands for the end of an element; one in the source behind it is the same. */
  #implied = false

  add(text: string): void {
    const rest = this.#implied && text.startsWith('\n') ? text.slice(1) : text
    if (rest === '') return
    this.#implied = false
    this.#parts.push(rest)
    this.#last = rest.charAt(rest.length - 1)
  }

  /** What follows begins a line, unless it does so already. */
  newLine(): void {
    if (this.#parts.length === 0 || this.#last === '\n') return
    this.add('\n')
    this.#implied = true
  }

  text(): string {
    return this.#parts
      .join('')
      .replace(/\r\n?/g, '\n')
      .replace(/[\u200B\u2060\uFEFF]/g, '')
      .replace(/\u00A0/g, ' ')
      .replace(/^(?:[\t ]*\n)+/, '')
      .trimEnd()
  }
}

function addChildren(element: Element, out: CodeLines): void {
  for (const child of element.children) addNode(child, out)
}

function addNode(node: AnyNode, out: CodeLines): void {
  if (isText(node)) out.add(node.data)
  else if (isElement(node)) addElement(node, out)
}

function addElement(element: Element, out: CodeLines): void {
  if (element.name === 'br') {
    out.add('\n')
    return
  }
  const classes = classesOf(element)
  if (isInvisible(element) || classes.some((name) => GUTTER.test(name))) return
  if (element.name === 'td' && attribute(element, 'data-line-number') !== undefined) return
  const ownLine = element.name !== 'td' && element.name !== 'th' && isBlock(element)
  if (ownLine || isUnbrokenLine(element, classes)) out.newLine()
  addChildren(element, out)
  if (ownLine) out.newLine()
}

/** A line directly after another one, without a line end between them. */
function isUnbrokenLine(element: Element, classes: readonly string[]): boolean {
  const isLine = classes.some((name) => LINE.test(name)) || attribute(element, 'data-line') !== undefined
  return isLine && isElement(element.prev) && element.prev.name === element.name
}
