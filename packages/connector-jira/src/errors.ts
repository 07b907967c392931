import { LoaderError } from '@qdrant-loader/connector-sdk'
import type { UnreadableScope } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError, printableText } from '@qdrant-loader/http'
import type { HttpStatusError } from '@qdrant-loader/http'
import type { Deployment } from './config.ts'
import type { z } from 'zod'

/** The server said itself that a listing is not whole, or it contradicts itself. */
export function incompleteListing(what: string): LoaderError {
  return new LoaderError({
    code: 'jira_listing_incomplete',
    kind: 'transient',
    message: `Jira's listing cannot be trusted: ${printableText(what)}`,
    hint: 'Run the sync again. Nothing was deleted.',
  })
}

/** Atlassian's address for API tokens with scopes; the site's own does not accept those. */
export const GATEWAY = 'api.atlassian.com'

/** Nobody is signed in. */
export function signInFailed(baseUrl: string, deployment: Deployment, cause?: unknown): LoaderError {
  return new LoaderError({
    code: 'jira_auth_failed',
    kind: 'auth',
    message: `${baseUrl} did not accept the credentials`,
    hint: signInHint(baseUrl, deployment),
    cause,
  })
}

function signInHint(baseUrl: string, deployment: Deployment): string {
  if (deployment === 'datacenter') return 'Check the personal access token in `token`: it may have expired, or belong to another server.'
  const { hostname, origin } = new URL(baseUrl)
  const account = 'Check `email` and `token`: the token may have expired, or belong to another account.'
  if (hostname === GATEWAY) return `${account} The id in \`base_url\` has to be that of your site (\`/_edge/tenant_info\` of its address shows it).`
  return `${account} A token with scopes is accepted at Atlassian's gateway alone: then set \`base_url\` to https://${GATEWAY}/ex/jira/SITE-ID, with the id that ${origin}/_edge/tenant_info shows.`
}

/** None of the configured projects can be read. */
export function noProjectVisible(keys: readonly string[], baseUrl: string, who: string): LoaderError {
  return new LoaderError({
    code: 'jira_project_not_visible',
    kind: 'auth',
    message: `${who} cannot see ${keys.length === 1 ? 'the project' : 'any of the projects'} ${keys.join(', ')} of ${baseUrl}`,
    hint: 'Check `project_key`, and give the account the permission Browse Projects. Nothing was deleted.',
  })
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
  return new LoaderError({
    code: 'jira_query_refused',
    kind: 'config',
    message: `Jira refuses the query${error.detail === '' ? '' : `: ${error.detail}`}`,
    hint: 'Check `jql`, `include_statuses` and `issue_types`: names are written as Jira shows them. Nothing was deleted.',
    cause: error,
  })
}

/** A query that cannot be put together with our own conditions. */
export function badQuery(problem: string): LoaderError {
  return new LoaderError({
    code: 'jira_bad_jql',
    kind: 'config',
    message: `The query in \`jql\` cannot be used: ${problem}`,
    hint: 'Try the query in the search of Jira, and copy it from there.',
  })
}

/** A name in `extra_fields` that no field has. `near` are names like it. */
export function unknownField(wanted: string, near: readonly string[]): LoaderError {
  const names = near.map((name) => `"${name}"`).join(' or ')
  return new LoaderError({
    code: 'jira_unknown_field',
    kind: 'config',
    message: `Jira has no field "${wanted}" that these credentials can see`,
    hint: near.length > 0 ? `Did you mean ${names}?` : 'Use the name as Jira shows it, or the id (`customfield_10010`).',
  })
}

/** A name in `extra_fields` that several fields have. */
export function ambiguousField(wanted: string, ids: readonly string[]): LoaderError {
  return new LoaderError({
    code: 'jira_ambiguous_field',
    kind: 'config',
    message: `Jira has ${ids.length} fields named "${wanted}"`,
    hint: `Name the right one by its id: ${ids.join(', ')}.`,
  })
}

/** A field that changes without the issue, or for each reader. */
export function unsupportedField(wanted: string, reason: string): LoaderError {
  return new LoaderError({
    code: 'jira_unsupported_field',
    kind: 'config',
    message: `The field "${wanted}" cannot be read: ${reason}`,
    hint: 'Take it out of `extra_fields` and `content_fields`.',
  })
}

/** A field of `content_fields` whose values are no text. */
export function notText(wanted: string, type: string): LoaderError {
  return new LoaderError({
    code: 'jira_unsupported_field',
    kind: 'config',
    message: `The field "${wanted}" cannot be a section of the text: it holds values of the type ${type}`,
    hint: 'Name it in `extra_fields`: there its value goes into the payload.',
  })
}

/** Jira names an issue as one that it cannot deliver now. */
export function issueNotDelivered(id: string, reason: string): LoaderError {
  return new LoaderError({
    code: 'jira_issue_not_delivered',
    kind: 'document',
    message: `Jira does not deliver the issue ${id}: ${printableText(reason)}`,
    hint: 'It is tried again by the next sync; open the issue in Jira if that does not help.',
  })
}

/** Gives errors of the transport the connector's own words. */
export function explain(error: unknown, baseUrl: string, deployment: Deployment): unknown {
  if (isHttpStatusError(error) && error.code === 'http_unauthorized') {
    // Atlassian's gateway says with 401, not 403, that a token lacks a scope.
    return /\bscope/i.test(error.detail) ? scopeMissing(error) : signInFailed(baseUrl, deployment, error)
  }
  return isHttpStatusError(error, 410) ? endpointRemoved(error) : error
}

/** Atlassian's gateway refuses the token; the message has its words. */
function scopeMissing(error: HttpStatusError): LoaderError {
  return new LoaderError({
    code: 'jira_scope_missing',
    kind: 'auth',
    message: error.message,
    hint: 'Make a token with the scopes `read:jira-work` and `read:jira-user`.',
    cause: error,
  })
}

function endpointRemoved(error: HttpStatusError): LoaderError {
  return new LoaderError({
    code: 'jira_endpoint_removed',
    kind: 'config',
    message: `Jira has no longer what it was asked for: ${error.message}`,
    hint: 'Set `deployment_type` to the kind of Jira that `base_url` leads to.',
    cause: error,
  })
}

/** An answer as the schema describes it. @throws LoaderError that names where it differs. */
export function parseAnswer<Schema extends z.ZodType>(schema: Schema, body: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LoaderError({
    code: 'jira_bad_answer',
    kind: 'transient',
    message: `Jira's answer about ${what} has another shape than expected: ${printableText(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)}`,
    hint: 'Check that `base_url` and `deployment_type` are right, and run the sync again. Nothing was deleted.',
  })
}
