import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

const CHECK_ACCOUNT = 'Check `email` and `token`: the token may have expired, or belong to another account.'

/** What goes wrong with Jira in particular; the transport has codes of its own. */
export const JIRA_CODES = {
  // The account.
  jira_auth_failed: {
    kind: 'auth',
    message: '{address} did not accept the credentials',
    hint: `${CHECK_ACCOUNT} A token with scopes is accepted at Atlassian's gateway alone: then set \`base_url\` to https://api.atlassian.com/ex/jira/SITE-ID, with the id that {site}/_edge/tenant_info shows.`,
  },
  'jira_auth_failed/gateway': {
    kind: 'auth',
    message: '{address} did not accept the credentials',
    hint: `${CHECK_ACCOUNT} The id in \`base_url\` has to be that of your site (\`/_edge/tenant_info\` of its address shows it).`,
  },
  'jira_auth_failed/datacenter': {
    kind: 'auth',
    message: '{address} did not accept the credentials',
    hint: 'Check the personal access token in `token`: it may have expired, or belong to another server.',
  },
  jira_scope_missing: {
    kind: 'auth',
    message: '{said}',
    hint: 'Make a token with the scopes `read:jira-work` and `read:jira-user`.',
    about: { message: "Atlassian's gateway refuses the token because it lacks a scope." },
  },
  jira_project_not_visible: {
    kind: 'auth',
    message: 'The project {project} does not exist, is archived, or these credentials may not see its issues',
    hint: 'Check `project_key`, and give the account the permission Browse Projects. Nothing of it was deleted.',
  },
  'jira_project_not_visible/all': {
    kind: 'auth',
    message: '{who} cannot see {projects} of {address}',
    hint: 'Check `project_key`, and give the account the permission Browse Projects. Nothing was deleted.',
  },

  // What is configured.
  jira_endpoint_removed: {
    kind: 'config',
    message: 'Jira no longer has what it was asked for: {said}',
    hint: 'Set `deployment_type` to the kind of Jira that `base_url` leads to.',
  },
  jira_bad_jql: {
    kind: 'config',
    message: 'The query in `jql` cannot be used: {problem}',
    hint: 'Try the query in the search of Jira, and copy it from there.',
  },
  jira_query_refused: {
    kind: 'config',
    message: 'Jira refuses the query[: {said}]',
    hint: 'Check `jql`, `include_statuses` and `issue_types`: names are written as Jira shows them. Nothing was deleted.',
  },
  jira_unknown_field: {
    kind: 'config',
    message: 'Jira has no field "{field}" that these credentials can see',
    hint: '[Did you mean {near}? ]Use the name as Jira shows it, or the id (`customfield_10010`).',
  },
  jira_ambiguous_field: {
    kind: 'config',
    message: 'Jira has {count} fields named "{field}"',
    hint: 'Name the right one by its id: {ids}.',
  },
  jira_unsupported_field: {
    kind: 'config',
    message: 'The field "{field}" cannot be read: {reason}',
    hint: 'Take it out of `extra_fields` and `content_fields`.',
  },
  'jira_unsupported_field/not_text': {
    kind: 'config',
    message: 'The field "{field}" cannot be a section of the text: it holds values of the type {type}',
    hint: 'Name it in `extra_fields`: there its value goes into the payload.',
  },

  // What the server answers.
  jira_listing_incomplete: {
    kind: 'transient',
    message: "Jira's listing cannot be trusted: {reason}",
    hint: 'Run the sync again. Nothing was deleted.',
  },
  jira_bad_answer: {
    kind: 'transient',
    message: "Jira's answer about {what} has another shape than expected: {difference}",
    hint: 'Check that `base_url` and `deployment_type` are right, and run the sync again. Nothing was deleted.',
  },
  jira_issue_not_delivered: {
    kind: 'document',
    message: 'Jira does not deliver the issue {id}: {reason}',
    hint: 'Open the issue in Jira if this stays; the next sync tries it again.',
  },
} as const satisfies ErrorTable

export const jiraError = errorsOf(JIRA_CODES)
