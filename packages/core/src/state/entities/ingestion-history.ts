import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'
import { UTCDateTime } from '../utc-date-time.ts'

/** A row of `ingestion_history`. */
export interface IngestionHistoryRow {
  id: number
  sourceId: number
  runId: string
  mode: string
  status: string
  startedAt: Date
  finishedAt: Date | null
  counters: string | null
  cursorBefore: string | null
  cursorAfter: string | null
  error: string | null
}

/** One row per run and source. */
export const IngestionHistory = new EntitySchema<IngestionHistoryRow>({
  name: 'ingestion_history',
  columns: {
    id: { type: 'integer', primary: true, generated: 'increment' },
    sourceId: { name: 'source_id', type: 'integer' },
    runId: { name: 'run_id', type: 'text' },
    mode: { type: 'text' },
    status: { type: 'text' },
    startedAt: { name: 'started_at', type: 'text', transformer: UTCDateTime },
    finishedAt: { name: 'finished_at', type: 'text', nullable: true, transformer: UTCDateTime },
    counters: { type: 'text', nullable: true },
    cursorBefore: { name: 'cursor_before', type: 'text', nullable: true },
    cursorAfter: { name: 'cursor_after', type: 'text', nullable: true },
    error: { type: 'text', nullable: true },
  },
  indices: [
    { columns: ['sourceId', 'runId'], unique: true },
    { columns: ['sourceId', 'id'] },
    // A run that never finished is found without reading the whole history.
    { columns: ['sourceId'], where: `status = 'running'` },
  ],
  foreignKeys: [{ target: 'source_states', columnNames: ['sourceId'], referencedColumnNames: ['id'] }],
})
