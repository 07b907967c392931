import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { CommentBean, IssueBean } from '../schemas.ts'
import { isTextField } from './field-catalog.ts'
import type { ExtraField } from './field-catalog.ts'
import type { ReadsById } from './reads-by-id.ts'
import { epochOf } from './utc-time.ts'

/** What the payload of every issue is made of. */
const HEAD_FIELDS = [
  'summary',
  'project',
  'issuetype',
  'status',
  'resolution',
  'priority',
  'assignee',
  'reporter',
  'creator',
  'labels',
  'components',
  'versions',
  'fixVersions',
  'parent',
  'subtasks',
  'issuelinks',
  'created',
  'updated',
  'duedate',
  'resolutiondate',
]

/** How long a request for so many issues may take, in milliseconds: two minutes for 100 with long descriptions and comments. */
export function timeoutOf(issues: number): number {
  return 30_000 + 900 * issues
}

/** The least that an issue can be asked for. */
export const KEY_FIELDS = ['project', 'created', 'updated']

/** The fields that an issue's payload is made of: none with text but the summary, which is the title. */
export function headFields(extra: readonly ExtraField[]): readonly string[] {
  return [...new Set([...HEAD_FIELDS, ...extra.filter((field) => !isTextField(field)).map(({ id }) => id)])]
}

/** An issue with all its comments. */
export interface WholeIssue {
  readonly issue: IssueBean
  readonly comments: readonly CommentBean[]
  /** The server's clock when the issue was read, before its comments, in milliseconds since the epoch. */
  readonly at: number
}

/** What came of reading some issues. Those that are gone or hidden are in neither map. */
export interface WholeIssues {
  readonly read: ReadonlyMap<string, WholeIssue>
  /** Why an issue cannot be read now. */
  readonly failed: ReadonlyMap<string, LoaderError>
}

/** What an {@link IssueReader} needs. */
export interface IssueReaderDeps {
  readonly reads: ReadsById
  readonly includeComments: boolean
  /** Called once for each issue that was read. */
  readonly onContent: () => void
  readonly now: () => number
}

/** Reads issues from the database, many at once, with their comments. */
export class IssueReader {
  readonly #deps: IssueReaderDeps

  constructor(deps: IssueReaderDeps) {
    this.#deps = deps
  }

  get batchSize(): number {
    return this.#deps.reads.batchSize
  }

  async read(ids: readonly string[], extra: readonly ExtraField[], signal: AbortSignal): Promise<WholeIssues> {
    const fields = [...new Set([...HEAD_FIELDS, 'description', ...extra.map(({ id }) => id), ...(this.#deps.includeComments ? ['comment'] : [])])]
    const read = new Map<string, WholeIssue>()
    const failed = new Map<string, LoaderError>()
    for (const batch of batches(ids, this.batchSize)) await this.#readBatch(batch, fields, { read, failed }, signal)
    return { read, failed }
  }

  async #readBatch(
    ids: readonly string[],
    fields: readonly string[],
    into: { readonly read: Map<string, WholeIssue>; readonly failed: Map<string, LoaderError> },
    signal: AbortSignal,
  ): Promise<void> {
    const { reads, now, onContent, includeComments } = this.#deps
    const answer = await reads.issues(ids, fields, 'none', signal)
    const at = answer.at === 0 ? now() : answer.at
    for (const [id, error] of answer.failed) {
      // It was not asked for alone yet.
      if (ids.length > 1 && error.code === 'jira_issue_not_delivered') await this.#readBatch([id], fields, into, signal)
      else into.failed.set(id, error)
    }
    for (const id of answer.unsure) await this.#readBatch([id], fields, into, signal)
    for (const issue of answer.issues) {
      const comments = includeComments ? await commentsOf(issue, reads, signal) : []
      if (comments === undefined) continue
      if (isLoaderError(comments)) {
        into.failed.set(issue.id, comments)
        continue
      }
      onContent()
      into.read.set(issue.id, { issue, comments, at })
    }
  }
}

/**
 * The comments that came with the issue, or all pages of them when those are not all. Undefined: the issue is gone. An
 * error: the server cannot show them.
 */
async function commentsOf(issue: IssueBean, reads: ReadsById, signal: AbortSignal): Promise<readonly CommentBean[] | LoaderError | undefined> {
  const inline = issue.fields.comment
  if (!inline || inline.comments.length >= inline.total) return inOrder(inline?.comments ?? [])
  const all = new Map<string, CommentBean>()
  for (let startAt = 0; ; ) {
    const answer = await reads.comments(issue.id, startAt, signal)
    if (isLoaderError(answer)) return answer
    const { page } = answer
    if (page === undefined) return undefined
    for (const comment of page.comments) all.set(comment.id, comment)
    startAt += page.comments.length
    // A comment that is deleted meanwhile moves `updated`, and the issue is read again by the next run.
    if (page.comments.length === 0 || startAt >= page.total) return inOrder([...all.values()])
  }
}

function inOrder(comments: readonly CommentBean[]): readonly CommentBean[] {
  const time = ({ created }: CommentBean) => epochOf(created) ?? 0
  return comments.toSorted((one, other) => time(one) - time(other) || Number(one.id) - Number(other.id))
}

/** Pieces of a list, each of at most `size` items. */
export function* batches<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
