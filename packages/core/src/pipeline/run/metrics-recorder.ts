import type { PerformanceMonitor } from '../../performance/performance-monitor.ts'
import type { RunDependencies } from '../context/run-dependencies.ts'

/** Saves a run's statistics in `metric_samples`: every interval, and at its end. */
export class MetricsRecorder {
  readonly #monitor: PerformanceMonitor
  readonly #runId: string
  readonly #deps: Pick<RunDependencies, 'state' | 'metrics' | 'now' | 'logger'>
  readonly #timer: NodeJS.Timeout | undefined
  #saving: Promise<void> = Promise.resolve()

  constructor(monitor: PerformanceMonitor, runId: string, deps: Pick<RunDependencies, 'state' | 'metrics' | 'now' | 'logger'>) {
    this.#monitor = monitor
    this.#runId = runId
    this.#deps = deps
    if (deps.metrics.enabled) {
      this.#timer = setInterval(() => {
        this.#saving = this.#save()
      }, deps.metrics.intervalMs)
      this.#timer.unref()
    }
  }

  /** Saves what is there and forgets what is older than the retention. */
  async finish(): Promise<void> {
    clearInterval(this.#timer)
    await this.#saving
    if (this.#deps.metrics.enabled) await this.#save()
  }

  /** Measurements serve people; a state that cannot take them fails in the run itself, so this only logs. */
  async #save(): Promise<void> {
    const { state, metrics, now, logger } = this.#deps
    const at = new Date(now())
    const samples = [...this.#monitor.getStatistics()].flatMap(([name, statistics]) => [
      { runId: this.#runId, name: `${name}.count`, value: statistics.count, at },
      { runId: this.#runId, name: `${name}.mean`, value: statistics.mean, at },
      { runId: this.#runId, name: `${name}.p95`, value: statistics.p95, at },
    ])
    if (samples.length === 0) return
    try {
      await state.metrics.record(samples)
      await state.metrics.prune(new Date(now() - metrics.retentionMs))
    } catch (error) {
      logger.warn('metrics were not saved', { error: error instanceof Error ? error.message : String(error) })
    }
  }
}
