import type { Connection } from '../connection.ts'
import { toUtcText } from '../utc-date-time.ts'

/** A measurement. */
export interface MetricSampleInput {
  readonly runId: string
  readonly name: string
  readonly value: number
  readonly at: Date
}

/** Adds samples. */
export function insertMetrics(db: Connection, samples: readonly MetricSampleInput[]): void {
  for (const sample of samples) {
    db.run(
      'INSERT INTO {metric_samples} (run_id, name, value, at) VALUES (?, ?, ?, ?)',
      sample.runId,
      sample.name,
      sample.value,
      toUtcText(sample.at),
    )
  }
}

/** Deletes samples older than `before`. */
export function deleteMetrics(db: Connection, before: Date): void {
  db.run('DELETE FROM {metric_samples} WHERE at < ?', toUtcText(before))
}
