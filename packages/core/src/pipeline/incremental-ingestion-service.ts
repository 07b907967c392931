import { randomUUID } from 'node:crypto'
import { ParallelProcessor } from '../performance/parallel-processor.ts'
import type { RunMode } from '../state/records.ts'
import type { CollectionInfo } from '../store/vector-store.ts'
import { sumCounters } from './run/counters.ts'
import { planSource } from './run/plan-source.ts'
import type { SourceReport, SyncReport, SyncStatus } from './run/report.ts'
import type { RunDependencies } from './run/run-dependencies.ts'
import type { SourceJob } from './run/source-job.ts'
import { runSource } from './run/source-run.ts'

/** How to sync. */
export interface SyncOptions {
  /** `incremental` goes on from the saved cursor; `full` lists everything and re-does nothing that is right. */
  readonly mode: RunMode
  /** Detects and classifies only: nothing is loaded or written. What would happen goes to `onProgress` as `planned`. */
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
    const sources = options.dryRun ? await this.#plan(jobs, runId, options) : await this.#run(jobs, runId, options)
    return {
      run_id: runId,
      mode: options.mode,
      dry_run: options.dryRun,
      status: worstStatus(sources),
      sources,
      totals: sumCounters(sources),
    }
  }

  async #run(jobs: readonly SourceJob[], runId: string, options: SyncOptions): Promise<readonly SourceReport[]> {
    const collection = await this.#openCollection(options.signal)
    return this.#sideBySide(jobs, (job) =>
      runSource(job, this.dependencies, {
        runId,
        requested: options.mode,
        allowMassDelete: options.allowMassDelete,
        collection,
        signal: options.signal,
      }),
    )
  }

  async #plan(jobs: readonly SourceJob[], runId: string, options: SyncOptions): Promise<readonly SourceReport[]> {
    const collection = await this.dependencies.store.peek(options.signal)
    return this.#sideBySide(jobs, (job) =>
      planSource(job, this.dependencies, {
        runId,
        requested: options.mode,
        storeInstance: collection?.instanceId,
        signal: options.signal,
      }),
    )
  }

  #openCollection(signal: AbortSignal): Promise<CollectionInfo> {
    const { store, embedder } = this.dependencies
    return store.open(
      { embeddingFingerprint: embedder.fingerprint, dimensions: () => embedder.dimensions(signal) },
      signal,
    )
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
  const order: readonly SyncStatus[] = ['failed', 'held', 'partial']
  return order.find((status) => sources.some((source) => source.status === status)) ?? 'succeeded'
}
