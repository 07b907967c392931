import type { Change, ChangeDetector, Detection, DetectRequest, KnownDocuments, Presence } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from '@qdrant-loader/http'
import type { IssueReader } from './api/issue-reader.ts'
import type { JiraServer } from './api/jira-server.ts'
import { ordered } from './api/jql.ts'
import type { ReadsById } from './api/reads-by-id.ts'
import { jiraError } from './codes.ts'
import type { JiraCursor } from './cursor.ts'
import { queryRefused } from './errors.ts'
import { DetectionPass } from './passes/detection-pass.ts'
import { judgeIssues } from './presence.ts'
import type { IssueRow } from './schemas.ts'
import { QUERY_SCOPE } from './selection.ts'
import type { JiraSource } from './source/jira-source.ts'
import type { ProjectRoster } from './source/project-roster.ts'

/**
 * How far a query reaches back before the start of the run before, in milliseconds: an edit reaches the search index
 * seconds to minutes late. What comes later still is found by the next complete listing, which compares versions.
 */
const OVERLAP_MS = 15 * 60_000
/** Added when the server does not tell its time, so that only our own clock can be used: in milliseconds. */
const UNKNOWN_CLOCK_MS = 24 * 3_600_000

/** What {@link JiraChangeDetector} needs. */
export interface JiraChangeDetectorDeps {
  readonly source: JiraSource
  readonly server: JiraServer
  readonly reads: ReadsById
  readonly reader: IssueReader
  /** True in a dry run: no issue is read, so one whose `updated` moved is named as changed. */
  readonly progress: (activity: string) => void
  /** Tells the user of what the run goes on without. */
  readonly warn: (message: string, details: Readonly<Record<string, string | number>>) => void
  readonly now: () => number
}

/** What a detection begins with. */
interface Opened {
  readonly roster: ProjectRoster
  /** Taken before the first listing, by the server's own clock: that is the one which writes `updated`. */
  readonly start: number
  readonly since: number | undefined
  readonly census: boolean
  readonly rows: ReadonlyMap<string, IssueRow>
  /** Whether rows say when their issues were updated. */
  readonly versions: boolean
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

  async *detect(request: DetectRequest<JiraCursor>, signal: AbortSignal): Detection<JiraCursor> {
    signal.throwIfAborted()
    this.#known = request.known
    const { source } = this.#deps
    const opened = await this.#open(request, signal)
    const { roster, since, rows } = opened
    const before = request.mode === 'incremental' ? request.since : undefined
    const pass = new DetectionPass({ ...this.#deps, known: request.known, roster, signal, namesAfter: before?.names })
    if (since === undefined || opened.census) {
      yield* pass.everything(rows, opened.versions)
      const doubtful = await this.#doubtful(roster, new Set([...scopesOf(rows, roster), ...pass.scopesSeen]), signal)
      yield this.#complete({ since: opened.start, listed: opened.start, names: pass.namesNext }, roster, doubtful, true)
      return
    }
    yield* pass.changes(rows, async () => {
      if (!source.selection.filters) return undefined
      const exact = [...source.selection.exact(roster), `updated >= ${since}`]
      return new Set((await this.#query(ordered(exact, 'updated ASC, id ASC'), signal)).keys())
    })
    yield this.#complete({ since: opened.start, listed: before?.listed ?? null, names: pass.namesNext }, roster, new Set(), false)
  }

  async judge(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
    signal.throwIfAborted()
    const { source, server, reads, now, warn } = this.#deps
    return await judgeIssues(ids, { source, server, reads, known: this.#known, now, warn }, signal)
  }

  /** Taken before the first listing, by the server's own clock: that is the one which writes `updated`. */
  #start(): number {
    return (this.#deps.source.clock ?? this.#deps.now() - UNKNOWN_CLOCK_MS) - OVERLAP_MS
  }

  /** The roster and the first listing. Data Center refuses a query that names a project which may be seen and not browsed. */
  async #open(request: DetectRequest<JiraCursor>, signal: AbortSignal): Promise<Opened> {
    const { source, progress } = this.#deps
    const roster = await source.roster(signal)
    progress('asking Jira for issues')
    try {
      return await this.#list(request, roster, signal)
    } catch (error) {
      if (!isHttpStatusError(error, 400)) throw error
      const left = await source.browsableRoster(signal)
      if (left.readableScopes.length === roster.readableScopes.length) throw queryRefused(error)
      return await this.#list(request, left, signal).catch((again: unknown) => {
        throw isHttpStatusError(again, 400) ? queryRefused(again) : again
      })
    }
  }

  async #list(request: DetectRequest<JiraCursor>, roster: ProjectRoster, signal: AbortSignal): Promise<Opened> {
    const { source } = this.#deps
    const start = this.#start()
    const cursor = request.mode === 'incremental' && isUsable(request.since, source, roster) ? request.since : undefined
    // A clock that was set back must not hide what happens now.
    const since = cursor && Math.min(cursor.since, start)
    const census = since === undefined || (request.mode === 'incremental' && request.listingDue)
    if (census) return { roster, start, since, census, ...(await this.#census(roster, cursor?.listed ?? undefined, signal)) }
    const recent = [...source.selection.broad(roster), `updated >= ${since}`]
    return { roster, start, since, census, versions: true, rows: await this.#rows(ordered(recent, 'updated ASC, id ASC'), signal) }
  }

  /**
   * All rows. Where they are bare ids, those of issues that were updated since the complete listing before are listed
   * once more, with the time; without such a listing, all of them are, if anything is known that could be out of date.
   */
  async #census(roster: ProjectRoster, listed: number | undefined, signal: AbortSignal): Promise<Pick<Opened, 'rows' | 'versions'>> {
    const { source, server } = this.#deps
    const exact = source.selection.exact(roster)
    const { rows, versions } = await server.census(ordered(exact, 'id ASC'), signal)
    const all = byId(rows)
    if (versions || !(await this.#holdsAnything(roster))) return { rows: all, versions }
    const window = listed === undefined ? exact : [...exact, `updated >= ${listed}`]
    return { rows: new Map([...all, ...(await this.#rows(ordered(window, 'updated ASC, id ASC'), signal))]), versions }
  }

  async #holdsAnything(roster: ProjectRoster): Promise<boolean> {
    const scopes = this.#deps.source.selection.query === undefined ? roster.scopes : [QUERY_SCOPE]
    for (const scope of scopes) if (await holdsAny(this.#known, scope)) return true
    return false
  }

  async #query(jql: string, signal: AbortSignal): Promise<ReadonlyMap<string, IssueRow>> {
    return await this.#rows(jql, signal).catch((error: unknown) => {
      throw isHttpStatusError(error, 400) ? queryRefused(error) : error
    })
  }

  async #rows(jql: string, signal: AbortSignal): Promise<ReadonlyMap<string, IssueRow>> {
    return byId((await this.#deps.server.query(jql, signal)).rows)
  }

  /** Vouches for the projects that could be read, and says which could not. */
  #complete(next: Pick<JiraCursor, 'since' | 'listed' | 'names'>, roster: ProjectRoster, doubtful: ReadonlySet<string>, everything: boolean): Change<JiraCursor> {
    const { source } = this.#deps
    const isQuery = source.selection.query !== undefined
    const configured = isQuery ? [QUERY_SCOPE] : roster.scopes
    const covered = isQuery ? [QUERY_SCOPE] : roster.readableScopes.filter((scope) => !doubtful.has(scope))
    const missing = configured.filter((scope) => !covered.includes(scope))
    return {
      kind: 'complete',
      cursor: { version: 3, ...next, place: source.place, covered: [...covered] },
      listing: everything ? { everythingIn: covered, configured } : 'changes',
      ...(missing.length > 0 && { unreadable: missing.map((scope) => ({ scope, ...jiraError.describe('jira_project_not_visible', { project: scope }) })) }),
    }
  }

  /** Projects without any issue that may not be browsed in fact: some servers give those an empty listing. */
  async #doubtful(roster: ProjectRoster, seen: ReadonlySet<string>, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const { source, server } = this.#deps
    const doubtful = new Set<string>()
    for (const scope of roster.readableScopes) {
      const project = roster.projectOf(scope)
      if (project === undefined || seen.has(roster.scopeOf(project.id) ?? scope)) continue
      if (server.listsOnlyBrowsable && !(await holdsAny(this.#known, scope))) continue
      if (!(await source.mayBrowse(project.id, signal))) doubtful.add(scope)
    }
    return doubtful
  }
}

/** Rows by id. An issue that is edited while the pages are read may come twice; its last row counts. */
function byId(rows: readonly IssueRow[]): ReadonlyMap<string, IssueRow> {
  return new Map(rows.map((row) => [row.id, row]))
}

/** Scopes of the projects that the keys of rows name. */
function scopesOf(rows: ReadonlyMap<string, IssueRow>, roster: ProjectRoster): readonly string[] {
  const keys = new Set([...rows.values()].map(({ key }) => key?.replace(/-\d+$/, '')))
  return roster.readableScopes.filter((scope) => keys.has(roster.projectOf(scope)?.key))
}

/** False when only a listing of everything is certain. */
function isUsable(cursor: JiraCursor, source: JiraSource, roster: ProjectRoster): boolean {
  const covered = new Set(cursor.covered)
  return cursor.place === source.place && roster.readableScopes.every((scope) => covered.has(scope))
}

async function holdsAny(known: KnownDocuments | undefined, scope: string): Promise<boolean> {
  for await (const _id of known?.ids(scope) ?? []) return true
  return false
}
