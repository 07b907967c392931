import type { Change, ChangeDetector, DetectRequest, KnownDocuments, Listing, Logger, Presence } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from '@qdrant-loader/http'
import type { JiraCursor } from './cursor.ts'
import { DetectionPass } from './detection-pass.ts'
import { judgeIssues } from './issue-judge.ts'
import type { IssueReader } from './issue-reader.ts'
import { QUERY_SCOPE } from './issue-selection.ts'
import type { JiraServer } from './jira-server.ts'
import type { JiraSource } from './jira-source.ts'
import { queryRefused } from './jira-errors.ts'
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
  readonly dryRun: boolean
  readonly logger: Logger
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
    const cursor = this.#cursor()
    const since = request.mode === 'incremental' && request.since.place === source.place ? request.since.since : undefined
    // A clock that was set back must not hide what happens now.
    const from = since === undefined ? undefined : Math.min(since, cursor.since)
    const everything = from === undefined || (request.mode === 'incremental' && request.listingDue)
    const pass = new DetectionPass({ ...this.#deps, known: request.known, roster, signal })
    if (everything) {
      const rows = await this.#rows(ordered(source.selection.exact(roster), 'id ASC'), signal)
      yield* pass.everything(rows)
      yield { kind: 'complete', cursor, listing: await this.#listing(roster, rows, signal) }
      return
    }
    const recent = [...source.selection.broad(roster), `updated >= ${from}`]
    const rows = await this.#rows(ordered(recent, 'updated ASC, id ASC'), signal)
    yield* pass.changes(rows, async () => {
      if (!source.selection.filters) return undefined
      const exact = [...source.selection.exact(roster), `updated >= ${from}`]
      return new Set((await this.#rows(ordered(exact, 'updated ASC, id ASC'), signal)).keys())
    })
    yield { kind: 'complete', cursor, listing: 'changes' }
  }

  async judge(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
    signal.throwIfAborted()
    const { source, server } = this.#deps
    return await judgeIssues(ids, { source, server, known: this.#known, now: this.#deps.now }, signal)
  }

  /** Taken before the first listing, by the server's own clock: that is the one which writes `updated`. */
  #cursor(): JiraCursor {
    const clock = this.#deps.source.clock ?? this.#deps.now() - UNKNOWN_CLOCK_MS
    return { version: 1, since: clock - OVERLAP_MS, place: this.#deps.source.place }
  }

  /** Rows by id. An issue that is edited while the pages are read may come twice; its last row counts. */
  async #rows(jql: string, signal: AbortSignal): Promise<ReadonlyMap<string, IssueRow>> {
    this.#deps.progress('asking Jira for issues')
    const { rows } = await this.#deps.server.query(jql, ['updated'], signal).catch((error: unknown) => {
      throw isHttpStatusError(error, 400) ? queryRefused(error) : error
    })
    return new Map(rows.map((row) => [row.id, row]))
  }

  /** Vouches for the projects that could be read. A project without any row has to prove that it may be read. */
  async #listing(roster: ProjectRoster, rows: ReadonlyMap<string, IssueRow>, signal: AbortSignal): Promise<Listing> {
    const { source, server, logger } = this.#deps
    if (source.selection.query !== undefined) return { everythingIn: [QUERY_SCOPE], configured: [QUERY_SCOPE] }
    const scopes: string[] = []
    const listed = new Set([...rows.values()].map(({ key }) => key?.replace(/-\d+$/, '')))
    for (const scope of roster.readableScopes) {
      const project = roster.projectOf(scope)
      const doubtful = !listed.has(project?.key) && (await holdsAny(this.#known, scope))
      if (project === undefined || (doubtful && !(await server.mayBrowse(project.id, signal)))) {
        logger.warn(`Jira's project ${scope} answers with no issues, and these credentials may not browse it: nothing of it is deleted`, { project_key: scope })
      } else scopes.push(scope)
    }
    return { everythingIn: scopes, configured: roster.scopes }
  }
}

async function holdsAny(known: KnownDocuments | undefined, scope: string): Promise<boolean> {
  for await (const _id of known?.ids(scope) ?? []) return true
  return false
}
