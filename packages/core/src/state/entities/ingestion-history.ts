import type { Json } from '@qdrant-loader/connector-sdk'
import type { RunCounters, RunMode, RunStatus } from '../values.ts'
import { id, integer, json, nullable, text, time, type RowOf } from './columns.ts'
import { defineTable } from './define-table.ts'

const columns = {
  id,
  sourceId: integer,
  runId: text(),
  mode: text<RunMode>(),
  status: text<RunStatus>(),
  startedAt: time,
  finishedAt: nullable(time),
  counters: nullable(json<RunCounters>()),
  cursorBefore: nullable(json<Json>()),
  cursorAfter: nullable(json<Json>()),
  /** `code: message` of what ended it. */
  error: nullable(text()),
}

/** A row of `ingestion_history`. */
export type IngestionHistoryRow = RowOf<typeof columns>

/** One row per run and source. */
export const IngestionHistory = defineTable({
  name: 'ingestion_history',
  columns,
  indices: [
    { columns: ['sourceId', 'runId'], unique: true },
    { columns: ['sourceId', 'id'] },
    // A run that never finished is found without reading the whole history.
    { columns: ['sourceId'], where: `status = 'running'` },
  ],
  references: [{ column: 'sourceId', table: 'source_states' }],
})
