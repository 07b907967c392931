import { isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
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
const SAYS_WHY = new Set(['confluence_body_missing', 'confluence_bad_answer'])

/** Why one thing could not be read, while others could. */
export function reasonOf(error: LoaderError): LoaderError {
  return error.code === 'http_unservable' && isLoaderError(error.cause) ? error.cause : error
}

function unreadable(what: string, error: LoaderError): LoaderError {
  const cause = reasonOf(error)
  if (cause.code === 'http_too_large') {
    return new LoaderError({
      code: 'confluence_text_too_large',
      kind: 'document',
      message: `The text of ${what} is larger than an answer may be`,
      hint: 'Split the page, or leave it out with a label (exclude_labels). What is indexed of it was kept.',
      cause,
    })
  }
  return new LoaderError({
    code: SAYS_WHY.has(cause.code) ? cause.code : 'confluence_text_unreadable',
    kind: 'document',
    message: `The server does not show the text of ${what}${cause === error ? '' : `: ${cause.message}`}`,
    hint: 'Save the page once more in Confluence; if that does not help, leave it out with a label (exclude_labels). What is indexed of it was kept.',
    cause,
  })
}
