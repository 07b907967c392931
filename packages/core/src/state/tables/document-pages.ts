import type { Scope } from '@qdrant-loader/connector-sdk'
import type { Connection } from '../connection.ts'
import { toDocumentRecord, type DocumentColumns, type SourceView } from './documents.ts'
import { toPage, type Page } from './page.ts'
import type { DocumentRecord } from '../records.ts'

/** Live documents of the scopes that the listing did not see, by ascending id. */
export function unseenPage(
  db: Connection,
  view: SourceView,
  filter: { readonly listing: string; readonly scopes: readonly Scope[] },
  after: string | undefined,
  limit: number,
): Page<DocumentRecord, string> {
  const rows = db.all<DocumentColumns>(
    `SELECT * FROM {document_states}
     WHERE source_id = ? AND document_id ${after === undefined ? '>=' : '>'} ? AND status = 'indexed'
       AND seen_listing IS DISTINCT FROM ? AND scope IN (SELECT value FROM json_each(?))
     ORDER BY document_id LIMIT ?`,
    view.sourceId,
    after ?? '',
    filter.listing,
    JSON.stringify(filter.scopes),
    limit,
  )
  return page(db, view, rows, limit, (row) => row.document_id)
}

/** Live documents of one scope, by ascending id. */
export function scopePage(
  db: Connection,
  view: SourceView,
  scope: Scope,
  after: string | undefined,
  limit: number,
): Page<DocumentRecord, string> {
  const rows = db.all<DocumentColumns>(
    `SELECT * FROM {document_states}
     WHERE source_id = ? AND scope = ? AND document_id ${after === undefined ? '>=' : '>'} ? AND status = 'indexed'
     ORDER BY document_id LIMIT ?`,
    view.sourceId,
    scope,
    after ?? '',
    limit,
  )
  return page(db, view, rows, limit, (row) => row.document_id)
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

/** Live documents with a redo reason. */
export function redoPage(
  db: Connection,
  view: SourceView,
  after: number | undefined,
  limit: number,
): Page<DocumentRecord, number> {
  // Were it `status = 'indexed'`, SQLite would walk every document by the index of the status (it takes the one with
  // more columns) instead of the few by the partial index of this column.
  const rows = db.all<DocumentColumns>(
    `SELECT * FROM {document_states}
     WHERE source_id = ? AND redo IS NOT NULL AND id > ? AND status NOT IN ('staged', 'deleted') ORDER BY id LIMIT ?`,
    view.sourceId,
    after ?? 0,
    limit,
  )
  return page(db, view, rows, limit, (row) => row.id)
}

/** How many {@link redoPage} has to give in all. */
export function countRedo(db: Connection, sourceId: number): number {
  const row = db.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM {document_states}
     WHERE source_id = ? AND redo IS NOT NULL AND status NOT IN ('staged', 'deleted')`,
    sourceId,
  )
  return row?.n ?? 0
}

/** Documents whose deletion is staged. */
export function stagedPage(
  db: Connection,
  view: SourceView,
  after: number | undefined,
  limit: number,
): Page<DocumentRecord, number> {
  const rows = db.all<DocumentColumns>(
    `SELECT * FROM {document_states} WHERE source_id = ? AND status = 'staged' AND id > ? ORDER BY id LIMIT ?`,
    view.sourceId,
    after ?? 0,
    limit,
  )
  return page(db, view, rows, limit, (row) => row.id)
}

function page<Key>(
  db: Connection,
  view: SourceView,
  rows: readonly DocumentColumns[],
  limit: number,
  keyOf: (row: DocumentColumns) => Key,
): Page<DocumentRecord, Key> {
  const { next } = toPage(rows, limit, keyOf)
  return { items: rows.map((row) => toDocumentRecord(db, view, row)), next }
}
