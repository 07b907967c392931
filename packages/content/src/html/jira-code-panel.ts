import type { Element } from 'domhandler'

import { childElements, descendants, hasClass, textContent } from './element.ts'

/** `Unable to find source-code formatter for language: rust.` The words depend on the version, the colon does not. */
const LANGUAGE = /:\s*([^\s:]{1,30}?)\.?\s*$/

/**
 * Takes the complaint out of a code block whose language the server does not know. It stands before the code, and only
 * it names the language, which then goes where `{code}` has it for languages that are known.
 */
export function withoutComplaint(panel: Element): void {
  for (const content of [...descendants(panel)].filter((element) => hasClass(element, 'codeContent', 'preformattedContent'))) {
    const code = childElements(content).find(({ name }) => name === 'pre')
    const complaint = childElements(content).find((element) => element.name === 'div' && hasClass(element, 'error'))
    if (code === undefined || complaint === undefined) continue
    content.children = content.children.filter((child) => child !== complaint)
    const language = languageIn(complaint)
    if (language !== undefined) code.attribs['data-language'] = language
  }
}

function languageIn(complaint: Element): string | undefined {
  const said = childElements(complaint).find((element) => hasClass(element, 'error')) ?? complaint
  const sentence = (textContent(said).split('Available languages', 1)[0] ?? '').trim()
  return LANGUAGE.exec(sentence)?.[1]
}
