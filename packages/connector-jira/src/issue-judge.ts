import type { KnownDocuments, Presence } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from '@qdrant-loader/http'
import { batches } from './issue-reader.ts'
import type { JiraServer } from './jira-server.ts'
import type { JiraSource } from './jira-source.ts'
import { ordered } from './jql.ts'
import type { IssueBean } from './schemas.ts'
import { epochOf } from './utc-time.ts'
import { validatorsOf } from './validators.ts'

const FIELDS = ['project', 'status', 'issuetype', 'created', 'updated']
/** So soon after an edit, in milliseconds, the search index is no witness against the database. */
const INDEX_LAG_MS = 15 * 60_000

interface JudgeDeps {
  readonly source: JiraSource
  readonly server: JiraServer
  readonly known: KnownDocuments | undefined
  readonly now: () => number
}

/**
 * Says where issues are that a listing did not show: the database is asked, not the search index.
 *
 * Jira does not tell a deleted issue from one that is hidden. One that is not found in a project whose issues these
 * credentials may see counts as deleted. Where that is not certain, nothing is said that deletes.
 */
export async function judgeIssues(ids: readonly string[], deps: JudgeDeps, signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
  const { server } = deps
  const numeric = ids.filter((id) => /^\d+$/.test(id))
  const verdicts = new Map<string, Presence>()
  const found: IssueBean[] = []
  for (const batch of batches(numeric, server.batchSize)) {
    const answer = await server.issues(batch, FIELDS, 'source', signal)
    found.push(...answer.issues)
    // Jira names here only what exists.
    for (const id of answer.failed.keys()) verdicts.set(id, 'present')
  }
  for (const [id, presence] of await presences(found, deps, signal)) verdicts.set(id, presence)
  const absent = ids.filter((id) => !verdicts.has(id))
  for (const [id, presence] of await absences(absent, deps, signal)) verdicts.set(id, presence)
  return verdicts
}

async function presences(found: readonly IssueBean[], deps: JudgeDeps, signal: AbortSignal): Promise<readonly [string, Presence][]> {
  const { source } = deps
  const roster = await source.roster(signal)
  const verdicts: [string, Presence][] = []
  const open: IssueBean[] = []
  for (const issue of found) {
    const { project, status, issuetype } = issue.fields
    const scope = source.selection.scopeOf({ projectId: project.id, status, type: issuetype }, roster)
    if (scope === undefined) verdicts.push([issue.id, 'out-of-scope'])
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
    const { rows } = await server.query(ordered(conditions, 'id ASC'), ['updated'], signal)
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
  const { source, server } = deps
  const roster = await source.roster(signal)
  const projects = new Map<string, Promise<boolean>>()
  const browsable = (projectId: string): Promise<boolean> => {
    const asked = projects.get(projectId) ?? server.mayBrowse(projectId, signal)
    projects.set(projectId, asked)
    return asked
  }
  const verdicts: [string, Presence][] = []
  for (const id of ids) {
    const known = await deps.known?.of(id)
    const project = validatorsOf(known)?.project
    if (project !== undefined) {
      // A query has one scope for all projects, so only `present` keeps what its lost project held.
      const otherwise = source.selection.query === undefined ? 'unknown' : 'present'
      verdicts.push([id, (await browsable(project)) ? 'deleted' : otherwise])
    } else if (roster.scopes.length > 0 && roster.hiddenScopes.length === 0) {
      const all = await Promise.all(roster.readableIds.map(browsable))
      verdicts.push([id, all.every(Boolean) ? 'deleted' : 'unknown'])
    } else verdicts.push([id, 'unknown'])
  }
  return verdicts
}
