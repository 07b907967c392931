import type { ChildNode, Document, Element, Text } from 'domhandler'

import { childElements, hasClass, isElement, isText } from './element.ts'

const SENTENCE = /^\s*Unable to find source-code formatter for language/
/** `… for language: rust.` The words depend on the version and the language of the server, the colon does not. */
const LANGUAGE = /:\s*([^\s:]{1,30}?)\.?\s*$/

/**
 * The children of a node without the complaint that stands before code whose language the server does not know. Only
 * the complaint names the language, which then goes where `{code}` has it for languages that are known.
 */
export function withoutComplaints(node: Document | Element, children: readonly ChildNode[]): ChildNode[] {
  const inPanel = isElement(node) && hasClass(node, 'codeContent', 'preformattedContent')
  return children.filter((child, at) => {
    const code = isElement(child) && isError(child) ? codeBehind(children, at) : undefined
    if (code === undefined) return true
    const said = beginningOf(child).split('Available languages', 1)[0]?.trim() ?? ''
    if (!inPanel && !SENTENCE.test(said)) return true
    const language = LANGUAGE.exec(said)?.[1]
    if (language !== undefined) code.attribs['data-language'] = language
    return false
  })
}

function isError(element: Element): boolean {
  const [first] = childElements(element)
  return hasClass(element, 'error') || (first !== undefined && hasClass(first, 'error'))
}

function codeBehind(children: readonly ChildNode[], at: number): Element | undefined {
  let next = at + 1
  while (isText(children[next]) && (children[next] as Text).data.trim() === '') next += 1
  const code = children[next]
  return isElement(code) && code.name === 'pre' ? code : undefined
}

/** As much as a complaint may have: what is nested in itself many times over is not read at each level. */
const MOST_NODES = 20

function beginningOf(node: ChildNode): string {
  let text = ''
  const stack: ChildNode[] = [node]
  for (let seen = 0; stack.length > 0 && seen < MOST_NODES; seen += 1) {
    const next = stack.pop()
    if (isText(next)) text += next.data.slice(0, 1_000)
    else if (isElement(next)) stack.push(...next.children.slice(0, MOST_NODES).reverse())
  }
  return text
}
