import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'
import { UTCDateTime } from '../utc-date-time.ts'

/** A row of `failures`. */
export interface FailureRow {
  sourceId: number
  documentId: string
  stub: string
  code: string
  message: string
  hint: string
  attempts: number
  firstFailedAt: Date
  lastFailedAt: Date
  lastRunId: string
}

/** The failure ledger (I10). The document need not exist. */
export const Failure = new EntitySchema<FailureRow>({
  name: 'failures',
  columns: {
    sourceId: { name: 'source_id', type: 'integer', primary: true },
    documentId: { name: 'document_id', type: 'text', primary: true },
    stub: { type: 'text' },
    code: { type: 'text' },
    message: { type: 'text' },
    hint: { type: 'text' },
    attempts: { type: 'integer' },
    firstFailedAt: { name: 'first_failed_at', type: 'text', transformer: UTCDateTime },
    lastFailedAt: { name: 'last_failed_at', type: 'text', transformer: UTCDateTime },
    lastRunId: { name: 'last_run_id', type: 'text' },
  },
  foreignKeys: [{ target: 'source_states', columnNames: ['sourceId'], referencedColumnNames: ['id'] }],
})
