import type { FieldDetails } from './field-details.ts'
import type { CommentBean, IssueBean, IssueRow, Project } from './schemas.ts'

/** What {@link JiraServer.issues} found. */
export interface IssuesAnswer {
  readonly issues: readonly IssueBean[]
  /** Issues that the server could not deliver now, with its reason. One that does not exist is in neither. */
  readonly failed: ReadonlyMap<string, string>
  /** The server's clock when it answered, in milliseconds since the epoch. */
  readonly at: number
}

/** The rows of a query, in the order in which they came. */
export interface QueryRows {
  readonly rows: readonly IssueRow[]
  readonly pages: number
}

/** A page of comments. */
export interface CommentPage {
  readonly comments: readonly CommentBean[]
  readonly total: number
}

/** What the connector asks of Jira. The two kinds of Jira answer in their own ways. */
export interface JiraServer {
  /** How many issues {@link issues} takes at once. */
  readonly batchSize: number
  /** The server's clock at its last answer, in milliseconds since the epoch; undefined before the first. */
  readonly clock: number | undefined
  /** Those of the projects whose issues these credentials may see, by the key that was asked for. */
  projects(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Project>>
  /** Whether these credentials may see the issues of a project. */
  mayBrowse(projectId: string, signal: AbortSignal): Promise<boolean>
  /** Who is signed in, by display name. @throws when nobody is. */
  whoAmI(signal: AbortSignal): Promise<string>
  /** All rows of a query. @throws rather than return a part of them. */
  query(jql: string, fields: readonly string[], signal: AbortSignal): Promise<QueryRows>
  /** Issues by id, as the database has them, with the fields that are named. `counts`: whether requests count as such. */
  issues(ids: readonly string[], fields: readonly string[], counts: 'source' | 'none', signal: AbortSignal): Promise<IssuesAnswer>
  /** Comments of an issue in the order of their creation, from `startAt` on. Undefined: the issue is gone. */
  comments(issueId: string, startAt: number, signal: AbortSignal): Promise<CommentPage | undefined>
  /** Where people find the site: not the address of the API when requests go through Atlassian's gateway. */
  siteUrl(signal: AbortSignal): Promise<string>
  fields(signal: AbortSignal): Promise<readonly FieldDetails[]>
  /** The most people whose names one listing asks for, beside those that it finds in issues. */
  readonly mostPeople: number
  /** Display names by id. Who is not found, or may not be seen, is left out. */
  people(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>
}
