import { MetricSample, type MetricSampleRow } from '../entities/index.ts'
import type { StateSession } from '../state-session.ts'
import { toUtcText } from '../utc-date-time.ts'
import { Table, type Written } from './table.ts'

const SAMPLES = new Table(MetricSample)

/** A measurement. */
export type MetricSampleInput = Written<MetricSampleRow>

/** Measurements of runs. */
export class Metrics {
  readonly #session: StateSession

  /** @internal */
  constructor(session: StateSession) {
    this.#session = session
  }

  async record(samples: readonly MetricSampleInput[]): Promise<void> {
    await this.#session.write('metrics.record', { samples: samples.length }, (db) => {
      for (const sample of samples) db.run(SAMPLES.insert, ...SAMPLES.values(sample))
    })
  }

  /** Deletes samples older than `before`. */
  async prune(before: Date): Promise<void> {
    await this.#session.write('metrics.prune', {}, (db) => db.run('DELETE FROM {metric_samples} WHERE at < ?', toUtcText(before)))
  }
}
