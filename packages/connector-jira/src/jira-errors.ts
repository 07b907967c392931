import { LoaderError } from '@qdrant-loader/connector-sdk'
import type { ErrorKind, UnreadableScope } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError, printableText } from '@qdrant-loader/http'
import type { HttpStatusError } from '@qdrant-loader/http'
import type { z } from 'zod'

const NOTHING_LOST = 'Run the sync again. Nothing was deleted.'

/** A LoaderError of this connector. */
export function jiraError(kind: ErrorKind, code: string, message: string, hint: string, cause?: unknown): LoaderError {
  return new LoaderError({ code: `jira_${code}`, kind, message, hint, cause })
}

/** The server said itself that a listing is not whole, or it contradicts itself. */
export function incompleteListing(what: string): LoaderError {
  return jiraError('transient', 'listing_incomplete', `Jira's listing cannot be trusted: ${printableText(what)}`, NOTHING_LOST)
}

/** Nobody is signed in. */
export function signInFailed(baseUrl: string, cause?: unknown): LoaderError {
  return jiraError(
    'auth',
    'auth_failed',
    `${baseUrl} did not accept the credentials`,
    'Check `email` and `token` (Cloud) or the personal access token in `token` (Data Center); it may have expired.',
    cause,
  )
}

/** A configured project, while others can be read. */
export function unreadableProject(scope: string): UnreadableScope {
  return {
    scope,
    code: 'jira_project_not_visible',
    kind: 'auth',
    message: `The project ${scope} does not exist, is archived, or these credentials may not see its issues`,
    hint: 'Check `project_key`, and give the account the permission Browse Projects. Nothing of it was deleted.',
  }
}

/** Jira does not understand the query, or it names something that does not exist. */
export function queryRefused(error: HttpStatusError): LoaderError {
  return jiraError(
    'config',
    'query_refused',
    `Jira refuses the query${error.detail === '' ? '' : `: ${error.detail}`}`,
    'Check `jql`, `include_statuses` and `issue_types`: names are written as Jira shows them. Nothing was deleted.',
    error,
  )
}

/** Gives errors of the transport the connector's own words. */
export function explain(error: unknown, baseUrl: string): unknown {
  if (isHttpStatusError(error) && error.code === 'http_unauthorized') return signInFailed(baseUrl, error)
  if (isHttpStatusError(error, 410)) {
    return jiraError('config', 'endpoint_removed', error.message, 'Set `deployment_type` to the kind of Jira that `base_url` leads to.', error)
  }
  return error
}

/** An answer as the schema describes it. @throws LoaderError that names where it differs. */
export function parseAnswer<Schema extends z.ZodType>(schema: Schema, body: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw jiraError(
    'transient',
    'bad_answer',
    `Jira's answer about ${what} has another shape than expected: ${printableText(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)}`,
    'Check that `base_url` and `deployment_type` are right, and run the sync again. Nothing was deleted.',
  )
}
