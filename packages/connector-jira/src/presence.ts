import type { KnownDocuments, LoaderError, Presence } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from '@qdrant-loader/http'
import { batches } from './api/issue-reader.ts'
import type { JiraServer } from './api/jira-server.ts'
import { ordered } from './api/jql.ts'
import type { ReadsById } from './api/reads-by-id.ts'
import { epochOf } from './api/utc-time.ts'
import type { IssueBean } from './schemas.ts'
import type { JiraSource } from './source/jira-source.ts'
import { validatorsOf } from './validators.ts'

const FIELDS = ['project', 'status', 'issuetype', 'created', 'updated']
/** So soon after an edit, in milliseconds, the search index is no witness against the database. */
const INDEX_LAG_MS = 15 * 60_000

interface JudgeDeps {
  readonly source: JiraSource
  readonly server: JiraServer
  readonly reads: ReadsById
  readonly known: KnownDocuments | undefined
  readonly now: () => number
  readonly warn: (message: string, details: Readonly<Record<string, string | number>>) => void
}

/**
 * Says where issues are that a listing did not show: the database is asked, not the search index.
 *
 * Jira does not tell a deleted issue from one that is hidden. One that is not found in a project whose issues these
 * credentials may see counts as deleted. Where that is not certain, nothing is said that deletes.
 */
export async function judgeIssues(ids: readonly string[], deps: JudgeDeps, signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
  const { reads } = deps
  const numeric = ids.filter((id) => /^\d+$/.test(id))
  const verdicts = new Map<string, Presence>()
  const found: IssueBean[] = []
  const untold = new Map<string, LoaderError>()
  for (const batch of batches(numeric, reads.batchSize)) {
    const answer = await reads.issues(batch, FIELDS, 'source', signal)
    found.push(...answer.issues)
    for (const [id, reason] of answer.failed) untold.set(id, reason)
    for (const id of answer.unsure) verdicts.set(id, 'unknown')
  }
  for (const id of untold.keys()) verdicts.set(id, 'unknown')
  tellOf(untold, deps)
  for (const [id, presence] of await presences(found, deps, signal)) verdicts.set(id, presence)
  const absent = ids.filter((id) => !verdicts.has(id))
  for (const [id, presence] of await absences(absent, deps, signal)) verdicts.set(id, presence)
  return verdicts
}

/** Issues of which Jira, or its answer, says neither that they are there nor that they are not. */
function tellOf(untold: ReadonlyMap<string, LoaderError>, { warn }: JudgeDeps): void {
  const [first] = untold
  if (first === undefined) return
  const [issue, reason] = first
  warn('Jira does not say whether issues that its listing lacks still exist', { issues: untold.size, issue, reason: reason.message })
}

async function presences(found: readonly IssueBean[], deps: JudgeDeps, signal: AbortSignal): Promise<readonly [string, Presence][]> {
  const { source } = deps
  const roster = await source.roster(signal)
  const verdicts: [string, Presence][] = []
  const open: IssueBean[] = []
  for (const issue of found) {
    const { project, status, issuetype } = issue.fields
    const selectable = { projectId: project.id, status, type: issuetype }
    const scope = source.selection.scopeOf(selectable, roster)
    if (scope === undefined) verdicts.push([issue.id, source.selection.mayBeUnreadable(selectable, roster) ? 'unknown' : 'out-of-scope'])
    else if (source.selection.query === undefined) verdicts.push([issue.id, 'present'])
    else open.push(issue)
  }
  for (const batch of batches(open, deps.server.batchSize)) verdicts.push(...(await inQuery(batch, deps, signal)))
  return verdicts
}

/** Whether issues that exist fit the user's query. */
async function inQuery(issues: readonly IssueBean[], deps: JudgeDeps, signal: AbortSignal): Promise<readonly [string, Presence][]> {
  const { source, server } = deps
  const ids = issues.map(({ id }) => id)
  const conditions = [...source.selection.exact(await source.roster(signal)), `id in (${ids.join(', ')})`]
  try {
    const { rows } = await server.query(ordered(conditions, 'id ASC'), signal)
    const fitting = new Set(rows.map(({ id }) => id))
    const edge = (source.clock ?? deps.now()) - INDEX_LAG_MS
    return issues.map((issue): [string, Presence] => {
      if (fitting.has(issue.id)) return [issue.id, 'present']
      return [issue.id, (epochOf(issue.fields.updated) ?? edge) >= edge ? 'unknown' : 'out-of-scope']
    })
  } catch (error) {
    // An id that the index does not know makes the whole query fail.
    if (!isHttpStatusError(error, 400)) throw error
    const [only] = issues
    if (issues.length === 1 && only) return [[only.id, 'unknown']]
    const middle = Math.ceil(issues.length / 2)
    return [...(await inQuery(issues.slice(0, middle), deps, signal)), ...(await inQuery(issues.slice(middle), deps, signal))]
  }
}

async function absences(ids: readonly string[], deps: JudgeDeps, signal: AbortSignal): Promise<readonly [string, Presence][]> {
  if (ids.length === 0) return []
  const { source } = deps
  const roster = await source.roster(signal)
  const verdicts: [string, Presence][] = []
  let lost = 0
  for (const id of ids) {
    const known = await deps.known?.of(id)
    const project = validatorsOf(known)?.project
    const inQuery = source.selection.query !== undefined
    if (project !== undefined && !(await source.mayBrowse(project, signal))) {
      if (inQuery) lost += 1
      // A query has one scope for all projects, so only `present` keeps what its lost project held.
      verdicts.push([id, inQuery ? 'present' : 'unknown'])
    } else if (inQuery) verdicts.push([id, project === undefined ? 'unknown' : 'deleted'])
    // It may have been moved into a configured project that cannot be read just now.
    else verdicts.push([id, roster.scopes.length > 0 && (await source.seesAllProjects(signal)) ? 'deleted' : 'unknown'])
  }
  if (lost > 0) deps.warn('Issues are kept whose project these credentials may not browse any more', { issues: lost })
  return verdicts
}
