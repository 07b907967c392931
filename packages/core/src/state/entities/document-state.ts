import type { DocumentStub, Scope } from '@qdrant-loader/connector-sdk'
import type { DocumentStatus, RedoReason, StagedVerdict } from '../values.ts'
import { id, integer, json, nullable, text, time, type RowOf } from './columns.ts'
import { defineTable } from './define-table.ts'

const columns = {
  id,
  sourceId: integer,
  documentId: text(),
  scope: text<Scope>(),
  contentVersion: text(),
  metadataVersion: text(),
  /** SHA-256 (hex) of the loaded text, format and language. */
  contentHash: text(),
  fingerprintSet: integer,
  /** The stub as last committed, without what the columns beside it say. */
  stub: json<Partial<DocumentStub>>(),
  title: text(),
  chunkCount: integer,
  skipped: nullable(text()),
  status: text<DocumentStatus>(),
  verdict: nullable(text<StagedVerdict>()),
  /** For the deleting half of a move: the id that must be indexed first. */
  movedTo: nullable(text()),
  stagedAt: nullable(time),
  deletedAt: nullable(time),
  /** Why the next run must do it again though its version is unchanged. */
  redo: nullable(text<RedoReason>()),
  /** The listing that last saw it. */
  seenListing: nullable(text()),
  lastRunId: text(),
  /** Optimistic version, incremented by each update. */
  version: integer,
}

/** A row of `document_states`. */
export type DocumentStateRow = RowOf<typeof columns>

/** Documents and tombstones of all sources. Nothing of the text is in it. */
export const DocumentState = defineTable({
  name: 'document_states',
  columns,
  indices: [
    { columns: ['sourceId', 'documentId'], unique: true },
    { columns: ['sourceId', 'scope', 'documentId'] },
    { columns: ['sourceId', 'status'] },
    // Few documents are to be redone: the index holds those alone, and costs nothing for the others.
    { columns: ['sourceId'], where: `redo IS NOT NULL` },
  ],
  references: [
    { column: 'sourceId', table: 'source_states' },
    { column: 'fingerprintSet', table: 'fingerprint_sets' },
  ],
})
