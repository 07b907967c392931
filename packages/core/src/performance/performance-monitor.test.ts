import { describe, expect, it } from 'vitest'
import { PerformanceMonitor, SAMPLE_LIMIT } from './performance-monitor.ts'

describe('PerformanceMonitor', () => {
  it('counts, sums and ranks the values of a metric', () => {
    const monitor = new PerformanceMonitor()
    for (const value of [4, 1, 3, 2]) monitor.recordMetric('embed_ms', value)
    expect(monitor.getStatistics().get('embed_ms')).toEqual({ count: 4, sum: 10, min: 1, max: 4, mean: 2.5, p50: 3, p95: 4 })
  })

  it('keeps metrics apart and knows nothing of those without a value', () => {
    const monitor = new PerformanceMonitor()
    monitor.recordMetric('a', 1)
    expect([...monitor.getStatistics().keys()]).toEqual(['a'])
  })

  it('keeps percentiles of the most recent values, so that memory is bounded', () => {
    const monitor = new PerformanceMonitor()
    for (let index = 0; index < SAMPLE_LIMIT; index += 1) monitor.recordMetric('a', 1_000)
    for (let index = 0; index < SAMPLE_LIMIT; index += 1) monitor.recordMetric('a', 1)
    const statistics = monitor.getStatistics().get('a')
    expect(statistics?.p95).toBe(1)
    expect(statistics?.max).toBe(1_000)
    expect(statistics?.count).toBe(2 * SAMPLE_LIMIT)
  })
})
