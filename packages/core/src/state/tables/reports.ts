import type { SqlValue } from '../../sqlite/sqlite-connection.ts'
import type { Connection } from '../connection.ts'
import { toFailureRecord, type FailureColumns } from './failures.ts'
import { toIngestionRecord, type HistoryColumns } from './runs.ts'
import { fromNullableJson } from '../json.ts'
import type { FailureRecord, IngestionRecord, RunCounters, RunStatus, SourceRecord } from '../records.ts'
import { toSourceRecord, type SourceColumns } from './sources.ts'

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
  listHistory(filter: ReportFilter): readonly IngestionRecord[]
  /** Failures, the latest first. */
  listFailures(filter: ReportFilter): readonly FailureRecord[]
  /** Every source, by project, type and name. */
  listSources(): readonly SourceReport[]
}

/** The reports that a connection in a reading transaction gives. */
export function snapshotOf(db: Connection): StateSnapshot {
  return {
    listHistory: (filter) => historyReport(db, filter),
    listFailures: (filter) => failureReport(db, filter),
    listSources: () => sourceReport(db),
  }
}

type RefColumns = Pick<SourceColumns, 'project' | 'source_type' | 'source'>

function historyReport(db: Connection, filter: ReportFilter): readonly IngestionRecord[] {
  const { where, values } = conditions(filter)
  const rows = db.all<HistoryColumns & RefColumns>(
    `SELECT h.*, s.project, s.source_type, s.source
     FROM {ingestion_history} h JOIN {source_states} s ON s.id = h.source_id ${where} ORDER BY h.id DESC LIMIT ?`,
    ...values,
    filter.limit,
  )
  return rows.map((row) => toIngestionRecord(refOf(row), row))
}

function failureReport(db: Connection, filter: ReportFilter): readonly FailureRecord[] {
  const { where, values } = conditions(filter)
  const rows = db.all<FailureColumns & RefColumns>(
    `SELECT f.*, s.project, s.source_type, s.source
     FROM {failures} f JOIN {source_states} s ON s.id = f.source_id ${where}
     ORDER BY f.last_failed_at DESC, s.id, f.document_id LIMIT ?`,
    ...values,
    filter.limit,
  )
  return rows.map((row) => toFailureRecord(refOf(row), row))
}

function sourceReport(db: Connection): readonly SourceReport[] {
  const rows = db.all<SourceColumns & CountColumns>(
    `SELECT s.*, l.pid, l.hostname, l.acquired_at, l.heartbeat_at,
       (SELECT COUNT(*) FROM {document_states} d WHERE d.source_id = s.id AND d.status IN ('indexed', 'staged'))
         AS documents,
       (SELECT COUNT(*) FROM {failures} f WHERE f.source_id = s.id) AS failures,
       (SELECT COUNT(*) FROM {document_states} d CROSS JOIN {chunk_states} c ON c.document_key = d.id
         WHERE d.source_id = s.id) AS chunks,
       (SELECT h.counters FROM {ingestion_history} h WHERE h.source_id = s.id AND h.status IN ('succeeded', 'partial', 'held')
         ORDER BY h.id DESC LIMIT 1) AS counters,
       (SELECT h.status FROM {ingestion_history} h WHERE h.source_id = s.id ORDER BY h.id DESC LIMIT 1) AS run_status,
       (SELECT COALESCE(h.finished_at, h.started_at) FROM {ingestion_history} h WHERE h.source_id = s.id
         ORDER BY h.id DESC LIMIT 1) AS run_at
     FROM {source_states} s LEFT JOIN {leases} l ON l.source_id = s.id
     ORDER BY s.project, s.source_type, s.source`,
  )
  return rows.map((row) => ({
    ...toSourceRecord(row),
    documents: row.documents,
    failures: row.failures,
    chunks: row.chunks,
    shortfalls: shortfallsOf(row.counters),
    lastRun: lastRunOf(row),
    lease: leaseOf(row),
  }))
}

interface CountColumns {
  readonly documents: number
  readonly failures: number
  readonly chunks: number
  readonly counters: string | null
  readonly run_status: RunStatus | null
  readonly run_at: string | null
  readonly pid: number | null
  readonly hostname: string | null
  readonly acquired_at: string | null
  readonly heartbeat_at: string | null
}

/** Rows of older versions do not have them. */
function shortfallsOf(counters: string | null): RunCounters['shortfalls'] {
  return fromNullableJson<Partial<RunCounters>>(counters)?.shortfalls ?? {}
}

/** A run without a lease that has not ended lost its process. */
function lastRunOf({ run_status: status, run_at: at, acquired_at: leased }: CountColumns): SourceReport['lastRun'] {
  if (status === null || at === null) return undefined
  return { status: status === 'running' && leased === null ? 'interrupted' : status, at: new Date(at) }
}

function leaseOf(row: CountColumns): SourceReport['lease'] {
  if (row.acquired_at === null || row.heartbeat_at === null) return undefined
  return {
    holder: `pid ${row.pid} on ${row.hostname}`,
    acquiredAt: new Date(row.acquired_at),
    heartbeatAt: new Date(row.heartbeat_at),
  }
}

function refOf(row: RefColumns) {
  return { project: row.project, sourceType: row.source_type, source: row.source }
}

function conditions(filter: ReportFilter): { readonly where: string; readonly values: readonly SqlValue[] } {
  const parts: [condition: string, value: string][] = []
  if (filter.project !== undefined) parts.push(['s.project = ?', filter.project])
  if (filter.sourceType !== undefined) parts.push(['s.source_type = ?', filter.sourceType])
  if (filter.source !== undefined) parts.push(['s.source = ?', filter.source])
  const where = parts.length === 0 ? '' : `WHERE ${parts.map(([condition]) => condition).join(' AND ')}`
  return { where, values: parts.map(([, value]) => value) }
}
