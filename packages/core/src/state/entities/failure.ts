import type { DocumentStub } from '@qdrant-loader/connector-sdk'
import { integer, json, key, text, time, type RowOf } from './columns.ts'
import { defineTable } from './define-table.ts'

const columns = {
  sourceId: key(integer),
  documentId: key(text()),
  stub: json<DocumentStub>(),
  code: text(),
  message: text(),
  hint: text(),
  attempts: integer,
  firstFailedAt: time,
  lastFailedAt: time,
  lastRunId: text(),
}

/** A row of `failures`. */
export type FailureRow = RowOf<typeof columns>

/** The failure ledger (I10). The document need not exist. */
export const Failure = defineTable({
  name: 'failures',
  columns,
  references: [{ column: 'sourceId', table: 'source_states' }],
})
