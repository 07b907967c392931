import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from '@qdrant-loader/http'
import { confluenceError } from './codes.ts'
import type { Site } from './site/base-url.ts'

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
