import type { Document } from 'domhandler'

import { attribute, descendants, findElement } from '../html/element.ts'
import type { PageParts } from './page-parts.ts'

/** Pages with more text than this have a sign-in form beside their content. */
const LITTLE_TEXT = 1000

/** Whether a page is little more than a form with a password field. */
export function isLoginForm(document: Document, parts: PageParts): boolean {
  let password = false
  for (const element of descendants(document)) {
    if (element.name === 'input' && attribute(element, 'type')?.toLowerCase() === 'password') {
      password = true
      break
    }
  }
  if (!password) return false
  const body = findElement(document, ({ name }) => name === 'body')
  return body !== undefined && parts.contentOf(body).text < LITTLE_TEXT
}
