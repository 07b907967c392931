import type { ChildNode, Document, Element } from 'domhandler'

import { childElements, hasClass, isElement, textContent } from './element.ts'

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
    const said = isElement(child) ? saidIn(child) : undefined
    if (said === undefined || !(inPanel || SENTENCE.test(said))) return true
    const code = children.slice(at + 1).find((next) => isElement(next) || textContent(next).trim() !== '')
    if (!isElement(code) || code.name !== 'pre') return true
    const language = LANGUAGE.exec(said)?.[1]
    if (language !== undefined) code.attribs['data-language'] = language
    return false
  })
}

/** The sentence of an error, without the languages that are listed behind it. */
function saidIn(element: Element): string | undefined {
  const [first] = childElements(element)
  const isError = hasClass(element, 'error')
  if (!isError && (first === undefined || !hasClass(first, 'error'))) return undefined
  return textContent(first !== undefined && hasClass(first, 'error') ? first : element).split('Available languages', 1)[0]?.trim()
}
