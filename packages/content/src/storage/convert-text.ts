import type { BlockContent, PhrasingContent } from 'mdast'
import { flowToBlocks, lineOf } from '../markdown/flow-to-blocks.ts'
import { type Flow, isLeaf, type Marks } from '../markdown/leaf.ts'
import { phrasing } from '../markdown/phrasing.ts'
import { type Conversion, type Handler, marked, MAX_NEST, nested, type Scope } from './conversion.ts'
import type { XmlElement } from './read-xml.ts'
import { textOf } from './xml-query.ts'

/** The content of an element as blocks of their own. */
export function blocksIn(element: XmlElement, scope: Scope, conversion: Conversion): BlockContent[] {
  return flowToBlocks(conversion.convert(element.children, { ...scope, marks: {} }))
}

export const block: Handler = (element, scope, conversion) => flowToBlocks(conversion.convert(element.children, scope))

export const inline: Handler = (element, scope, conversion) => conversion.convert(element.children, scope)

export const dropped: Handler = () => []

export function mark(marks: Marks): Handler {
  return (element, scope, conversion) => conversion.convert(element.children, marked(scope, marks))
}

/** A heading; blocks in it (a macro, say) come after it. */
export function heading(depth: 1 | 2 | 3 | 4 | 5 | 6): Handler {
  return (element, scope, conversion) => {
    const flow = conversion.convert(element.children, scope)
    const children: PhrasingContent[] = phrasing(lineOf(flow))
    const blocks = flow.filter(item => !isLeaf(item))
    return children.length === 0 ? blocks : [{ type: 'heading', depth, children }, ...blocks]
  }
}

export const quotation: Handler = (element, scope, conversion) => {
  const children = flowToBlocks(conversion.convert(element.children, nested(scope)))
  return scope.nest >= MAX_NEST || children.length === 0 ? children : [{ type: 'blockquote', children }]
}

export const preformatted: Handler = element => codeBlock(textOf(element), '')

/** A code block, without the line breaks around the code. Empty code gives nothing. */
export function codeBlock(source: string, language: string): Flow[] {
  const value = source.replace(/\r\n?/g, '\n').replace(/^\s*\n/, '').trimEnd()
  return value === '' ? [] : [{ type: 'code', lang: languageName(language), value }]
}

const NO_LANGUAGE = new Set(['', 'none', 'text', 'plain', 'plaintext', 'plain text'])

function languageName(language: string): string | null {
  const name = language.trim().toLowerCase()
  return NO_LANGUAGE.has(name) ? null : name.replace(/[\s`~]+/g, '-')
}

/** Terms and their descriptions: terms are strong, since Markdown has no such list. */
export const term: Handler = (element, scope, conversion) => {
  return flowToBlocks(conversion.convert(element.children, marked(scope, { strong: true })))
}
