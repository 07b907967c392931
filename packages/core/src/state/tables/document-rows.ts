import type { DocumentStub, Scope } from '@qdrant-loader/connector-sdk'
import type { SqlValue } from '../../sqlite/sqlite-connection.ts'
import type { Connection } from '../connection.ts'
import { DocumentState, type DocumentStateRow } from '../entities/index.ts'
import type { DocumentRecord } from '../records.ts'
import { toPage, type Page } from './paging.ts'
import type { SourceView } from './source-view.ts'
import { type Selected, Table } from './table.ts'

/** The table of documents. */
export const DOCUMENTS = new Table(DocumentState)

/** What a record is made of, and without copying it: the number of its fingerprints stands in their place. */
const RECORD = `${DOCUMENTS.but('id', 'sourceId', 'fingerprintSet')}, fingerprint_set AS "fingerprints"`

type RecordRow = Omit<Selected<DocumentStateRow>, 'id' | 'sourceId' | 'fingerprintSet'> & { readonly fingerprints: number }

/** What a stub shares with the columns of its document is not stored twice. */
export function packStub(stub: DocumentStub, shared: { documentId: string; scope: Scope; contentVersion: string }): Partial<DocumentStub> {
  const { id, scope, contentVersion, ...rest } = stub
  return {
    ...rest,
    ...(id === shared.documentId ? {} : { id }),
    ...(scope === shared.scope ? {} : { scope }),
    ...(contentVersion === shared.contentVersion ? {} : { contentVersion }),
  }
}

function select(db: Connection, view: SourceView, where: string, ...values: readonly SqlValue[]): DocumentRecord[] {
  const rows = db.all<RecordRow>(`SELECT ${RECORD} FROM {document_states} WHERE source_id = ? AND ${where}`, view.sourceId, ...values)
  return rows.map((row) => toDocumentRecord(db, view, row))
}

/** The records that match, by ascending id. */
function pageById(
  db: Connection,
  view: SourceView,
  limit: number,
  where: string,
  ...values: readonly SqlValue[]
): Page<DocumentRecord, string> {
  const records = select(db, view, `${where} ORDER BY document_id LIMIT ?`, ...values, limit)
  return toPage(records, limit, (record) => record.documentId)
}

/** The records that match, by the number of their row. */
function pageByRow(
  db: Connection,
  view: SourceView,
  limit: number,
  where: string,
  ...values: readonly SqlValue[]
): Page<DocumentRecord, number> {
  const rows = db.all<RecordRow & { readonly id: number }>(
    `SELECT id, ${RECORD} FROM {document_states} WHERE source_id = ? AND ${where} ORDER BY id LIMIT ?`,
    view.sourceId,
    ...values,
    limit,
  )
  const { next } = toPage(rows, limit, (row) => row.id)
  return { items: rows.map(({ id: _, ...row }) => toDocumentRecord(db, view, row)), next }
}

/** The row becomes the record: a listing of everything makes one of each document. */
function toDocumentRecord(db: Connection, view: SourceView, row: RecordRow): DocumentRecord {
  const fingerprints = view.fingerprints.read(db, row.fingerprints)
  const read = DOCUMENTS.read(row)
  const { documentId: id, scope, contentVersion } = read
  const stub = { id, scope, contentVersion, ...read.stub } as DocumentStub
  return Object.assign(read, { ref: view.ref, fingerprints, stub })
}

/** One document, tombstone or not. */
export function readDocument(db: Connection, view: SourceView, documentId: string): DocumentRecord | undefined {
  return select(db, view, 'document_id = ?', documentId)[0]
}

/** Those of the documents that are known, tombstones included. */
export function readDocuments(db: Connection, view: SourceView, ids: readonly string[]): ReadonlyMap<string, DocumentRecord> {
  const records = select(db, view, 'document_id IN (SELECT value FROM json_each(?))', JSON.stringify(ids))
  return new Map(records.map((record) => [record.documentId, record]))
}

/** The next live ids after `after`, in the order of their UTF-8 bytes, which is SQLite's BINARY collation. */
export function nextDocumentIds(
  db: Connection,
  sourceId: number,
  page: { readonly scope: Scope | undefined; readonly after: string | undefined; readonly limit: number },
): string[] {
  const scope = page.scope === undefined ? [] : [page.scope]
  const rows = db.all<{ id: string }>(
    `SELECT document_id AS id FROM {document_states} WHERE source_id = ? ${scope.length === 0 ? '' : 'AND scope = ?'}
       AND ${beyond(page.after)} AND status = 'indexed' ORDER BY document_id LIMIT ?`,
    sourceId,
    ...scope,
    page.after ?? '',
    page.limit,
  )
  return rows.map((row) => row.id)
}

/** No text is smaller than the empty one, so the first page starts there. */
function beyond(after: string | undefined): string {
  return after === undefined ? 'document_id >= ?' : 'document_id > ?'
}

/** Live documents of the scopes that the listing did not see, by ascending id. */
export function unseenPage(
  db: Connection,
  view: SourceView,
  filter: { readonly listing: string; readonly scopes: readonly Scope[] },
  after: string | undefined,
  limit: number,
): Page<DocumentRecord, string> {
  const where = `${beyond(after)} AND status = 'indexed' AND seen_listing IS DISTINCT FROM ?
    AND scope IN (SELECT value FROM json_each(?))`
  return pageById(db, view, limit, where, after ?? '', filter.listing, JSON.stringify(filter.scopes))
}

/** Live documents of one scope, by ascending id. */
export function scopePage(
  db: Connection,
  view: SourceView,
  scope: Scope,
  after: string | undefined,
  limit: number,
): Page<DocumentRecord, string> {
  return pageById(db, view, limit, `scope = ? AND ${beyond(after)} AND status = 'indexed'`, scope, after ?? '')
}

/** The scopes in which the source holds something. One look-up in an index for each, however many documents it has. */
export function readScopes(db: Connection, sourceId: number): readonly Scope[] {
  const scopes: Scope[] = []
  let comparison = '>='
  for (;;) {
    const found = db.get<{ scope: Scope }>(
      `SELECT scope FROM {document_states} WHERE source_id = ? AND scope ${comparison} ? ORDER BY scope LIMIT 1`,
      sourceId,
      scopes.at(-1) ?? '',
    )
    if (found === undefined) return scopes
    scopes.push(found.scope)
    comparison = '>'
  }
}

// Were it `status = 'indexed'`, SQLite would walk every document by the index of the status (it takes the one with
// more columns) instead of the few by the partial index of this column.
const TO_REDO = `redo IS NOT NULL AND status NOT IN ('staged', 'deleted')`

/** Live documents with a redo reason. */
export function redoPage(
  db: Connection,
  view: SourceView,
  after: number | undefined,
  limit: number,
): Page<DocumentRecord, number> {
  return pageByRow(db, view, limit, `${TO_REDO} AND id > ?`, after ?? 0)
}

/** How many {@link redoPage} has to give in all. */
export function countRedo(db: Connection, sourceId: number): number {
  return count(db, sourceId, TO_REDO)
}

/** Documents whose deletion is staged. */
export function stagedPage(
  db: Connection,
  view: SourceView,
  after: number | undefined,
  limit: number,
): Page<DocumentRecord, number> {
  return pageByRow(db, view, limit, `status = 'staged' AND id > ?`, after ?? 0)
}

/** Documents that are no tombstones. */
export function countLiveDocuments(db: Connection, sourceId: number): number {
  return count(db, sourceId, `status IN ('indexed', 'staged')`)
}

function count(db: Connection, sourceId: number, where: string): number {
  return db.get<{ n: number }>(`SELECT COUNT(*) AS n FROM {document_states} WHERE source_id = ? AND ${where}`, sourceId)?.n ?? 0
}

/** The source has them, whatever became of reading them: they are seen, and their deletion is no longer staged. */
export function writePresent(
  db: Connection,
  sourceId: number,
  run: { readonly runId: string; readonly listing: string | undefined },
  documentIds: readonly string[],
): void {
  db.run(
    `UPDATE {document_states} SET seen_listing = COALESCE(?, seen_listing), status = 'indexed', verdict = NULL,
       moved_to = NULL, staged_at = NULL, last_run_id = ?, version = version + 1
     WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?)) AND status <> 'deleted'
       AND (status = 'staged' OR seen_listing IS DISTINCT FROM COALESCE(?, seen_listing))`,
    run.listing ?? null,
    run.runId,
    sourceId,
    JSON.stringify(documentIds),
    run.listing ?? null,
  )
}
