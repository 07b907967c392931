import type { DocumentStub, Scope } from '@qdrant-loader/connector-sdk'
import type { Connection } from '../connection.ts'
import type { FingerprintSets } from './fingerprint-sets.ts'
import { fromJson } from '../json.ts'
import type { DocumentRecord, DocumentStatus, RedoReason, SourceRef } from '../records.ts'
import { UTCDateTime } from '../utc-date-time.ts'

/** Columns of `document_states` as SQLite gives them. */
export interface DocumentColumns {
  readonly id: number
  readonly document_id: string
  readonly scope: string
  readonly content_version: string
  readonly metadata_version: string
  readonly content_hash: string
  readonly fingerprint_set: number
  readonly stub: string
  readonly title: string
  readonly chunk_count: number
  readonly skipped: string | null
  readonly status: string
  readonly verdict: string | null
  readonly moved_to: string | null
  readonly staged_at: string | null
  readonly deleted_at: string | null
  readonly redo: string | null
  readonly seen_listing: string | null
  readonly last_run_id: string
  readonly version: number
}

/** A source with what its rows need to be read. */
export interface SourceView {
  readonly ref: SourceRef
  readonly sourceId: number
  readonly fingerprints: FingerprintSets
}

/** What a stub shares with the columns of its document is not stored twice. */
export function packStub(stub: DocumentStub, shared: { documentId: string; scope: Scope; contentVersion: string }): string {
  const { id, scope, contentVersion, ...rest } = stub
  return JSON.stringify({
    ...rest,
    ...(id === shared.documentId ? {} : { id }),
    ...(scope === shared.scope ? {} : { scope }),
    ...(contentVersion === shared.contentVersion ? {} : { contentVersion }),
  })
}

/** The record that a row stands for. */
export function toDocumentRecord(db: Connection, view: SourceView, row: DocumentColumns): DocumentRecord {
  const shared = { id: row.document_id, scope: row.scope, contentVersion: row.content_version }
  return {
    ref: view.ref,
    documentId: row.document_id,
    scope: row.scope,
    contentVersion: row.content_version,
    metadataVersion: row.metadata_version,
    contentHash: row.content_hash,
    fingerprints: view.fingerprints.read(db, row.fingerprint_set),
    stub: { ...shared, ...fromJson<Omit<DocumentStub, 'id' | 'scope' | 'contentVersion'>>(row.stub) },
    title: row.title,
    chunkCount: row.chunk_count,
    skipped: row.skipped ?? undefined,
    status: row.status as DocumentStatus,
    verdict: (row.verdict ?? undefined) as DocumentRecord['verdict'],
    movedTo: row.moved_to ?? undefined,
    stagedAt: UTCDateTime.from(row.staged_at) ?? undefined,
    deletedAt: UTCDateTime.from(row.deleted_at) ?? undefined,
    redo: (row.redo ?? undefined) as RedoReason | undefined,
    seenListing: row.seen_listing ?? undefined,
    lastRunId: row.last_run_id,
    version: row.version,
  }
}

/** One document, tombstone or not. */
export function readDocument(db: Connection, view: SourceView, documentId: string): DocumentRecord | undefined {
  const row = db.get<DocumentColumns>(
    'SELECT * FROM {document_states} WHERE source_id = ? AND document_id = ?',
    view.sourceId,
    documentId,
  )
  return row === undefined ? undefined : toDocumentRecord(db, view, row)
}

/** Those of the documents that are known, tombstones included. */
export function readDocuments(
  db: Connection,
  view: SourceView,
  ids: readonly string[],
): ReadonlyMap<string, DocumentRecord> {
  const rows = db.all<DocumentColumns>(
    'SELECT * FROM {document_states} WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?))',
    view.sourceId,
    JSON.stringify(ids),
  )
  return new Map(rows.map((row) => [row.document_id, toDocumentRecord(db, view, row)]))
}

/** The next live ids after `after`, in the order of their UTF-8 bytes, which is SQLite's BINARY collation. */
export function nextDocumentIds(
  db: Connection,
  sourceId: number,
  page: { readonly scope: Scope | undefined; readonly after: string | undefined; readonly limit: number },
): string[] {
  // No text is smaller than the empty one, so the first page starts there.
  const after = page.after === undefined ? '>= ?' : '> ?'
  const rows =
    page.scope === undefined
      ? db.all<{ document_id: string }>(
          `SELECT document_id FROM {document_states} WHERE source_id = ? AND document_id ${after}
             AND status = 'indexed' ORDER BY document_id LIMIT ?`,
          sourceId,
          page.after ?? '',
          page.limit,
        )
      : db.all<{ document_id: string }>(
          `SELECT document_id FROM {document_states} WHERE source_id = ? AND scope = ? AND document_id ${after}
             AND status = 'indexed' ORDER BY document_id LIMIT ?`,
          sourceId,
          page.scope,
          page.after ?? '',
          page.limit,
        )
  return rows.map((row) => row.document_id)
}

/** Documents that are no tombstones. */
export function countLiveDocuments(db: Connection, sourceId: number): number {
  const row = db.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM {document_states} WHERE source_id = ? AND status IN ('indexed', 'staged')`,
    sourceId,
  )
  return row?.n ?? 0
}
