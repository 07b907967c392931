import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'
import { UTCDateTime } from '../utc-date-time.ts'

/** A row of `write_intents`. */
export interface WriteIntentRow {
  sourceId: number
  pointId: string
  documentId: string
  operation: string
  runId: string
  recordedAt: Date
  inputHash: string | null
  fingerprintSet: number | null
}

/** Points that are about to be written or removed (I5). The document need not exist. */
export const WriteIntentState = new EntitySchema<WriteIntentRow>({
  name: 'write_intents',
  columns: {
    sourceId: { name: 'source_id', type: 'integer', primary: true },
    pointId: { name: 'point_id', type: 'text', primary: true },
    documentId: { name: 'document_id', type: 'text' },
    operation: { type: 'text' },
    runId: { name: 'run_id', type: 'text' },
    recordedAt: { name: 'recorded_at', type: 'text', transformer: UTCDateTime },
    inputHash: { name: 'input_hash', type: 'text', nullable: true },
    fingerprintSet: { name: 'fingerprint_set', type: 'integer', nullable: true },
  },
  indices: [{ columns: ['sourceId', 'documentId'] }, { columns: ['inputHash'], where: `operation = 'left'` }],
  foreignKeys: [{ target: 'source_states', columnNames: ['sourceId'], referencedColumnNames: ['id'] }],
})
