import { id, real, text, time, type RowOf } from './columns.ts'
import { defineTable } from './define-table.ts'

const columns = { id, runId: text(), name: text(), value: real, at: time }

/** A row of `metric_samples`. */
export type MetricSampleRow = RowOf<typeof columns>

/** Measurements of runs. */
export const MetricSample = defineTable({
  name: 'metric_samples',
  columns,
  indices: [{ columns: ['runId'] }, { columns: ['at'] }],
})
