import { writeChunks } from './chunks.ts'
import type { Connection } from '../connection.ts'
import { packStub, readDocument, readDocuments, type SourceView } from './documents.ts'
import { dropFailures } from './failures.ts'
import { dropIntents } from './intents.ts'
import type { DocumentCommit, DocumentRecord, DocumentValidators } from '../records.ts'
import { ConcurrentUpdateError, StateNotFoundError } from '../state-errors.ts'

/** Step 3 of the commit protocol for a batch (design 7). */
export function writeCommits(
  db: Connection,
  view: SourceView,
  run: { readonly runId: string; readonly listing: string | undefined },
  commits: readonly DocumentCommit[],
): void {
  for (const commit of commits) writeCommit(db, view, run, commit)
  const ids = commits.map((commit) => commit.document.documentId)
  const owned = commits.flatMap(({ chunks }) => (chunks === 'kept' ? [] : chunks.map((chunk) => chunk.pointId)))
  dropIntents(db, view.sourceId, run.runId, { ids, owned })
  dropFailures(db, view.sourceId, ids)
  // After all of them: a dependent in this batch may have been read before its dependency changed.
  const changed = commits.filter((commit) => commit.contentChanged).map((commit) => commit.document.documentId)
  markDependents(db, view.sourceId, changed)
}

/** Documents that depend on one of these are done again. */
export function markDependents(db: Connection, sourceId: number, changedIds: readonly string[]): void {
  // One look-up spares one for each document where nothing depends on anything.
  const any = db.get('SELECT 1 FROM {document_dependencies} WHERE source_id = ? LIMIT 1', sourceId)
  if (changedIds.length === 0 || any === undefined) return
  db.run(
    `UPDATE {document_states} SET redo = 'dependency', version = version + 1
     WHERE redo IS NULL AND status <> 'deleted' AND id IN (
       SELECT document_key FROM {document_dependencies}
       WHERE source_id = ? AND depends_on IN (SELECT value FROM json_each(?)))`,
    sourceId,
    JSON.stringify(changedIds),
  )
}

/** Documents that a listing named and that did not change. Rows that already say so are not written. */
export function writeSeen(
  db: Connection,
  sourceId: number,
  run: { readonly runId: string; readonly listing: string | undefined },
  documentIds: readonly string[],
): void {
  writePresent(db, sourceId, run, documentIds)
  dropFailures(db, sourceId, documentIds)
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

/** Replaces the validators in the recorded stubs. */
export function writeValidators(db: Connection, view: SourceView, runId: string, documents: readonly DocumentValidators[]): void {
  const records = readDocuments(db, view, documents.map((document) => document.documentId))
  for (const { documentId, validators } of documents) {
    const record = records.get(documentId)
    if (record === undefined || record.status === 'deleted') continue
    const { validators: _replaced, ...stub } = record.stub
    db.run(
      'UPDATE {document_states} SET stub = ?, last_run_id = ?, version = version + 1 WHERE source_id = ? AND document_id = ?',
      packStub({ ...stub, ...(validators !== undefined && { validators }) }, record),
      runId,
      view.sourceId,
      documentId,
    )
  }
}

/** What `updateDocumentState` may change. */
export type DocumentChanges = Partial<
  Pick<
    DocumentRecord,
    'scope' | 'contentVersion' | 'metadataVersion' | 'contentHash' | 'title' | 'stub' | 'redo' | 'skipped' | 'seenListing'
  >
>

/**
 * Changes one document, if its version is still the one that the caller read.
 * @throws StateNotFoundError, ConcurrentUpdateError
 */
export function changeDocument(
  db: Connection,
  view: SourceView,
  expected: { readonly documentId: string; readonly version: number; readonly runId: string },
  changes: DocumentChanges,
): DocumentRecord {
  const current = readDocument(db, view, expected.documentId)
  if (current === undefined) throw unknownDocument(expected.documentId)
  if (current.version !== expected.version) throw staleVersion(expected, current.version)
  const next = { ...current, ...changes }
  db.run(
    `UPDATE {document_states} SET scope = ?, content_version = ?, metadata_version = ?, content_hash = ?, title = ?,
       stub = ?, redo = ?, skipped = ?, seen_listing = ?, last_run_id = ?, version = version + 1
     WHERE source_id = ? AND document_id = ? AND version = ?`,
    next.scope,
    next.contentVersion,
    next.metadataVersion,
    next.contentHash,
    next.title,
    packStub(next.stub, next),
    next.redo ?? null,
    next.skipped ?? null,
    next.seenListing ?? null,
    expected.runId,
    view.sourceId,
    expected.documentId,
    expected.version,
  )
  return { ...next, lastRunId: expected.runId, version: expected.version + 1 }
}

function writeCommit(
  db: Connection,
  view: SourceView,
  run: { readonly runId: string; readonly listing: string | undefined },
  { document, chunks, dependsOn }: DocumentCommit,
): void {
  const { sourceId } = view
  const count = chunks === 'kept' ? null : chunks.length
  const row = db.get<{ id: number; version: number }>(
    UPSERT_DOCUMENT,
    sourceId,
    document.documentId,
    document.scope,
    document.contentVersion,
    document.metadataVersion,
    document.contentHash,
    view.fingerprints.idOf(db, document.fingerprints),
    packStub(document.stub, document),
    document.title,
    document.skipped ?? null,
    run.listing ?? null,
    run.runId,
    count,
    count,
  ) as { id: number; version: number }
  const isNew = row.version === 1
  if (chunks !== 'kept') writeChunks(db, row.id, isNew, chunks)
  if (dependsOn === 'kept') return
  if (!isNew) db.run('DELETE FROM {document_dependencies} WHERE document_key = ?', row.id)
  for (const id of new Set(dependsOn)) {
    db.run(
      'INSERT INTO {document_dependencies} (document_key, depends_on, source_id) VALUES (?, ?, ?)',
      row.id,
      id,
      sourceId,
    )
  }
}

// The number of chunks is given twice: NULL leaves that of a document that exists as it is.
const UPSERT_DOCUMENT = `
  INSERT INTO {document_states} (source_id, document_id, scope, content_version, metadata_version, content_hash,
    fingerprint_set, stub, title, skipped, seen_listing, last_run_id, chunk_count, status, version)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, COALESCE(?, 0), 'indexed', 1)
  ON CONFLICT (source_id, document_id) DO UPDATE SET scope = excluded.scope,
    content_version = excluded.content_version, metadata_version = excluded.metadata_version,
    content_hash = excluded.content_hash, fingerprint_set = excluded.fingerprint_set, stub = excluded.stub,
    title = excluded.title, skipped = excluded.skipped,
    seen_listing = COALESCE(excluded.seen_listing, {document_states}.seen_listing),
    last_run_id = excluded.last_run_id, chunk_count = COALESCE(?, {document_states}.chunk_count),
    status = 'indexed', verdict = NULL, moved_to = NULL, staged_at = NULL, deleted_at = NULL, redo = NULL,
    version = {document_states}.version + 1
  RETURNING id, version`

function staleVersion(expected: { readonly documentId: string; readonly version: number }, found: number) {
  return new ConcurrentUpdateError({
    code: 'state_version_stale',
    kind: 'transient',
    message: `The state of document ${expected.documentId} was changed meanwhile: version ${expected.version} was expected, ${found} is there.`,
    hint: 'Read the document again and repeat the change.',
  })
}

/** The error about an id that the state does not know. */
export function unknownDocument(documentId: string): StateNotFoundError {
  return new StateNotFoundError({
    code: 'state_document_unknown',
    kind: 'internal',
    message: `The state has no document ${documentId}.`,
    hint: 'Run a sync first: only documents that were indexed are in the state.',
  })
}
