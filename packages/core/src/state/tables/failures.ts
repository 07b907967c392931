import type { Connection } from '../connection.ts'
import { Failure, type FailureRow } from '../entities/index.ts'
import type { FailureRecord, HeldLease, SourceRef } from '../records.ts'
import type { StateSession } from '../state-session.ts'
import { writePresent } from './document-rows.ts'
import { pages, toPage, type Page } from './paging.ts'
import { type Selected, Table } from './table.ts'

const FAILURES = new Table(Failure)

/** I10: a repeated failure keeps the time of the first one and counts the attempts. */
const RECORD = FAILURES.upsert(['sourceId', 'documentId'], { attempts: '{failures}.attempts + 1', firstFailedAt: 'kept' })

/** A document that could not be done, and why. */
export type NewFailure = Pick<FailureRecord, 'stub' | 'code' | 'message' | 'hint'>

/** The failure ledger (I10). */
export class Failures {
  readonly #session: StateSession

  /** @internal */
  constructor(session: StateSession) {
    this.#session = session
  }

  /**
   * Documents that the source has and that could not be done. Those that are recorded are marked as seen by `listing`,
   * and their staged deletion is cancelled: failing is no evidence of absence (I3).
   */
  async record(lease: HeldLease, runId: string, listing: string | undefined, failures: readonly NewFailure[]): Promise<void> {
    const { redact } = this.#session
    await this.#session.writeLeased('failures.record', lease, { run_id: runId, documents: failures.length }, (db, { sourceId }) => {
      writePresent(db, sourceId, { runId, listing }, failures.map((failure) => failure.stub.id))
      // Whatever a connector forgot to take out does not get into the file.
      const redacted = failures.map((failure) => ({ ...failure, message: redact(failure.message), hint: redact(failure.hint) }))
      writeFailures(db, sourceId, { runId, at: this.#session.now() }, redacted)
    })
  }

  /** Those of the documents that are in the ledger. */
  async among(ref: SourceRef, documentIds: readonly string[]): Promise<ReadonlySet<string>> {
    const none: ReadonlySet<string> = new Set()
    return this.#session.readSource('failures.among', ref, { documents: documentIds.length }, none, (db, { sourceId }) =>
      readFailedAmong(db, sourceId, documentIds),
    )
  }

  /** Takes documents off the ledger. */
  async clear(lease: HeldLease, documentIds: readonly string[]): Promise<void> {
    await this.#session.writeLeased('failures.clear', lease, { documents: documentIds.length }, (db, { sourceId }) =>
      dropFailures(db, sourceId, documentIds),
    )
  }

  /** Failures that `runId` has not touched, in pages. */
  before(ref: SourceRef, runId: string, pageSize: number): AsyncIterable<readonly FailureRecord[]> {
    return pages<FailureRecord, string>(this.#session, 'failures.before', ref, (db, view, after) =>
      failurePage(db, view, runId, after, pageSize),
    )
  }

  async count(ref: SourceRef): Promise<number> {
    return this.#session.readSource('failures.count', ref, {}, 0, (db, { sourceId }) => countFailureRows(db, sourceId))
  }
}

/** Writes the ledger. */
export function writeFailures(
  db: Connection,
  sourceId: number,
  run: { readonly runId: string; readonly at: Date },
  failures: readonly NewFailure[],
): void {
  const of = { sourceId, attempts: 1, firstFailedAt: run.at, lastFailedAt: run.at, lastRunId: run.runId }
  for (const failure of failures) db.run(RECORD, ...FAILURES.values({ ...failure, ...of, documentId: failure.stub.id }))
}

/** Failures of the source that this run has not touched, by ascending document id. */
export function failurePage(
  db: Connection,
  source: { readonly ref: SourceRef; readonly sourceId: number },
  runId: string,
  after: string | undefined,
  limit: number,
): Page<FailureRecord, string> {
  const rows = db.all<SelectedFailure>(
    `SELECT ${FAILURES.columns} FROM {failures} WHERE source_id = ? AND document_id ${after === undefined ? '>=' : '>'} ?
       AND last_run_id <> ? ORDER BY document_id LIMIT ?`,
    source.sourceId,
    after ?? '',
    runId,
    limit,
  )
  const failures = rows.map((row) => toFailureRecord(source.ref, row))
  return toPage(failures, limit, (failure) => failure.documentId)
}

/** A row of the ledger, as {@link FAILURE_COLUMNS} selects it. */
export type SelectedFailure = Selected<FailureRow>

/** The columns of the ledger, whose name is `f`. */
export const FAILURE_COLUMNS = FAILURES.select('f')

/** The record that a row stands for. */
export function toFailureRecord(ref: SourceRef, row: SelectedFailure): FailureRecord {
  const { sourceId: _, ...failure } = FAILURES.read(row)
  return { ref, ...failure }
}

/** As {@link Failures.count}. */
export function countFailureRows(db: Connection, sourceId: number): number {
  return db.get<{ n: number }>('SELECT COUNT(*) AS n FROM {failures} WHERE source_id = ?', sourceId)?.n ?? 0
}

/** As {@link Failures.among}. */
function readFailedAmong(db: Connection, sourceId: number, documentIds: readonly string[]): ReadonlySet<string> {
  const rows = db.all<{ id: string }>(
    'SELECT document_id AS id FROM {failures} WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?))',
    sourceId,
    JSON.stringify(documentIds),
  )
  return new Set(rows.map((row) => row.id))
}

/** As {@link Failures.clear}. */
export function dropFailures(db: Connection, sourceId: number, documentIds: readonly string[]): void {
  const any = db.get('SELECT 1 FROM {failures} WHERE source_id = ? LIMIT 1', sourceId)
  if (documentIds.length === 0 || any === undefined) return
  db.run(
    'DELETE FROM {failures} WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?))',
    sourceId,
    JSON.stringify(documentIds),
  )
}
