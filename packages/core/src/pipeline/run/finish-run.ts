import type { Json, OpenedSource } from '@qdrant-loader/connector-sdk'
import type { HeldLease, RunCounters, RunMode } from '../../state/records.ts'
import type { ReportedError, SyncStatus } from '../context/report.ts'
import { reportedError } from '../context/reported-error.ts'
import type { RunDependencies } from '../context/run-dependencies.ts'
import type { SourceJob } from '../context/source-job.ts'

/** How a run went so far. */
export interface Outcome {
  mode: RunMode
  status: SyncStatus
  error: unknown
  /** What the user should know of a run that went through. */
  problem: ReportedError | undefined
  /** No document was found, and none is held. */
  empty: boolean
}

/** A run that is over, whatever became of it. */
export interface FinishedRun {
  readonly runId: string
  readonly mode: RunMode
  readonly lease: HeldLease
  readonly counters: RunCounters
  readonly outcome: Outcome
  readonly open: OpenedSource<Json> | undefined
  readonly dryRun: boolean
  readonly interrupted: boolean
}

/** What goes wrong while a failed run is recorded must not hide why it failed. */
export async function finishRun(job: SourceJob, deps: RunDependencies, run: FinishedRun): Promise<void> {
  try {
    await finish(job, deps, run)
  } catch (error) {
    if (run.outcome.error === undefined) throw error
    deps.logger.error('the failed run could not be recorded', { ...job.ref, error: reportedError(error).message })
  }
}

async function finish(job: SourceJob, deps: RunDependencies, run: FinishedRun): Promise<void> {
  const { outcome, counters, lease } = run
  const nothing = outcome.error === undefined && Object.values(counters.documents).every((count) => count === 0)
  outcome.empty = nothing && (await deps.state.documents.count(job.ref)) === 0
  const saved = await deps.state.sources.get(job.ref)
  // Documents may be past the saved cursor when the run failed, so nothing may be released that tells. A dry run saves none.
  await run.open?.close(outcome.error === undefined && !run.dryRun ? saved?.cursor : undefined)
  const error = outcome.error === undefined ? outcome.problem : reportedError(outcome.error)
  await deps.state.runs.finish(lease, {
    runId: run.runId,
    mode: run.mode,
    status: run.interrupted && outcome.status === 'failed' ? 'interrupted' : outcome.status,
    counters,
    cursorAfter: saved?.cursor,
    error: error === undefined ? undefined : `${error.code}: ${error.message}`,
  })
  deps.logger.info(run.dryRun ? 'dry run finished' : 'run finished', { ...job.ref, status: outcome.status, ...counters.documents })
}
