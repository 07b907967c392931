import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'
import { UTCDateTime } from '../utc-date-time.ts'

/** A row of `metric_samples`. */
export interface MetricSampleRow {
  id: number
  runId: string
  name: string
  value: number
  at: Date
}

/** Measurements of runs. */
export const MetricSample = new EntitySchema<MetricSampleRow>({
  name: 'metric_samples',
  columns: {
    id: { type: 'integer', primary: true, generated: 'increment' },
    runId: { name: 'run_id', type: 'text' },
    name: { type: 'text' },
    value: { type: 'double precision' },
    at: { type: 'text', transformer: UTCDateTime },
  },
  indices: [{ columns: ['runId'] }, { columns: ['at'] }],
})
