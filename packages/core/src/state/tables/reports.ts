import type { SqlValue } from '../../sqlite/sqlite-connection.ts'
import type { Connection } from '../connection.ts'
import { fromJson } from '../json.ts'
import type { FailureRecord, IngestionRecord, SourceRecord, SourceRef } from '../records.ts'
import type { StateSession } from '../state-session.ts'
import type { RunCounters, RunStatus } from '../values.ts'
import { FAILURE_COLUMNS, type SelectedFailure, toFailureRecord } from './failures.ts'
import { RUN_COLUMNS, type RunRow, toIngestionRecord } from './runs.ts'
import { SOURCES } from './source-view.ts'
import { type SourceRow, toSourceRecord } from './sources.ts'

/** Which rows a report shows; absent parts match everything. */
export interface ReportFilter {
  readonly project?: string
  readonly sourceType?: string
  readonly source?: string
  readonly limit: number
}

/** A source with what `status` shows of it. */
export type SourceReport = SourceRecord & {
  /** Documents that are no tombstones. */
  readonly documents: number
  readonly failures: number
  readonly chunks: number
  /** What the last run that went to its end could not show; see `RunCounters`. */
  readonly shortfalls: RunCounters['shortfalls']
  /** How the last run ended, or that it has not, and when; undefined where there was none. */
  readonly lastRun: { readonly status: RunStatus; readonly at: Date } | undefined
  readonly lease: { readonly holder: string; readonly acquiredAt: Date; readonly heartbeatAt: Date } | undefined
}

/** The reports, of one moment. */
export interface StateSnapshot {
  /** Runs, newest first. */
  history(filter: ReportFilter): readonly IngestionRecord[]
  /** Failures, the latest first. */
  failures(filter: ReportFilter): readonly FailureRecord[]
  /** Every source, by project, type and name. */
  sources(): readonly SourceReport[]
}

/** What is shown to people. */
export class Reports {
  readonly #session: StateSession

  /** @internal */
  constructor(session: StateSession) {
    this.#session = session
  }

  async history(filter: ReportFilter): Promise<readonly IngestionRecord[]> {
    return this.#session.snapshot('reports.history', (db) => historyReport(db, filter))
  }

  async failures(filter: ReportFilter): Promise<readonly FailureRecord[]> {
    return this.#session.snapshot('reports.failures', (db) => failureReport(db, filter))
  }

  async sources(): Promise<readonly SourceReport[]> {
    return this.#session.snapshot('reports.sources', sourceReport)
  }

  /**
   * Several reports of one moment, over `await`s, while others write. Each snapshot holds a reading connection: as many
   * as the pool's size at once, further ones wait for at most its time-out.
   */
  async snapshot<T>(work: (view: StateSnapshot) => T | Promise<T>): Promise<T> {
    return this.#session.snapshot('reports.snapshot', (db) => work(snapshotOf(db)))
  }
}

function snapshotOf(db: Connection): StateSnapshot {
  return {
    history: (filter) => historyReport(db, filter),
    failures: (filter) => failureReport(db, filter),
    sources: () => sourceReport(db),
  }
}

type RefRow = { readonly [Part in keyof SourceRef]: string }

const REF_COLUMNS = SOURCES.select('s', ['project', 'sourceType', 'source'])

function historyReport(db: Connection, filter: ReportFilter): readonly IngestionRecord[] {
  const { where, values } = conditions(filter)
  const rows = db.all<RunRow & RefRow>(
    `SELECT ${RUN_COLUMNS}, ${REF_COLUMNS}
     FROM {ingestion_history} h JOIN {source_states} s ON s.id = h.source_id ${where} ORDER BY h.id DESC LIMIT ?`,
    ...values,
    filter.limit,
  )
  return rows.map(({ project, sourceType, source, ...row }) => toIngestionRecord({ project, sourceType, source }, row))
}

function failureReport(db: Connection, filter: ReportFilter): readonly FailureRecord[] {
  const { where, values } = conditions(filter)
  const rows = db.all<SelectedFailure & RefRow>(
    `SELECT ${FAILURE_COLUMNS}, ${REF_COLUMNS}
     FROM {failures} f JOIN {source_states} s ON s.id = f.source_id ${where}
     ORDER BY f.last_failed_at DESC, s.id, f.document_id LIMIT ?`,
    ...values,
    filter.limit,
  )
  return rows.map(({ project, sourceType, source, ...row }) => toFailureRecord({ project, sourceType, source }, row))
}

function sourceReport(db: Connection): readonly SourceReport[] {
  const rows = db.all<SourceRow & CountColumns>(
    `SELECT ${SOURCES.select('s')}, l.pid, l.hostname, l.acquired_at AS "acquiredAt", l.heartbeat_at AS "heartbeatAt",
       (SELECT COUNT(*) FROM {document_states} d WHERE d.source_id = s.id AND d.status IN ('indexed', 'staged'))
         AS documents,
       (SELECT COUNT(*) FROM {failures} f WHERE f.source_id = s.id) AS failures,
       (SELECT COUNT(*) FROM {document_states} d CROSS JOIN {chunk_states} c ON c.document_key = d.id
         WHERE d.source_id = s.id) AS chunks,
       (SELECT h.counters FROM {ingestion_history} h WHERE h.source_id = s.id AND h.status IN ('succeeded', 'partial', 'held')
         ORDER BY h.id DESC LIMIT 1) AS counters,
       (SELECT h.status FROM {ingestion_history} h WHERE h.source_id = s.id ORDER BY h.id DESC LIMIT 1) AS "runStatus",
       (SELECT COALESCE(h.finished_at, h.started_at) FROM {ingestion_history} h WHERE h.source_id = s.id
         ORDER BY h.id DESC LIMIT 1) AS "runAt"
     FROM {source_states} s LEFT JOIN {leases} l ON l.source_id = s.id
     ORDER BY s.project, s.source_type, s.source`,
  )
  return rows.map(({ pid, hostname, acquiredAt, heartbeatAt, documents, failures, chunks, counters, runStatus, runAt, ...row }) => ({
    ...toSourceRecord(row),
    documents,
    failures,
    chunks,
    // Rows of older versions do not have them.
    shortfalls: (counters === null ? undefined : fromJson<Partial<RunCounters>>(counters).shortfalls) ?? {},
    lastRun: lastRunOf(runStatus, runAt, acquiredAt !== null),
    lease:
      acquiredAt === null || heartbeatAt === null
        ? undefined
        : { holder: `pid ${pid} on ${hostname}`, acquiredAt: new Date(acquiredAt), heartbeatAt: new Date(heartbeatAt) },
  }))
}

interface CountColumns {
  readonly documents: number
  readonly failures: number
  readonly chunks: number
  readonly counters: string | null
  readonly runStatus: RunStatus | null
  readonly runAt: string | null
  readonly pid: number | null
  readonly hostname: string | null
  readonly acquiredAt: string | null
  readonly heartbeatAt: string | null
}

/** A run without a lease that has not ended lost its process. */
function lastRunOf(status: RunStatus | null, at: string | null, leased: boolean): SourceReport['lastRun'] {
  if (status === null || at === null) return undefined
  return { status: status === 'running' && !leased ? 'interrupted' : status, at: new Date(at) }
}

function conditions(filter: ReportFilter): { readonly where: string; readonly values: readonly SqlValue[] } {
  const parts: [condition: string, value: string][] = []
  if (filter.project !== undefined) parts.push(['s.project = ?', filter.project])
  if (filter.sourceType !== undefined) parts.push(['s.source_type = ?', filter.sourceType])
  if (filter.source !== undefined) parts.push(['s.source = ?', filter.source])
  const where = parts.length === 0 ? '' : `WHERE ${parts.map(([condition]) => condition).join(' AND ')}`
  return { where, values: parts.map(([, value]) => value) }
}
