import type { BlockContent, PhrasingContent } from 'mdast'
import { codeBlock } from '../markdown/code-block.ts'
import { flowToBlocks, lineOf } from '../markdown/flow-to-blocks.ts'
import { isLeaf, type Marks } from '../markdown/leaf.ts'
import { phrasing } from '../markdown/phrasing.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { type Conversion, type Handler, marked, nested, type Scope } from './conversion.ts'
import type { XmlElement } from './read-xml.ts'
import { textOf } from './xml-query.ts'

/** The content of an element as blocks of their own. */
export function blocksIn(element: XmlElement, scope: Scope, conversion: Conversion): BlockContent[] {
  return flowToBlocks(conversion.convert(element.children, { ...scope, marks: {}, inLine: false }))
}

export const block: Handler = (element, scope, conversion) => {
  return flowToBlocks(conversion.convert(element.children, { ...scope, inLine: false }))
}

export const paragraph: Handler = (element, scope, conversion) => {
  return flowToBlocks(conversion.convert(element.children, { ...scope, inLine: true }))
}

export const inline: Handler = (element, scope, conversion) => conversion.convert(element.children, scope)

export const dropped: Handler = () => []

export function mark(marks: Marks): Handler {
  return (element, scope, conversion) => conversion.convert(element.children, marked(scope, marks))
}

/** A heading; blocks in it (a macro, say) come after it. */
export function heading(depth: 1 | 2 | 3 | 4 | 5 | 6): Handler {
  return (element, scope, conversion) => {
    const flow = conversion.convert(element.children, { ...scope, inLine: true })
    const children: PhrasingContent[] = phrasing(lineOf(flow))
    const blocks = flow.filter(item => !isLeaf(item))
    return children.length === 0 ? blocks : [{ type: 'heading', depth, children }, ...blocks]
  }
}

export const quotation: Handler = (element, scope, conversion) => {
  const children = flowToBlocks(conversion.convert(element.children, nested(scope)))
  return scope.nest >= MAX_NEST || children.length === 0 ? children : [{ type: 'blockquote', children }]
}

export const preformatted: Handler = element => {
  const code = codeBlock(textOf(element), '')
  return code === undefined ? [] : [code]
}

/** Terms and their descriptions: terms are strong, since Markdown has no such list. */
export const term: Handler = (element, scope, conversion) => {
  return flowToBlocks(conversion.convert(element.children, marked(scope, { strong: true })))
}
