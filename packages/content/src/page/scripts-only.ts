import type { Document } from 'domhandler'

import { attribute, descendants, textContent } from '../html/element.ts'

/** What such a page shows until its scripts have run, in characters at most. */
const LONGEST_WAITING = 200
const WAITING = /^(?:(?:the )?(?:page|app|application|content|site|documentation) is )?(?:loading|please wait|one moment(?: please)?|just a moment)(?: (?:the )?(?:page|app|application|content|site|documentation|docs|please wait))?$/i
const WANTS_SCRIPTS = /\b(?:(?:enable|activate|turn on) javascript|javascript is (?:required|disabled|not enabled)|(?:site|app|application|page) (?:requires|needs) javascript)\b/i
/** Elements that frameworks put a page into. */
const ROOTS = new Set(['root', 'app', '__next', '__nuxt', '___gatsby', 'svelte', 'app-root', 'main-app', 'redoc', 'swagger-ui', 'docsify'])

/**
 * Whether a page is made by scripts only: it has scripts, and its text is empty or only asks to wait or for JavaScript.
 * A page that is empty by itself has no place for scripts to put something.
 */
export function isScriptsOnly(document: Document, markdown: string): boolean {
  const text = markdown.trim()
  if (text.length > LONGEST_WAITING) return false
  const waits = WAITING.test(wordsOf(text)) || WANTS_SCRIPTS.test(text)
  if (text !== '' && !waits) return false
  let [scripts, place] = [false, waits]
  for (const element of descendants(document)) {
    if (element.name === 'script') scripts ||= isCode(attribute(element, 'type'))
    else if (element.name === 'noscript') place ||= /javascript/i.test(textContent(element).slice(0, 2_000))
    else if (element.name.includes('-')) place = true
    else place ||= ROOTS.has(attribute(element, 'id')?.toLowerCase() ?? '') || attribute(element, 'ng-app') !== undefined || attribute(element, 'data-reactroot') !== undefined
    if (scripts && place) return true
  }
  return false
}

/** Without marks, in one line. */
function wordsOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

function isCode(type: string | undefined): boolean {
  return type === undefined || type === '' || /^(?:module|text\/(?:java|ecma)script|application\/(?:java|ecma)script|text\/babel)$/i.test(type.trim())
}
