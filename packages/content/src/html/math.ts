import type { Element } from 'domhandler'

import { attribute, classesOf, findElement, hasClass, isElement, textContent } from './element.ts'
import { proseText } from './prose.ts'

export interface Formula {
  /** Source text without delimiters. */
  readonly text: string
  /** Whether it stands in a line of its own. */
  readonly display: boolean
}

/** The source of the formula that an element shows (MathJax, KaTeX, MathML, Sphinx); `undefined` for other elements. */
export function formulaOf(element: Element): Formula | undefined {
  switch (element.name) {
    case 'script':
      return fromScript(element)
    case 'math':
      return formula(mathSource(element), attribute(element, 'display') === 'block')
    case 'mjx-container':
      return fromRendered(element, attribute(element, 'display') === 'true')
    default:
      return attribute(element, 'class') === undefined ? undefined : fromClass(element)
  }
}

function formula(text: string, display: boolean): Formula {
  return { text: proseText(text).replace(/\s+/g, ' ').trim(), display }
}

function fromScript(element: Element): Formula | undefined {
  const type = attribute(element, 'type')
  if (type === undefined || !/^math\/(?:tex|asciimath|mml)/i.test(type)) return undefined
  return formula(textContent(element), /mode\s*=\s*display/i.test(type))
}

function fromClass(element: Element): Formula | undefined {
  if (hasClass(element, 'katex-display')) return fromRendered(element, true)
  if (hasClass(element, 'katex', 'mwe-math-element')) return fromRendered(element, false)
  if (!classesOf(element).some((name) => name === 'math' || name === 'arithmatex' || name === 'stemblock')) return undefined
  return delimited(element)
}

function fromRendered(element: Element, display: boolean): Formula | undefined {
  const math = findElement(element, ({ name }) => name === 'math')
  return math === undefined ? undefined : formula(mathSource(math), display)
}

/** `\(…\)` and `\[…\]`, as Sphinx, Antora and MkDocs leave them for the browser to render. */
function delimited(element: Element): Formula | undefined {
  if (element.children.some((child) => isElement(child) && child.name === 'img')) return undefined
  const text = textContent(element).trim()
  const inline = /^\\\(([^]*)\\\)$/.exec(text)
  if (inline !== null) return formula(inline[1] ?? '', false)
  const display = /^(?:\\\[([^]*)\\\]|\$\$([^]*)\$\$)$/.exec(text)
  return display === null ? undefined : formula(display[1] ?? display[2] ?? '', true)
}

function mathSource(math: Element): string {
  const annotation = findElement(math, (element) => {
    return element.name === 'annotation' && /tex/i.test(attribute(element, 'encoding') ?? '')
  })
  if (annotation !== undefined) return textContent(annotation)
  const alternative = attribute(math, 'alttext')?.trim()
  if (alternative !== undefined && alternative !== '') return alternative
  return mathText(math)
}

/** MathML in one line, as far as that is possible: `(a+b)/c`, `x^2`, `x_i`. */
function mathText(element: Element): string {
  const parts = element.children.map((child) => (isElement(child) ? mathText(child) : textContent(child).trim()))
  const solid = parts.filter((part) => part !== '')
  const [first = '', second = '', third = ''] = solid
  switch (element.name) {
    case 'mfrac':
      return `${grouped(first)}/${grouped(second)}`
    case 'msup':
      return `${first}^${grouped(second)}`
    case 'msub':
      return `${first}_${grouped(second)}`
    case 'msubsup':
      return `${first}_${grouped(second)}^${grouped(third)}`
    case 'msqrt':
      return `√${grouped(solid.join(''))}`
    case 'annotation':
    case 'annotation-xml':
      return ''
    case 'mtr':
    case 'mtable':
      return solid.join(' ')
    default:
      return solid.join('')
  }
}

function grouped(part: string): string {
  return part.length > 1 && !/^[\p{L}\p{N}]+$/u.test(part) ? `(${part})` : part
}
