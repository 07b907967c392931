import type { Json } from '@qdrant-loader/connector-sdk'
import type { SqlValue } from '../../sqlite/sqlite-connection.ts'
import type { Connection } from '../connection.ts'
import { fromNullableJson, toJson } from '../json.ts'
import { countChunkRows } from './chunks.ts'
import { countLiveDocuments } from './documents.ts'
import type { Fingerprints, LeftSource, SourceRecord, SourceRef } from '../records.ts'
import { UTCDateTime } from '../utc-date-time.ts'

/** What `updateSource` may change. Keys that are absent stay as they are, `null` clears. */
export interface SourceChanges {
  readonly cursor?: Json | null
  readonly fingerprints?: Fingerprints | null
  readonly storeInstance?: string
  readonly reconciled?: boolean
  readonly storeMarks?: readonly string[]
  readonly openListing?: string | null
  readonly lastSuccessAt?: Date
  readonly lastListingAt?: Date
  readonly heldDeletions?: number
}

/** Columns of `source_states` as SQLite gives them. */
export interface SourceColumns {
  readonly id: number
  readonly project: string
  readonly source_type: string
  readonly source: string
  readonly cursor: string | null
  readonly fingerprints: string | null
  readonly store_instance: string | null
  readonly reconciled: number
  readonly store_marks: string | null
  readonly open_listing: string | null
  readonly last_success_at: string | null
  readonly last_listing_at: string | null
  readonly held_deletions: number
}

/** The number of a source, undefined for one that never had a lease. */
export function findSourceId(db: Connection, ref: SourceRef): number | undefined {
  return db.get<{ id: number }>(
    'SELECT id FROM {source_states} WHERE project = ? AND source_type = ? AND source = ?',
    ref.project,
    ref.sourceType,
    ref.source,
  )?.id
}

/** The number of a source, which is created when it is new. */
export function ensureSource(db: Connection, ref: SourceRef): number {
  const found = findSourceId(db, ref)
  if (found !== undefined) return found
  db.run(
    'INSERT INTO {source_states} (project, source_type, source) VALUES (?, ?, ?)',
    ref.project,
    ref.sourceType,
    ref.source,
  )
  return findSourceId(db, ref) as number
}

/** The source with this number. */
export function readSource(db: Connection, sourceId: number): SourceRecord | undefined {
  const row = db.get<SourceColumns>('SELECT * FROM {source_states} WHERE id = ?', sourceId)
  return row === undefined ? undefined : toSourceRecord(row)
}

/** The record that a row stands for. */
export function toSourceRecord(row: SourceColumns): SourceRecord {
  return {
    ref: { project: row.project, sourceType: row.source_type, source: row.source },
    cursor: fromNullableJson<Json>(row.cursor),
    fingerprints: fromNullableJson<Fingerprints>(row.fingerprints),
    storeInstance: row.store_instance ?? undefined,
    reconciled: row.reconciled === 1,
    storeMarks: fromNullableJson<string[]>(row.store_marks) ?? [],
    openListing: row.open_listing ?? undefined,
    lastSuccessAt: UTCDateTime.from(row.last_success_at) ?? undefined,
    lastListingAt: UTCDateTime.from(row.last_listing_at) ?? undefined,
    heldDeletions: row.held_deletions,
  }
}

/** Applies changes to an existing source. */
export function changeSource(db: Connection, sourceId: number, changes: SourceChanges): void {
  const columns: [name: string, value: SqlValue][] = []
  // A cursor that is JSON `null` is no cursor.
  if (changes.cursor !== undefined) columns.push(['cursor', changes.cursor === null ? null : toJson(changes.cursor)])
  if (changes.fingerprints !== undefined) {
    columns.push(['fingerprints', changes.fingerprints === null ? null : toJson(changes.fingerprints)])
  }
  if (changes.storeInstance !== undefined) columns.push(['store_instance', changes.storeInstance])
  if (changes.reconciled !== undefined) columns.push(['reconciled', changes.reconciled ? 1 : 0])
  if (changes.storeMarks !== undefined) columns.push(['store_marks', toJson(changes.storeMarks)])
  if (changes.openListing !== undefined) columns.push(['open_listing', changes.openListing])
  if (changes.lastSuccessAt !== undefined) columns.push(['last_success_at', UTCDateTime.to(changes.lastSuccessAt) ?? null])
  if (changes.lastListingAt !== undefined) columns.push(['last_listing_at', UTCDateTime.to(changes.lastListingAt) ?? null])
  if (changes.heldDeletions !== undefined) columns.push(['held_deletions', changes.heldDeletions])
  if (columns.length === 0) return
  const set = columns.map(([name]) => `${name} = ?`).join(', ')
  db.run(`UPDATE {source_states} SET ${set} WHERE id = ?`, ...columns.map(([, value]) => value), sourceId)
}

/** Forgets all that is known of the source but its history and when it last succeeded. */
export function emptySource(db: Connection, sourceId: number, storeInstance: string): void {
  // Chunks and dependencies go with their documents.
  db.run('DELETE FROM {document_states} WHERE source_id = ?', sourceId)
  db.run('DELETE FROM {write_intents} WHERE source_id = ?', sourceId)
  db.run('DELETE FROM {failures} WHERE source_id = ?', sourceId)
  db.run(
    `UPDATE {source_states} SET cursor = NULL, fingerprints = NULL, store_instance = ?, reconciled = 0, store_marks = NULL,
       open_listing = NULL, last_listing_at = NULL, held_deletions = 0 WHERE id = ?`,
    storeInstance,
    sourceId,
  )
}

/** Everything that names a source, in an order that foreign keys allow. */
const OF_SOURCE = ['document_states', 'write_intents', 'failures', 'ingestion_history', 'leases'] as const

/** Forgets the source as if it had never been. */
export function deleteSource(db: Connection, sourceId: number): void {
  for (const table of OF_SOURCE) db.run(`DELETE FROM {${table}} WHERE source_id = ?`, sourceId)
  db.run('DELETE FROM {source_states} WHERE id = ?', sourceId)
}

/**
 * Sources that are not among these and may have points in the collection: they hold documents, or their removal was
 * interrupted. Only the rows of such are counted.
 */
export function sourcesBeside(db: Connection, refs: readonly SourceRef[]): readonly LeftSource[] {
  const named = new Set(refs.map(keyOf))
  const rows = db.all<SourceColumns>('SELECT * FROM {source_states} ORDER BY project, source_type, source')
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
