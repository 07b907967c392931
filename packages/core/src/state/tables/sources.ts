import type { Connection } from '../connection.ts'
import type { SourceStateRow } from '../entities/index.ts'
import type { HeldLease, LeftSource, SourceRecord, SourceRef } from '../records.ts'
import type { StateSession } from '../state-session.ts'
import { countChunkRows } from './chunks.ts'
import { countLiveDocuments } from './document-rows.ts'
import { SOURCES } from './source-view.ts'
import type { Changed, Selected } from './table.ts'

/** What may be changed of a source. Keys that are absent stay as they are, `null` clears. */
export type SourceChanges = Omit<Changed<SourceStateRow>, 'id' | 'project' | 'sourceType' | 'source'>

/** What is known of each source as a whole. */
export class Sources {
  readonly #session: StateSession

  /** @internal */
  constructor(session: StateSession) {
    this.#session = session
  }

  async get(ref: SourceRef): Promise<SourceRecord | undefined> {
    return this.#session.readSource('sources.get', ref, {}, undefined, (db, { sourceId }) => readSource(db, sourceId))
  }

  async update(lease: HeldLease, changes: SourceChanges): Promise<void> {
    const fields = { changes: Object.keys(changes).join(',') }
    await this.#session.writeLeased('sources.update', lease, fields, (db, { sourceId }) => changeSource(db, sourceId, changes))
  }

  /**
   * Forgets every document, chunk, intent, failure and the cursor of the source, because the collection is another
   * one. History stays.
   */
  async reset(lease: HeldLease, storeInstance: string): Promise<void> {
    await this.#session.writeLeased('sources.reset', lease, {}, (db, { sourceId }) => emptySource(db, sourceId, storeInstance))
  }

  /** Forgets the source as if it had never been: its rows, its history and its lease. */
  async delete(lease: HeldLease): Promise<void> {
    await this.#session.writeLeased('sources.delete', lease, {}, (db, { sourceId }) => deleteSource(db, sourceId))
    this.#session.forgetSource(lease.ref)
  }

  /**
   * Sources that are not among these and may have points in the collection: they hold documents, or their removal was
   * interrupted. Only the rows of such are counted.
   */
  async beside(refs: readonly SourceRef[]): Promise<readonly LeftSource[]> {
    return this.#session.read('sources.beside', { sources: refs.length }, (db) => sourcesBeside(db, refs))
  }
}

/** As {@link Sources.get}. */
export function readSource(db: Connection, sourceId: number): SourceRecord | undefined {
  const row = db.get<SourceRow>(`SELECT ${SOURCES.columns} FROM {source_states} WHERE id = ?`, sourceId)
  return row === undefined ? undefined : toSourceRecord(row)
}

/** A row of sources with every column. */
export type SourceRow = Selected<SourceStateRow>

/** The record that a row stands for. */
export function toSourceRecord(row: SourceRow): SourceRecord {
  const { id: _, project, sourceType, source, storeMarks = [], ...record } = SOURCES.read(row)
  return { ref: { project, sourceType, source }, storeMarks, ...record }
}

/** As {@link Sources.update}. */
export function changeSource(db: Connection, sourceId: number, changes: SourceChanges): void {
  const { sql, values } = SOURCES.set(changes)
  if (values.length > 0) db.run(`UPDATE {source_states} SET ${sql} WHERE id = ?`, ...values, sourceId)
}

/** As {@link Sources.reset}; when it last succeeded stays, too. */
export function emptySource(db: Connection, sourceId: number, storeInstance: string): void {
  // Chunks and dependencies go with their documents.
  for (const table of ['document_states', 'write_intents', 'failures']) deleteRows(db, table, sourceId)
  changeSource(db, sourceId, {
    cursor: null,
    fingerprints: null,
    storeInstance,
    reconciled: false,
    storeMarks: null,
    openListing: null,
    lastListingAt: null,
    heldDeletions: 0,
  })
}

/** As {@link Sources.delete}; in an order that foreign keys allow. */
function deleteSource(db: Connection, sourceId: number): void {
  for (const table of ['document_states', 'write_intents', 'failures', 'ingestion_history', 'leases']) deleteRows(db, table, sourceId)
  db.run('DELETE FROM {source_states} WHERE id = ?', sourceId)
}

function deleteRows(db: Connection, table: string, sourceId: number): void {
  db.run(`DELETE FROM {${table}} WHERE source_id = ?`, sourceId)
}

function sourcesBeside(db: Connection, refs: readonly SourceRef[]): readonly LeftSource[] {
  const named = new Set(refs.map(keyOf))
  const rows = db.all<SourceRow & { readonly id: number }>(
    `SELECT ${SOURCES.columns} FROM {source_states} ORDER BY project, source_type, source`,
  )
  return rows.flatMap((row) => {
    const { ref, reconciled, storeMarks, lastSuccessAt } = toSourceRecord(row)
    if (named.has(keyOf(ref))) return []
    const left = { ref, documents: countLiveDocuments(db, row.id), points: countChunkRows(db, row.id) }
    // Somebody wrote for it, and what that left is not known.
    const interrupted = !reconciled && (storeMarks.length > 0 || lastSuccessAt !== undefined)
    return left.documents > 0 || interrupted ? [left] : []
  })
}

function keyOf({ project, sourceType, source }: SourceRef): string {
  return JSON.stringify([project, sourceType, source])
}
