import type { Change, ChangeDetector, DetectRequest, KnownDocuments, Presence } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from '@qdrant-loader/http'
import type { JiraCursor } from './cursor.ts'
import { DetectionPass } from './detection-pass.ts'
import { judgeIssues } from './issue-judge.ts'
import type { IssueReader } from './issue-reader.ts'
import { QUERY_SCOPE } from './issue-selection.ts'
import type { JiraServer } from './jira-server.ts'
import type { JiraSource } from './jira-source.ts'
import { queryRefused, unreadableProject } from './jira-errors.ts'
import { ordered } from './jql.ts'
import type { ProjectRoster } from './project-roster.ts'
import type { IssueRow } from './schemas.ts'

/**
 * How far a query reaches back before the start of the run before, in milliseconds: an edit reaches the search index
 * seconds to minutes late. What comes later still is found by the next complete listing, which compares versions.
 */
export const OVERLAP_MS = 15 * 60_000
/** Added when the server does not tell its time, so that only our own clock can be used: in milliseconds. */
const UNKNOWN_CLOCK_MS = 24 * 3_600_000

/** What {@link JiraChangeDetector} needs. */
export interface JiraChangeDetectorDeps {
  readonly source: JiraSource
  readonly server: JiraServer
  readonly reader: IssueReader
  /** True in a dry run: no issue is read, so one whose `updated` moved is named as changed. */
  readonly progress: (activity: string) => void
  readonly now: () => number
}

/**
 * Asks Jira for what was updated since the run before, or for everything, and reads in bulk what is not known at that
 * `updated`. A run without changes costs two requests.
 */
export class JiraChangeDetector implements ChangeDetector<JiraCursor> {
  readonly #deps: JiraChangeDetectorDeps
  #known: KnownDocuments | undefined

  constructor(deps: JiraChangeDetectorDeps) {
    this.#deps = deps
  }

  async *detect(request: DetectRequest<JiraCursor>, signal: AbortSignal): AsyncGenerator<Change<JiraCursor>> {
    signal.throwIfAborted()
    this.#known = request.known
    const { source } = this.#deps
    const roster = await source.roster(signal)
    const start = this.#start()
    const since = request.mode === 'incremental' ? usableSince(request.since, source, roster, start) : undefined
    const before = request.mode === 'incremental' ? request.since.names : undefined
    const pass = new DetectionPass({ ...this.#deps, known: request.known, roster, signal, namesAfter: before })
    if (since === undefined || (request.mode === 'incremental' && request.listingDue)) {
      const rows = await this.#rows(ordered(source.selection.exact(roster), 'id ASC'), signal)
      yield* pass.everything(rows)
      yield this.#complete({ since: start, names: pass.namesNext }, roster, await this.#doubtful(roster, rows, signal), true)
      return
    }
    const recent = [...source.selection.broad(roster), `updated >= ${since}`]
    const rows = await this.#rows(ordered(recent, 'updated ASC, id ASC'), signal)
    yield* pass.changes(rows, async () => {
      if (!source.selection.filters) return undefined
      const exact = [...source.selection.exact(roster), `updated >= ${since}`]
      return new Set((await this.#rows(ordered(exact, 'updated ASC, id ASC'), signal)).keys())
    })
    yield this.#complete({ since: start, names: pass.namesNext }, roster, new Set(), false)
  }

  async judge(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
    signal.throwIfAborted()
    const { source, server } = this.#deps
    return await judgeIssues(ids, { source, server, known: this.#known, now: this.#deps.now }, signal)
  }

  /** Taken before the first listing, by the server's own clock: that is the one which writes `updated`. */
  #start(): number {
    return (this.#deps.source.clock ?? this.#deps.now() - UNKNOWN_CLOCK_MS) - OVERLAP_MS
  }

  /** Rows by id. An issue that is edited while the pages are read may come twice; its last row counts. */
  async #rows(jql: string, signal: AbortSignal): Promise<ReadonlyMap<string, IssueRow>> {
    this.#deps.progress('asking Jira for issues')
    const { rows } = await this.#deps.server.query(jql, ['updated'], signal).catch((error: unknown) => {
      throw isHttpStatusError(error, 400) ? queryRefused(error) : error
    })
    return new Map(rows.map((row) => [row.id, row]))
  }

  /** Vouches for the projects that could be read, and says which could not. */
  #complete(next: Pick<JiraCursor, 'since' | 'names'>, roster: ProjectRoster, doubtful: ReadonlySet<string>, everything: boolean): Change<JiraCursor> {
    const { source } = this.#deps
    const isQuery = source.selection.query !== undefined
    const configured = isQuery ? [QUERY_SCOPE] : roster.scopes
    const covered = isQuery ? [QUERY_SCOPE] : roster.readableScopes.filter((scope) => !doubtful.has(scope))
    const missing = configured.filter((scope) => !covered.includes(scope))
    return {
      kind: 'complete',
      cursor: { version: 2, ...next, place: source.place, covered: [...covered] },
      listing: everything ? { everythingIn: covered, configured } : 'changes',
      ...(missing.length > 0 && { unreadable: missing.map(unreadableProject) }),
    }
  }

  /** Projects without any row, of which something is known, that may not be browsed in fact. */
  async #doubtful(roster: ProjectRoster, rows: ReadonlyMap<string, IssueRow>, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const listed = new Set([...rows.values()].map(({ key }) => key?.replace(/-\d+$/, '')))
    const doubtful = new Set<string>()
    for (const scope of roster.readableScopes) {
      const project = roster.projectOf(scope)
      if (project === undefined || listed.has(project.key) || !(await holdsAny(this.#known, scope))) continue
      if (!(await this.#deps.server.mayBrowse(project.id, signal))) doubtful.add(scope)
    }
    return doubtful
  }
}

/** The time from which on changes are asked for; undefined when only a listing of everything is certain. */
function usableSince(cursor: JiraCursor, source: JiraSource, roster: ProjectRoster, start: number): number | undefined {
  const covered = new Set(cursor.covered)
  if (cursor.place !== source.place || !roster.readableScopes.every((scope) => covered.has(scope))) return undefined
  // A clock that was set back must not hide what happens now.
  return Math.min(cursor.since, start)
}

async function holdsAny(known: KnownDocuments | undefined, scope: string): Promise<boolean> {
  for await (const _id of known?.ids(scope) ?? []) return true
  return false
}
