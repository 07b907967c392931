import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'
import { UTCDateTime } from '../utc-date-time.ts'

/** A row of `document_states`. */
export interface DocumentStateRow {
  id: number
  sourceId: number
  documentId: string
  scope: string
  contentVersion: string
  metadataVersion: string
  contentHash: string
  fingerprintSet: number
  stub: string
  title: string
  chunkCount: number
  skipped: string | null
  status: string
  verdict: string | null
  movedTo: string | null
  stagedAt: Date | null
  deletedAt: Date | null
  redo: string | null
  seenListing: string | null
  lastRunId: string
  version: number
}

/** Documents and tombstones of all sources. Nothing of the text is in it. */
export const DocumentState = new EntitySchema<DocumentStateRow>({
  name: 'document_states',
  columns: {
    id: { type: 'integer', primary: true, generated: 'increment' },
    sourceId: { name: 'source_id', type: 'integer' },
    documentId: { name: 'document_id', type: 'text' },
    scope: { type: 'text' },
    contentVersion: { name: 'content_version', type: 'text' },
    metadataVersion: { name: 'metadata_version', type: 'text' },
    contentHash: { name: 'content_hash', type: 'text' },
    fingerprintSet: { name: 'fingerprint_set', type: 'integer' },
    stub: { type: 'text' },
    title: { type: 'text' },
    chunkCount: { name: 'chunk_count', type: 'integer' },
    skipped: { type: 'text', nullable: true },
    status: { type: 'text' },
    verdict: { type: 'text', nullable: true },
    movedTo: { name: 'moved_to', type: 'text', nullable: true },
    stagedAt: { name: 'staged_at', type: 'text', nullable: true, transformer: UTCDateTime },
    deletedAt: { name: 'deleted_at', type: 'text', nullable: true, transformer: UTCDateTime },
    redo: { type: 'text', nullable: true },
    seenListing: { name: 'seen_listing', type: 'text', nullable: true },
    lastRunId: { name: 'last_run_id', type: 'text' },
    version: { type: 'integer' },
  },
  indices: [
    { columns: ['sourceId', 'documentId'], unique: true },
    { columns: ['sourceId', 'scope', 'documentId'] },
    { columns: ['sourceId', 'status'] },
    // Few documents are to be redone: the index holds those alone, and costs nothing for the others.
    { columns: ['sourceId'], where: `redo IS NOT NULL` },
  ],
  foreignKeys: [
    { target: 'source_states', columnNames: ['sourceId'], referencedColumnNames: ['id'] },
    { target: 'fingerprint_sets', columnNames: ['fingerprintSet'], referencedColumnNames: ['id'] },
  ],
})
