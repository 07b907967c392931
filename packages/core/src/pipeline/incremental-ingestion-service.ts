import { randomUUID } from 'node:crypto'
import { ParallelProcessor } from '../performance/parallel-processor.ts'
import type { RunMode } from '../state/records.ts'
import { sumCounters } from './context/counters.ts'
import type { EmbedderEstimate, SourceReport, SyncReport, SyncStatus } from './context/report.ts'
import type { RunDependencies } from './context/run-dependencies.ts'
import type { SourceJob } from './context/source-job.ts'
import { runSource } from './run/run-source.ts'

/** How to sync. */
export interface SyncOptions {
  /** `incremental` goes on from the saved cursor; `full` lists everything and re-does nothing that is right. */
  readonly mode: RunMode
  /**
   * Does everything a sync does, on a copy of the state and over the collection, and asks no embedder: it reads what a
   * sync would read, and writes nothing. What would happen goes to `onProgress` as `document`, as it does in a sync.
   */
  readonly dryRun: boolean
  /** Lets deletions through that the guard would hold (I4). It never makes a failure pass. */
  readonly allowMassDelete: boolean
  /** Aborting ends each source between two batches. */
  readonly signal: AbortSignal
}

/** Keeps a collection equal to its sources. */
export class IncrementalIngestionService {
  /** What it was made with. */
  readonly dependencies: RunDependencies

  constructor(dependencies: RunDependencies) {
    this.dependencies = dependencies
  }

  /**
   * Syncs the sources, up to `maxWorkers` of them side by side. What goes wrong with one source is in its report and
   * stops no other.
   *
   * @throws LoaderError when the collection cannot be opened or does not fit: nothing has been done then.
   */
  async sync(jobs: readonly SourceJob[], options: SyncOptions): Promise<SyncReport> {
    const runId = randomUUID()
    const sources = options.dryRun ? await this.#rehearse(jobs, runId, options) : await this.#run(jobs, runId, options, this.dependencies)
    return {
      run_id: runId,
      mode: options.mode,
      dry_run: options.dryRun,
      status: worstStatus(sources),
      sources,
      totals: sumCounters(sources),
      ...(options.dryRun && { estimate: sumEstimates(sources) }),
    }
  }

  async #run(
    jobs: readonly SourceJob[],
    runId: string,
    options: SyncOptions,
    deps: RunDependencies,
  ): Promise<readonly SourceReport[]> {
    const { mode: requested, dryRun, allowMassDelete, signal } = options
    const { store, embedder } = deps
    const spec = { embeddingFingerprint: embedder.fingerprint, dimensions: () => embedder.dimensions(signal) }
    const collection = await store.open(spec, signal)
    return this.#sideBySide(jobs, (job) => runSource(job, deps, { runId, requested, allowMassDelete, dryRun, collection, signal }))
  }

  /** The same run, over what is thrown away afterwards. */
  async #rehearse(jobs: readonly SourceJob[], runId: string, options: SyncOptions): Promise<readonly SourceReport[]> {
    const { close, ...rehearsal } = await this.dependencies.rehearse()
    try {
      const metrics = { ...this.dependencies.metrics, enabled: false }
      return await this.#run(jobs, runId, options, { ...this.dependencies, ...rehearsal, metrics })
    } finally {
      await close()
    }
  }

  async #sideBySide(
    jobs: readonly SourceJob[],
    run: (job: SourceJob) => Promise<SourceReport>,
  ): Promise<readonly SourceReport[]> {
    const { maxWorkers, queueSize } = this.dependencies.settings
    const outcomes = await new ParallelProcessor({ maxWorkers, queueSize }).processSources(jobs, run)
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    })
  }
}

/** Failed before held before partial: the one that needs most attention. */
function worstStatus(sources: readonly SourceReport[]): SyncStatus {
  const order: readonly SyncStatus[] = ['failed', 'stopped', 'held', 'partial']
  return order.find((status) => sources.some((source) => source.status === status)) ?? 'succeeded'
}

function sumEstimates(sources: readonly SourceReport[]): EmbedderEstimate {
  const sum = (value: (estimate: EmbedderEstimate) => number): number =>
    sources.reduce((total, { estimate }) => total + (estimate === undefined ? 0 : value(estimate)), 0)
  return { inputs: sum(({ inputs }) => inputs), tokens: sum(({ tokens }) => tokens) }
}
