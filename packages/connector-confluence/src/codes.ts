import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

const RUN_AGAIN = 'Run the sync again, and report this if it stays. Nothing was deleted.'
const SAVE_AGAIN = 'Save the page once more in Confluence; if that does not help, leave it out with a label (exclude_labels). What is indexed of it was kept.'
const CHOOSE_SCOPES = 'Choose all the scopes that the guide to Confluence lists when you make a token with scopes.'
const CHECK_SPACE = 'Check `space_key` (the key in the address of the space, not its name) and that the account may view it.'

/** What goes wrong with Confluence in particular; the transport has codes of its own. */
export const CONFLUENCE_CODES = {
  // The account.
  confluence_auth_failed: {
    kind: 'auth',
    message: '{host} does not accept the credentials',
    hint: 'Check that `email` is the address of the account that made the API token, and that the token is complete, has not expired and was not revoked. A token with scopes needs the address of the gateway as `base_url` (see the guide). If this is Data Center, set deployment_type: datacenter.',
  },
  'confluence_auth_failed/datacenter': {
    kind: 'auth',
    message: '{host} does not accept the credentials',
    hint: 'Check that the personal access token is complete, has not expired and was not revoked, and leave `email` out with it. If this is Cloud, set deployment_type: cloud and email.',
  },
  'confluence_auth_failed/none': {
    kind: 'auth',
    message: '{host} wants credentials, and none are configured',
    hint: 'Set `token` (and on Cloud `email`).',
  },
  confluence_forbidden: {
    kind: 'auth',
    message: '{said}',
    hint: `Give the account of the token access to Confluence and the permission to view the spaces. ${CHOOSE_SCOPES}`,
    about: { message: 'The account of the token may not do what was asked (Cloud). The message has the words of the server.' },
  },
  'confluence_forbidden/datacenter': {
    kind: 'auth',
    message: '{said}',
    hint: 'Give the user of the token the permissions "Can Use" and to view the spaces.',
    about: { message: 'The user of the token may not do what was asked (Data Center). The message has the words of the server.' },
  },
  'confluence_forbidden/scope': {
    kind: 'auth',
    message: '{said}',
    hint: CHOOSE_SCOPES,
    about: { message: "Atlassian's gateway refuses the token because it lacks a scope. The message has the words of the server." },
  },
  confluence_space_unreadable: {
    kind: 'auth',
    message: 'The space {space} does not exist, or these credentials may not see its pages',
    hint: `${CHECK_SPACE} Nothing of it was deleted.`,
  },
  'confluence_space_unreadable/empty': {
    kind: 'auth',
    message: 'The space {space} is there, and shows none of its pages',
    hint: 'Check that the account may view the pages of the space. Nothing of it was deleted; if all its pages were purged, take it out of `space_key`.',
  },
  'confluence_space_unreadable/all': {
    kind: 'auth',
    message: '{spaces} cannot be read on {host}',
    hint: `${CHECK_SPACE} Nothing was deleted.`,
  },

  // Listings.
  confluence_listing_broken: {
    kind: 'transient',
    message: 'The listing of {what} goes on with a link that leads nowhere',
    hint: RUN_AGAIN,
  },
  'confluence_listing_broken/moves': {
    kind: 'transient',
    message: 'So much was put away during the listing of {what} that it could not be followed, three times',
    hint: 'Run the sync again when less is going on there. Nothing was deleted.',
  },
  'confluence_listing_broken/circle': {
    kind: 'transient',
    message: 'The listing of {what} leads on for ever, and shows nothing new',
    hint: 'Run the sync again. Nothing was deleted.',
  },
  confluence_cursor_expired: {
    kind: 'transient',
    message: 'The server forgot the cursor of its listing of {what} three times',
    hint: 'Run the sync again, with a higher requests_per_minute if that is set low. Nothing was deleted.',
  },
  confluence_row_unreadable: {
    kind: 'transient',
    message: 'The server cannot show one of the rows of {what}: {reason}',
    hint: 'Look into the log of the server, and run the sync again. Nothing was deleted.',
  },
  confluence_page_unlistable: {
    kind: 'document',
    message: '{what} cannot be listed by the server, while others can: {reason}',
    hint: 'Save the page once more in Confluence; if that does not help, look into the log of the server. The others were read, and nothing was deleted.',
  },
  'confluence_page_unlistable/still': {
    kind: 'document',
    message: 'The server cannot show the page {id}',
    hint: 'Save the page once more in Confluence; if that does not help, look into the log of the server.',
  },
  confluence_bad_answer: {
    kind: 'transient',
    message: 'The answer about {what} is not what Confluence documents: {difference}',
    hint: 'Check that base_url leads to Confluence itself. If it does, run the sync again, and report this if it stays.',
  },
  'confluence_bad_answer/details': {
    kind: 'transient',
    message: 'The server listed {id} without its space, its version or its place',
    hint: RUN_AGAIN,
  },

  // Texts.
  confluence_body_missing: {
    kind: 'transient',
    message: 'The server showed {id} without its text',
    hint: 'Run the sync again, and report this if it stays. What is indexed of the page was kept.',
  },
  'confluence_body_missing/text': {
    kind: 'document',
    message: 'The server does not show the text of {what}[: {reason}]',
    hint: SAVE_AGAIN,
  },
  'confluence_bad_answer/text': {
    kind: 'document',
    message: 'The server does not show the text of {what}[: {reason}]',
    hint: SAVE_AGAIN,
  },
  confluence_text_unreadable: {
    kind: 'document',
    message: 'The server does not show the text of {what}[: {reason}]',
    hint: SAVE_AGAIN,
  },
  confluence_text_too_large: {
    kind: 'document',
    message: 'The text of {what} is larger than an answer may be',
    hint: 'Split the page, or leave it out with a label (exclude_labels). What is indexed of it was kept.',
  },
  confluence_stub_unreadable: {
    kind: 'document',
    message: 'What was recorded of {id} cannot be understood',
    hint: 'Run the sync with --full; it lists everything and reads this document again.',
  },
} as const satisfies ErrorTable

export const confluenceError = errorsOf(CONFLUENCE_CODES)
