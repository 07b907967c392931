import { createHash } from 'node:crypto'
import type { PageContent } from '../page/page-content.ts'
import type { Reading } from './page-reader.ts'
import { documentId } from './url-form.ts'

/** How a site answers for what is not there. */
export interface MissingAnswer {
  /** Text of the page that it shows with status 200, as a hash. */
  readonly text?: string
  /** Id of the page that it redirects to for good. */
  readonly redirect?: string
}

/** A path that no site has: random to look at, and the same in each run, so that logs can be read. */
export function missingUrl(folder: URL): URL {
  return new URL(`nothing-here-${createHash('sha256').update(folder.href).digest('hex').slice(0, 20)}`, folder)
}

/** What the answer for a missing path tells about others. Nothing, when the site says 404 as it should. */
export function missingAnswer(reading: Reading): MissingAnswer {
  if (reading.kind === 'moved') return { redirect: documentId(reading.to) }
  if (reading.kind !== 'page') return {}
  const text = textWithoutPath(reading.content, reading.from)
  return text === undefined ? {} : { text }
}

/** The page is there by its status, and says what a missing one says. */
export function isMissing(reading: Reading, answer: MissingAnswer): boolean {
  if (reading.kind === 'moved') return answer.redirect === documentId(reading.to)
  return reading.kind === 'page' && answer.text !== undefined && answer.text === textWithoutPath(reading.content, reading.from)
}

/** Such pages often repeat the address that was asked for. Undefined for a page without text, which says nothing. */
function textWithoutPath({ text, title }: PageContent, { pathname }: URL): string | undefined {
  if (text.trim() === '') return undefined
  const name = pathname.slice(pathname.lastIndexOf('/') + 1)
  const words = [pathname, name].filter((word) => word.length > 1)
  const plain = words.reduce((rest, word) => rest.replaceAll(word, ''), `${title ?? ''}\n${text}`)
  return createHash('sha256').update(plain).digest('hex')
}
