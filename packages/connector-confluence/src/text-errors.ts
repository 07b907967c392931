import { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import type { Head } from './head.ts'

/** The text of one document cannot be read, while others can. `cause`: what reading it threw. */
export function textUnreadable({ kind, id, title }: Pick<Head, 'kind' | 'id' | 'title'>, cause: LoaderError): LoaderError {
  return unreadable(`${kind} ${id} (${title})`, cause)
}

/** A document cannot be read because a page that it includes cannot. */
export function includeUnreadable({ kind, id, title }: Pick<Head, 'kind' | 'id' | 'title'>, page: PageReference, cause: LoaderError): LoaderError {
  return unreadable(`${page.title ?? page.contentId ?? 'a page'}, which ${kind} ${id} (${title}) includes,`, cause)
}

function unreadable(what: string, cause: LoaderError): LoaderError {
  const large = cause.code === 'http_too_large'
  return new LoaderError({
    code: large ? 'confluence_text_too_large' : cause.code,
    kind: 'document',
    message: large ? `The text of ${what} is larger than an answer may be` : `The server shows ${what} without its text`,
    hint: large
      ? 'Split the page, or leave it out with a label (exclude_labels). What is indexed of it was kept.'
      : 'Open the page in Confluence and save it again; if that does not help, leave it out with a label (exclude_labels). What is indexed of it was kept.',
    cause,
  })
}
