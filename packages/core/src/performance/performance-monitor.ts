/** What is known of one metric. */
export interface MetricStatistics {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly mean: number
  /** Median and 95th percentile of the last {@link SAMPLE_LIMIT} values. */
  readonly p50: number
  readonly p95: number
}

/** Values kept per metric for the percentiles. */
export const SAMPLE_LIMIT = 1_000

interface Series {
  count: number
  sum: number
  min: number
  max: number
  readonly recent: number[]
}

/** Collects measurements of a run. Memory is bounded: percentiles are of the most recent values. */
export class PerformanceMonitor {
  readonly #series = new Map<string, Series>()

  /** Adds one value. Names are lower case with underscores and end with their unit (`embed_ms`). */
  recordMetric(name: string, value: number): void {
    let series = this.#series.get(name)
    if (series === undefined) {
      series = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, recent: [] }
      this.#series.set(name, series)
    }
    series.recent[series.count % SAMPLE_LIMIT] = value
    series.count += 1
    series.sum += value
    series.min = Math.min(series.min, value)
    series.max = Math.max(series.max, value)
  }

  /** Statistics by metric name; metrics without a value are absent. */
  getStatistics(): ReadonlyMap<string, MetricStatistics> {
    return new Map([...this.#series].map(([name, series]) => [name, statisticsOf(series)]))
  }
}

function statisticsOf(series: Series): MetricStatistics {
  const sorted = [...series.recent].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  const { count, sum, min, max } = series
  return { count, sum, min, max, mean: sum / count, p50: at(0.5), p95: at(0.95) }
}
