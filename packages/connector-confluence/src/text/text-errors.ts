import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import { confluenceError } from '../codes.ts'
import type { Head } from '../site/head.ts'

/** The text of one document cannot be read, while others can. `cause`: what reading it threw. */
export function textUnreadable({ kind, id, title }: Pick<Head, 'kind' | 'id' | 'title'>, cause: LoaderError): LoaderError {
  return unreadable(`${kind} ${id} (${title})`, cause)
}

/** A document cannot be read because a page that it includes cannot. */
export function includeUnreadable({ kind, id, title }: Pick<Head, 'kind' | 'id' | 'title'>, page: PageReference, cause: LoaderError): LoaderError {
  return unreadable(`${page.title ?? page.contentId ?? 'a page'}, which ${kind} ${id} (${title}) includes`, cause)
}

/** Errors whose code tells what is wrong with the text. */
const SAYS_WHY: ReadonlyMap<string, 'confluence_body_missing/text' | 'confluence_bad_answer/text'> = new Map([
  ['confluence_body_missing', 'confluence_body_missing/text'],
  ['confluence_bad_answer', 'confluence_bad_answer/text'],
])

/** Why one thing could not be read, while others could. */
export function reasonOf(error: LoaderError): LoaderError {
  return error.code === 'http_unservable' && isLoaderError(error.cause) ? error.cause : error
}

function unreadable(what: string, error: LoaderError): LoaderError {
  const cause = reasonOf(error)
  if (cause.code === 'http_too_large') return confluenceError('confluence_text_too_large', { what }, { cause })
  const code = SAYS_WHY.get(cause.code) ?? 'confluence_text_unreadable'
  return confluenceError(code, { what, reason: cause === error ? undefined : cause.message }, { cause })
}
