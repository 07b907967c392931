import type { WriteOperation } from '../values.ts'
import { integer, key, nullable, text, time, type RowOf } from './columns.ts'
import { defineTable } from './define-table.ts'

const columns = {
  sourceId: key(integer),
  pointId: key(text()),
  documentId: text(),
  operation: text<WriteOperation>(),
  runId: text(),
  recordedAt: time,
  /** Of an upsert: SHA-256 (hex) of what its vector is made from. */
  inputHash: nullable(text()),
  fingerprintSet: nullable(integer),
}

/** A row of `write_intents`. */
export type WriteIntentRow = RowOf<typeof columns>

/** Points that are about to be written or removed (I5). The document need not exist. */
export const WriteIntentState = defineTable({
  name: 'write_intents',
  columns,
  indices: [{ columns: ['sourceId', 'documentId'] }, { columns: ['inputHash'], where: `operation = 'left'` }],
  references: [{ column: 'sourceId', table: 'source_states' }],
})
