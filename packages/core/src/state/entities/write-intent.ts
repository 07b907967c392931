import type { WriteOperation } from '../values.ts'
import { integer, key, nullable, text, time } from './columns.ts'
import { defineTable } from './define-table.ts'

/** Points that are about to be written or removed (I5). The document need not exist. */
export const WriteIntentState = defineTable({
  name: 'write_intents',
  columns: {
    sourceId: key(integer),
    pointId: key(text()),
    documentId: text(),
    operation: text<WriteOperation>(),
    runId: text(),
    recordedAt: time,
    /** Of an upsert: SHA-256 (hex) of what its vector is made from. */
    inputHash: nullable(text()),
    fingerprintSet: nullable(integer),
  },
  indices: [{ columns: ['sourceId', 'documentId'] }, { columns: ['inputHash'], where: `operation = 'left'` }],
  references: [{ column: 'sourceId', table: 'source_states' }],
})
