import type { DocumentStub } from '@qdrant-loader/connector-sdk'
import type { Connection } from '../connection.ts'
import { fromJson } from '../json.ts'
import { toPage, type Page } from './page.ts'
import type { FailureRecord, SourceRef } from '../records.ts'

/** Columns of `failures` as SQLite gives them. */
export interface FailureColumns {
  readonly document_id: string
  readonly stub: string
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly attempts: number
  readonly first_failed_at: string
  readonly last_failed_at: string
  readonly last_run_id: string
}

/** A document that could not be done, and why. */
export interface NewFailure {
  readonly stub: DocumentStub
  readonly code: string
  readonly message: string
  readonly hint: string
}

/** I10: a repeated failure keeps the time of the first one and counts the attempts. */
export function writeFailures(
  db: Connection,
  sourceId: number,
  run: { readonly runId: string; readonly at: string },
  failures: readonly NewFailure[],
): void {
  for (const failure of failures) {
    db.run(
      `INSERT INTO {failures} (source_id, document_id, stub, code, message, hint, attempts, first_failed_at,
         last_failed_at, last_run_id) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
       ON CONFLICT (source_id, document_id) DO UPDATE SET stub = excluded.stub, code = excluded.code,
         message = excluded.message, hint = excluded.hint, attempts = {failures}.attempts + 1,
         last_failed_at = excluded.last_failed_at, last_run_id = excluded.last_run_id`,
      sourceId,
      failure.stub.id,
      JSON.stringify(failure.stub),
      failure.code,
      failure.message,
      failure.hint,
      run.at,
      run.at,
      run.runId,
    )
  }
}

/** Failures of the source that this run has not touched, by ascending document id. */
export function failurePage(
  db: Connection,
  source: { readonly ref: SourceRef; readonly sourceId: number },
  runId: string,
  after: string | undefined,
  limit: number,
): Page<FailureRecord, string> {
  const rows = db.all<FailureColumns>(
    `SELECT * FROM {failures} WHERE source_id = ? AND document_id ${after === undefined ? '>=' : '>'} ?
       AND last_run_id <> ? ORDER BY document_id LIMIT ?`,
    source.sourceId,
    after ?? '',
    runId,
    limit,
  )
  const failures = rows.map((row) => toFailureRecord(source.ref, row))
  return toPage(failures, limit, (failure) => failure.documentId)
}

export function countFailureRows(db: Connection, sourceId: number): number {
  return db.get<{ n: number }>('SELECT COUNT(*) AS n FROM {failures} WHERE source_id = ?', sourceId)?.n ?? 0
}

/** Those of the documents that are in the ledger. */
export function readFailedAmong(db: Connection, sourceId: number, documentIds: readonly string[]): ReadonlySet<string> {
  const rows = db.all<{ document_id: string }>(
    'SELECT document_id FROM {failures} WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?))',
    sourceId,
    JSON.stringify(documentIds),
  )
  return new Set(rows.map((row) => row.document_id))
}

/** The record that a row stands for. */
export function toFailureRecord(ref: SourceRef, row: FailureColumns): FailureRecord {
  return {
    ref,
    documentId: row.document_id,
    stub: fromJson<DocumentStub>(row.stub),
    code: row.code,
    message: row.message,
    hint: row.hint,
    attempts: row.attempts,
    firstFailedAt: new Date(row.first_failed_at),
    lastFailedAt: new Date(row.last_failed_at),
    lastRunId: row.last_run_id,
  }
}

/** Takes documents off the failure ledger. */
export function dropFailures(db: Connection, sourceId: number, documentIds: readonly string[]): void {
  const any = db.get('SELECT 1 FROM {failures} WHERE source_id = ? LIMIT 1', sourceId)
  if (documentIds.length === 0 || any === undefined) return
  db.run(
    'DELETE FROM {failures} WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?))',
    sourceId,
    JSON.stringify(documentIds),
  )
}
