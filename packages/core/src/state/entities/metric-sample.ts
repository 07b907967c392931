import { id, real, text, time } from './columns.ts'
import { defineTable } from './define-table.ts'

/** Measurements of runs. */
export const MetricSample = defineTable({
  name: 'metric_samples',
  columns: { id, runId: text(), name: text(), value: real, at: time },
  indices: [{ columns: ['runId'] }, { columns: ['at'] }],
})
