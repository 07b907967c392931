import { stateError } from '../codes.ts'
import type { Connection } from '../connection.ts'
import { DocumentDependency, type DocumentStateRow } from '../entities/index.ts'
import type { DocumentCommit, DocumentRecord, DocumentValidators } from '../records.ts'
import { ConcurrentUpdateError, StateNotFoundError } from '../state-errors.ts'
import { writeChunks } from './chunks.ts'
import { DOCUMENTS, packStub, readDocument, readDocuments, writePresent } from './document-rows.ts'
import { dropFailures } from './failures.ts'
import { dropIntents } from './intents.ts'
import type { SourceView } from './source-view.ts'
import { type Changed, Table } from './table.ts'

const DEPENDENCIES = new Table(DocumentDependency)

const OF_KNOWN = {
  seenListing: 'COALESCE(excluded.seen_listing, {document_states}.seen_listing)',
  version: '{document_states}.version + 1',
}
const COMMIT = `${DOCUMENTS.upsert(['sourceId', 'documentId'], OF_KNOWN)} RETURNING id, version`
const COMMIT_KEEPING_CHUNKS = `${DOCUMENTS.upsert(['sourceId', 'documentId'], { ...OF_KNOWN, chunkCount: 'kept' })} RETURNING id, version`

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

/** Replaces the validators in the recorded stubs. */
export function writeValidators(db: Connection, view: SourceView, runId: string, documents: readonly DocumentValidators[]): void {
  const records = readDocuments(db, view, documents.map((document) => document.documentId))
  for (const { documentId, validators } of documents) {
    const record = records.get(documentId)
    if (record === undefined || record.status === 'deleted') continue
    const { validators: _replaced, ...stub } = record.stub
    const changed = packStub({ ...stub, ...(validators !== undefined && { validators }) }, record)
    change(db, view, documentId, { stub: changed, lastRunId: runId, version: record.version + 1 })
  }
}

/** What may be changed of one document. */
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
  const next = { ...current, ...changes, lastRunId: expected.runId, version: expected.version + 1 }
  const { lastRunId, version } = next
  change(db, view, expected.documentId, { ...changes, stub: packStub(next.stub, next), lastRunId, version })
  return next
}

function change(db: Connection, view: SourceView, documentId: string, changes: Changed<DocumentStateRow>): void {
  const { sql, values } = DOCUMENTS.set(changes)
  db.run(`UPDATE {document_states} SET ${sql} WHERE source_id = ? AND document_id = ?`, ...values, view.sourceId, documentId)
}

function writeCommit(
  db: Connection,
  view: SourceView,
  run: { readonly runId: string; readonly listing: string | undefined },
  { document, chunks, dependsOn }: DocumentCommit,
): void {
  const { sourceId } = view
  const values = DOCUMENTS.values({
    ...document,
    sourceId,
    fingerprintSet: view.fingerprints.idOf(db, document.fingerprints),
    stub: packStub(document.stub, document),
    chunkCount: chunks === 'kept' ? 0 : chunks.length,
    status: 'indexed',
    seenListing: run.listing,
    lastRunId: run.runId,
    version: 1,
  })
  const row = db.get<{ id: number; version: number }>(chunks === 'kept' ? COMMIT_KEEPING_CHUNKS : COMMIT, ...values)
  const { id, version } = row as { id: number; version: number }
  const isNew = version === 1
  if (chunks !== 'kept') writeChunks(db, id, isNew, chunks)
  if (dependsOn === 'kept') return
  if (!isNew) db.run('DELETE FROM {document_dependencies} WHERE document_key = ?', id)
  for (const other of new Set(dependsOn)) {
    db.run(DEPENDENCIES.insert, ...DEPENDENCIES.values({ documentKey: id, dependsOn: other, sourceId }))
  }
}

function staleVersion(expected: { readonly documentId: string; readonly version: number }, found: number) {
  return new ConcurrentUpdateError(stateError.describe('state_version_stale', { id: expected.documentId, expected: expected.version, found }))
}

/** The error about an id that the state does not know. */
export function unknownDocument(documentId: string): StateNotFoundError {
  return new StateNotFoundError(stateError.describe('state_document_unknown', { id: documentId }))
}
