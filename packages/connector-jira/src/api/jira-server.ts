import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PartCall } from '@qdrant-loader/http'
import type { CommentBean, FieldDetails, IssueBean, IssueRow, Project } from '../schemas.ts'

/** What {@link JiraServer.issues} found. */
export interface IssuesAnswer {
  readonly issues: readonly IssueBean[]
  /** Issues that the server could not deliver now, with the reason. One that does not exist is in neither. */
  readonly failed: ReadonlyMap<string, LoaderError>
  /** Issues that the search index does not show, and of which the database was not asked: they may exist or not. */
  readonly unsure: ReadonlySet<string>
  /** The server's clock when it answered, in milliseconds since the epoch. */
  readonly at: number
}

/** How issues are asked for. `counts`: whether requests count as such. */
export interface IssuesCall extends PartCall {
  readonly counts: 'source' | 'none'
}

/** The rows of a query, in the order in which they came. */
export interface QueryRows {
  readonly rows: readonly IssueRow[]
  readonly pages: number
}

/** The rows of a census. */
export interface CensusRows extends QueryRows {
  /** False: the rows are bare ids, since rows with `updated` would come in many small pages. */
  readonly versions: boolean
}

/** A page of comments. */
export interface CommentPage {
  readonly comments: readonly CommentBean[]
  readonly total: number
}

/** What the connector asks of Jira. The two kinds of Jira answer in their own ways. What is asked for by id goes through `ReadsById`. */
export interface JiraServer {
  /** How many issues {@link issues} takes at once. */
  readonly batchSize: number
  /** The server's clock at its last answer, in milliseconds since the epoch; undefined before the first. */
  readonly clock: number | undefined
  /** Those of the projects that these credentials may see (see {@link listsOnlyBrowsable}), by the key that was asked for. */
  projects(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Project>>
  /** Whether these credentials may see the issues of a project. */
  mayBrowse(projectId: string, call: PartCall): Promise<boolean>
  /** How many people or keys {@link people} and {@link currentKeys} take at once. */
  readonly lookUpSize: number
  /** Asks for next to nothing. @throws when the server is down. */
  probe(signal: AbortSignal): Promise<unknown>
  /** Who is signed in, by display name. @throws when nobody is. */
  whoAmI(signal: AbortSignal): Promise<string>
  /** All rows of a query, with `updated`. @throws rather than return a part of them. */
  query(jql: string, signal: AbortSignal): Promise<QueryRows>
  /** All rows of a query that may have very many, in large pages. @throws rather than return a part of them. */
  census(jql: string, signal: AbortSignal): Promise<CensusRows>
  /** Issues by id, as the database has them, with the fields that are named. */
  issues(ids: readonly string[], fields: readonly string[], call: IssuesCall): Promise<IssuesAnswer>
  /** Comments of an issue in the order of their creation, from `startAt` on. Undefined: the issue is gone. */
  comments(issueId: string, startAt: number, call: PartCall): Promise<CommentPage | undefined>
  /** Where people find the site: not the address of the API when requests go through Atlassian's gateway. */
  siteUrl(signal: AbortSignal): Promise<string>
  fields(signal: AbortSignal): Promise<readonly FieldDetails[]>
  /** The most people whose names one listing asks for, beside those that it finds in issues. */
  readonly mostPeople: number
  /** Display names by id. Who is not found, or may not be seen, is left out. */
  people(ids: readonly string[], call: PartCall): Promise<ReadonlyMap<string, string>>
  /** The keys that issues have today, by keys that they have or had. What leads to no issue is left out. */
  currentKeys(keys: readonly string[], call: PartCall): Promise<ReadonlyMap<string, string>>
  /** Whether {@link projects} leaves out what can be seen and not browsed. */
  readonly listsOnlyBrowsable: boolean
}
