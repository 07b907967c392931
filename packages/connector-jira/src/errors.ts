import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError, printableText } from '@qdrant-loader/http'
import type { HttpStatusError } from '@qdrant-loader/http'
import type { z } from 'zod'
import { jiraError } from './codes.ts'
import type { Deployment } from './config.ts'

/** Atlassian's address for API tokens with scopes; the site's own does not accept those. */
export const GATEWAY = 'api.atlassian.com'

/** The server said itself that a listing is not whole, or it contradicts itself. */
export function incompleteListing(what: string): LoaderError {
  return jiraError('jira_listing_incomplete', { reason: printableText(what) })
}

/** Nobody is signed in. */
function signInFailed(address: string, deployment: Deployment, cause?: unknown): LoaderError {
  if (deployment === 'datacenter') return jiraError('jira_auth_failed/datacenter', { address }, { cause })
  const { hostname, origin } = new URL(address)
  if (hostname === GATEWAY) return jiraError('jira_auth_failed/gateway', { address }, { cause })
  return jiraError('jira_auth_failed', { address, site: origin }, { cause })
}

/** Jira does not understand the query, or it names something that does not exist. */
export function queryRefused(error: HttpStatusError): LoaderError {
  return jiraError('jira_query_refused', { said: error.detail === '' ? undefined : error.detail }, { cause: error })
}

/** Jira names an issue as one that it cannot deliver now. */
export function issueNotDelivered(id: string, reason: string): LoaderError {
  return jiraError('jira_issue_not_delivered', { id, reason: printableText(reason) })
}

/** Gives errors of the transport the connector's own words. */
export function explain(error: unknown, baseUrl: string, deployment: Deployment): unknown {
  if (isHttpStatusError(error) && error.code === 'http_unauthorized') {
    // Atlassian's gateway says with 401, not 403, that a token lacks a scope.
    if (/\bscope/i.test(error.detail)) return jiraError('jira_scope_missing', { said: error.message }, { cause: error })
    return signInFailed(baseUrl, deployment, error)
  }
  return isHttpStatusError(error, 410) ? jiraError('jira_endpoint_removed', { said: error.message }, { cause: error }) : error
}

/** An answer as the schema describes it. @throws LoaderError that names where it differs. */
export function parseAnswer<Schema extends z.ZodType>(schema: Schema, body: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const difference = printableText(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  throw jiraError('jira_bad_answer', { what, difference })
}
