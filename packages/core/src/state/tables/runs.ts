import type { Json } from '@qdrant-loader/connector-sdk'
import { stateError } from '../codes.ts'
import type { Connection } from '../connection.ts'
import { IngestionHistory, type IngestionHistoryRow } from '../entities/index.ts'
import type { HeldLease, IngestionRecord, SourceRef } from '../records.ts'
import { StateNotFoundError } from '../state-errors.ts'
import type { StateSession } from '../state-session.ts'
import { toUtcText } from '../utc-date-time.ts'
import type { RunCounters, RunMode, RunStatus } from '../values.ts'
import { type Changed, type Selected, Table } from './table.ts'

const RUNS = new Table(IngestionHistory)

/** A run that begins. */
export interface NewRun {
  readonly runId: string
  readonly mode: RunMode
  readonly cursorBefore: Json | undefined
}

/** A run that has ended. */
export interface EndedRun {
  readonly runId: string
  readonly mode: RunMode
  readonly status: Exclude<RunStatus, 'running'>
  readonly counters: RunCounters
  readonly cursorAfter: Json | undefined
  readonly error: string | undefined
}

/** What may be changed of a run. Keys that are absent stay as they are. */
export type IngestionChanges = Pick<
  Changed<IngestionHistoryRow>,
  'mode' | 'status' | 'finishedAt' | 'counters' | 'cursorAfter' | 'error'
>

/** The history: one row for each run of each source. */
export class Runs {
  readonly #session: StateSession

  /** @internal */
  constructor(session: StateSession) {
    this.#session = session
  }

  /** Begins a run. Runs of the source that are still `running` lost their process: they become `interrupted`. */
  async start(lease: HeldLease, run: NewRun): Promise<void> {
    await this.#session.writeLeased('runs.start', lease, { run_id: run.runId, mode: run.mode }, (db, { sourceId }) =>
      insertRun(db, sourceId, { ...run, now: this.#session.now() }),
    )
  }

  async finish(lease: HeldLease, { runId, cursorAfter, error, ...ended }: EndedRun): Promise<void> {
    const finishedAt = this.#session.now()
    const known = { ...(cursorAfter !== undefined && { cursorAfter }), ...(error !== undefined && { error }) }
    await this.#change('runs.finish', lease, runId, { ...ended, ...known, finishedAt })
  }

  /** Changes the row of a run. @throws StateNotFoundError when the run was not started. */
  async update(lease: HeldLease, runId: string, changes: IngestionChanges): Promise<void> {
    await this.#change('runs.update', lease, runId, changes)
  }

  /** The newest run of the source, finished or not. */
  async last(ref: SourceRef): Promise<IngestionRecord | undefined> {
    return this.#session.readSource('runs.last', ref, {}, undefined, (db, { sourceId }) => lastRun(db, ref, sourceId))
  }

  async #change(operation: string, lease: HeldLease, runId: string, changes: IngestionChanges): Promise<void> {
    await this.#session.writeLeased(operation, lease, { run_id: runId, status: changes.status }, (db, { sourceId }) =>
      changeRun(db, sourceId, runId, redacted(changes, this.#session.redact)),
    )
  }
}

/** As {@link Runs.start}. */
export function insertRun(db: Connection, sourceId: number, { now, ...run }: NewRun & { readonly now: Date }): void {
  db.run(
    `UPDATE {ingestion_history} SET status = 'interrupted', finished_at = ? WHERE source_id = ? AND status = 'running'`,
    toUtcText(now),
    sourceId,
  )
  db.run(RUNS.insert, ...RUNS.values({ ...run, sourceId, status: 'running', startedAt: now }))
}

/** As {@link Runs.update}. */
export function changeRun(db: Connection, sourceId: number, runId: string, changes: IngestionChanges): void {
  // A change of nothing still has to find its row.
  const { sql, values } = RUNS.set({ runId, ...changes })
  const changed = db.run(`UPDATE {ingestion_history} SET ${sql} WHERE source_id = ? AND run_id = ?`, ...values, sourceId, runId)
  if (changed === 0) throw unknownRun(runId)
}

/** As {@link Runs.last}. */
export function lastRun(db: Connection, ref: SourceRef, sourceId: number): IngestionRecord | undefined {
  const row = db.get<RunRow>(
    `SELECT ${RUNS.columns} FROM {ingestion_history} WHERE source_id = ? ORDER BY id DESC LIMIT 1`,
    sourceId,
  )
  return row === undefined ? undefined : toIngestionRecord(ref, row)
}

/** A row of the history, as {@link RUN_COLUMNS} selects it. */
export type RunRow = Selected<IngestionHistoryRow>

/** The columns of the history, whose name is `h`. */
export const RUN_COLUMNS = RUNS.select('h')

/** The record that a row stands for. */
export function toIngestionRecord(ref: SourceRef, row: RunRow): IngestionRecord {
  const { id: _id, sourceId: _sourceId, ...run } = RUNS.read(row)
  return { ref, ...run }
}

/** Whatever a connector forgot to take out does not get into the file. */
function redacted(changes: IngestionChanges, redact: (text: string) => string): IngestionChanges {
  const { error, counters } = changes
  return {
    ...changes,
    ...(typeof error === 'string' && { error: redact(error) }),
    ...(counters && { counters: redactedCounters(counters, redact) }),
  }
}

function redactedCounters(counters: RunCounters, redact: (text: string) => string): RunCounters {
  const skipped = Object.entries(counters.skipped).map(([reason, count]) => [redact(reason), count])
  const shortfalls = Object.entries(counters.shortfalls).map(([reason, { count, example }]) => [redact(reason), { count, example: redact(example) }])
  return { ...counters, skipped: Object.fromEntries(skipped), shortfalls: Object.fromEntries(shortfalls) } as RunCounters
}

function unknownRun(runId: string): StateNotFoundError {
  return new StateNotFoundError(stateError.describe('state_run_unknown', { id: runId }))
}
