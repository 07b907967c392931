import { isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import type { UnreadableScope } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from '@qdrant-loader/http'
import type { Site } from './site/base-url.ts'
import { scopeOf } from './site/head.ts'

/** Says what 401 and 403 mean here and what to check; everything else stays as it is. */
export function explained(error: unknown, site: Site, signedIn: boolean): unknown {
  if (!isHttpStatusError(error)) return error
  // Atlassian's gateway says with 401, not 403, that a token lacks a scope.
  if (error.code === 'http_unauthorized' && /\bscope/i.test(error.detail)) return forbidden(error, LACKS_SCOPE)
  // Also a status of 200 whose headers say that the sign-in failed.
  if (error.code === 'http_unauthorized') return credentialsRefused(site, signedIn, error)
  if (error.status !== 403) return error
  return forbidden(
    error,
    site.deployment === 'cloud'
      ? `Give the account of the token access to Confluence and the permission to view the spaces. ${LACKS_SCOPE}`
      : 'Give the user of the token the permissions "Can Use" and to view the spaces.',
  )
}

const LACKS_SCOPE = 'A token with scopes needs all those that the guide to Confluence lists; they are chosen when it is made.'

/** The account, or its token, may not do what was asked; the message has the words of the server. */
function forbidden(error: Error, hint: string): LoaderError {
  return new LoaderError({ code: 'confluence_forbidden', kind: 'auth', message: error.message, hint, cause: error })
}

/** The server did not accept who we say we are, or silently took us for nobody. */
export function credentialsRefused(site: Site, signedIn: boolean, cause?: unknown): LoaderError {
  const host = new URL(site.apiUrl).host
  return new LoaderError({
    code: 'confluence_auth_failed',
    kind: 'auth',
    message: signedIn ? `${host} does not accept the credentials` : `${host} wants credentials, and none are configured`,
    hint: signedIn ? whatToCheck(site) : 'Set `token` (and on Cloud `email`).',
    cause,
  })
}

function whatToCheck({ deployment }: Site): string {
  return deployment === 'cloud'
    ? 'Check that `email` is the address of the account that made the API token, and that the token is complete, has not expired and was not revoked. A token with scopes needs the address of the gateway as `base_url` (see the guide). If this is Data Center, set deployment_type: datacenter.'
    : 'Check that the personal access token is complete, has not expired and was not revoked, and leave `email` out with it. If this is Cloud, set deployment_type: cloud and email.'
}

/** None of the configured spaces can be read. */
export function noSpace(keys: readonly string[], site: Site): LoaderError {
  const some = keys.slice(0, 5).join(', ') + (keys.length > 5 ? ', …' : '')
  return new LoaderError({
    code: 'confluence_space_unreadable',
    kind: 'auth',
    message: `${keys.length === 1 ? 'The space' : 'The spaces'} ${some} cannot be read on ${new URL(site.apiUrl).host}`,
    hint: 'Check `space_key` (the key in the address of the space, not its name) and that the account may view it. Nothing was deleted.',
  })
}

/** A configured space that cannot be read, while others can. */
export function unreadableSpace(key: string): UnreadableScope {
  return {
    scope: scopeOf(key),
    code: 'confluence_space_unreadable',
    kind: 'auth',
    message: `The space ${key} does not exist, or these credentials may not see its pages`,
    hint: 'Check `space_key` (the key in the address of the space, not its name) and that the account may view it. Nothing of it was deleted.',
  }
}

/** A space that is listed as readable, and shows no page any more, of which nothing is seen in the trash either. */
export function emptySpace(key: string): UnreadableScope {
  return {
    scope: scopeOf(key),
    code: 'confluence_space_unreadable',
    kind: 'auth',
    message: `The space ${key} is there, and shows none of its pages`,
    hint: 'Check that the account may view the pages of the space. Nothing of it was deleted; if all its pages were purged, take it out of `space_key`.',
  }
}

/** A page was shown without its body, which must not look like a page that became empty. */
export function withoutBody(id: string): LoaderError {
  return new LoaderError({
    code: 'confluence_body_missing',
    kind: 'transient',
    message: `The server showed ${id} without its text`,
    hint: 'Run the sync again, and report this if it stays. What is indexed of the page was kept.',
  })
}

/** A row makes each answer fail that holds it, so the others alone are no answer. */
export function rowUnreadable(what: string, cause: LoaderError): LoaderError {
  return new LoaderError({
    code: 'confluence_row_unreadable',
    kind: 'transient',
    message: `The server cannot show one of the rows of ${what}: ${cause.message}`,
    hint: 'Look into the log of the server, and run the sync again. Nothing was deleted.',
    cause,
  })
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

/** A search or listing left out what it was asked to expand; taken as it is, changes would be missed or pages left out. */
export function withoutDetails(id: string): LoaderError {
  return new LoaderError({
    code: 'confluence_bad_answer',
    kind: 'transient',
    message: `The server listed ${id} without its space, its version or its place`,
    hint: 'Run the sync again, and report this if it stays. Nothing was deleted.',
  })
}
