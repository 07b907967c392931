import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import { isHttpStatusError } from '@qdrant-loader/http'
import type { BrokenRow } from './api/confluence-api.ts'
import { confluenceError } from './codes.ts'
import type { Site } from './site/base-url.ts'
import type { Head } from './site/head.ts'

/** Says what 401 and 403 mean here and what to check; everything else stays as it is. */
export function explained(error: unknown, site: Site, signedIn: boolean): unknown {
  if (!isHttpStatusError(error)) return error
  // Atlassian's gateway says with 401, not 403, that a token lacks a scope.
  if (error.code === 'http_unauthorized' && /\bscope/i.test(error.detail)) return forbidden('confluence_forbidden/scope', error)
  // Also a status of 200 whose headers say that the sign-in failed.
  if (error.code === 'http_unauthorized') return credentialsRefused(site, signedIn, error)
  if (error.status !== 403) return error
  return forbidden(site.deployment === 'cloud' ? 'confluence_forbidden' : 'confluence_forbidden/datacenter', error)
}

/** The account, or its token, may not do what was asked. */
function forbidden(code: 'confluence_forbidden' | `confluence_forbidden/${'scope' | 'datacenter'}`, error: Error): LoaderError {
  return confluenceError(code, { said: error.message }, { cause: error })
}

/** The server did not accept who we say we are, or silently took us for nobody. */
export function credentialsRefused(site: Site, signedIn: boolean, cause?: unknown): LoaderError {
  const { host } = new URL(site.apiUrl)
  if (!signedIn) return confluenceError('confluence_auth_failed/none', { host }, { cause })
  return confluenceError(site.deployment === 'cloud' ? 'confluence_auth_failed' : 'confluence_auth_failed/datacenter', { host }, { cause })
}

/** None of the configured spaces can be read. */
export function noSpace(keys: readonly string[], site: Site): LoaderError {
  const some = keys.slice(0, 5).join(', ') + (keys.length > 5 ? ', …' : '')
  const spaces = `${keys.length === 1 ? 'The space' : 'The spaces'} ${some}`
  return confluenceError('confluence_space_unreadable/all', { spaces, host: new URL(site.apiUrl).host })
}

/** A row makes each answer fail that holds it, so the others alone are no answer. */
export function rowUnreadable(what: string, cause: LoaderError): LoaderError {
  return confluenceError('confluence_row_unreadable', { what, reason: cause.message }, { cause })
}

/** @throws LoaderError {@link rowUnreadable} when the labels or files of this page could not be read. */
export function checkDetails(undetailed: ReadonlyMap<string, LoaderError>, id: string): void {
  const error = undetailed.get(id)
  if (error) throw rowUnreadable(`the labels or files of ${id}`, error)
}

/** Whether it is {@link rowUnreadable}. */
export function isRowUnreadable(error: unknown): boolean {
  return isLoaderError(error) && error.code === 'confluence_row_unreadable'
}

/** The search cannot show it either. */
export function unlistedStill(id: string): LoaderError {
  return confluenceError('confluence_page_unlistable/still', { id })
}

/** Why it fails. */
export function unlistedError({ space, kind, id, title, error }: BrokenRow): LoaderError {
  const what = id === undefined ? `A ${kind} of ${space}` : `The ${kind} ${id}${title === undefined ? '' : ` (${title})`} of ${space}`
  return confluenceError('confluence_page_unlistable', { what, reason: error.message }, { cause: error })
}

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
