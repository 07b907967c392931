import type { Json } from '@qdrant-loader/connector-sdk'
import type { SqlValue } from '../../sqlite/sqlite-connection.ts'
import type { Connection } from '../connection.ts'
import { fromNullableJson, toJson } from '../json.ts'
import type { IngestionRecord, RunCounters, RunMode, RunStatus, SourceRef } from '../records.ts'
import { StateNotFoundError } from '../state-errors.ts'
import { toUtcText, UTCDateTime } from '../utc-date-time.ts'

/** Columns of `ingestion_history` as SQLite gives them. */
export interface HistoryColumns {
  readonly run_id: string
  readonly mode: string
  readonly status: string
  readonly started_at: string
  readonly finished_at: string | null
  readonly counters: string | null
  readonly cursor_before: string | null
  readonly cursor_after: string | null
  readonly error: string | null
}

/** What `updateIngestion` may change. Keys that are absent stay as they are. */
export interface IngestionChanges {
  readonly mode?: RunMode
  readonly status?: RunStatus
  readonly finishedAt?: Date
  readonly counters?: RunCounters
  readonly cursorAfter?: Json
  readonly error?: string
}

/** Begins a run. Runs of the source that are still `running` lost their process: they become `interrupted`. */
export function insertRun(
  db: Connection,
  sourceId: number,
  run: { readonly runId: string; readonly mode: RunMode; readonly cursorBefore: Json | undefined; readonly now: number },
): void {
  const at = toUtcText(new Date(run.now))
  db.run(
    `UPDATE {ingestion_history} SET status = 'interrupted', finished_at = ? WHERE source_id = ? AND status = 'running'`,
    at,
    sourceId,
  )
  db.run(
    `INSERT INTO {ingestion_history} (source_id, run_id, mode, status, started_at, cursor_before)
     VALUES (?, ?, ?, 'running', ?, ?)`,
    sourceId,
    run.runId,
    run.mode,
    at,
    toJson(run.cursorBefore),
  )
}

/** Changes the row of a run. @throws StateNotFoundError when there is none. */
export function changeRun(db: Connection, sourceId: number, runId: string, changes: IngestionChanges): void {
  const columns: [name: string, value: SqlValue][] = []
  if (changes.mode !== undefined) columns.push(['mode', changes.mode])
  if (changes.status !== undefined) columns.push(['status', changes.status])
  if (changes.finishedAt !== undefined) columns.push(['finished_at', toUtcText(changes.finishedAt)])
  if (changes.counters !== undefined) columns.push(['counters', toJson(changes.counters)])
  if (changes.cursorAfter !== undefined) columns.push(['cursor_after', toJson(changes.cursorAfter)])
  if (changes.error !== undefined) columns.push(['error', changes.error])
  // A change of nothing still has to find its row.
  const set = ['run_id = run_id', ...columns.map(([name]) => `${name} = ?`)].join(', ')
  const values = columns.map(([, value]) => value)
  const changed = db.run(
    `UPDATE {ingestion_history} SET ${set} WHERE source_id = ? AND run_id = ?`,
    ...values,
    sourceId,
    runId,
  )
  if (changed === 0) throw unknownRun(runId)
}

/** The newest run of the source, finished or not. */
export function lastRun(db: Connection, ref: SourceRef, sourceId: number): IngestionRecord | undefined {
  const row = db.get<HistoryColumns>(
    'SELECT * FROM {ingestion_history} WHERE source_id = ? ORDER BY id DESC LIMIT 1',
    sourceId,
  )
  return row === undefined ? undefined : toIngestionRecord(ref, row)
}

/** The record that a row stands for. */
export function toIngestionRecord(ref: SourceRef, row: HistoryColumns): IngestionRecord {
  return {
    runId: row.run_id,
    ref,
    mode: row.mode as RunMode,
    status: row.status as RunStatus,
    startedAt: new Date(row.started_at),
    finishedAt: UTCDateTime.from(row.finished_at) ?? undefined,
    counters: fromNullableJson<RunCounters>(row.counters),
    cursorBefore: fromNullableJson<Json>(row.cursor_before),
    cursorAfter: fromNullableJson<Json>(row.cursor_after),
    error: row.error ?? undefined,
  }
}

function unknownRun(runId: string): StateNotFoundError {
  return new StateNotFoundError({
    code: 'state_run_unknown',
    kind: 'internal',
    message: `The history has no run ${runId} of this source.`,
    hint: 'Start the run before changing it.',
  })
}
