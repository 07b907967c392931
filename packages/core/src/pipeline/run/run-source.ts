import type { Json, Logger, OpenedSource } from '@qdrant-loader/connector-sdk'
import { Pulse } from '../../performance/pulse.ts'
import { countingRequests, type RequestCounts } from '../../performance/request-scope.ts'
import type { Fingerprints, HeldLease, RunCounters, SourceRecord } from '../../state/records.ts'
import { emptyCounters } from '../context/counters.ts'
import type { SourceReport } from '../context/report.ts'
import { reportedError } from '../context/reported-error.ts'
import type { RunDependencies } from '../context/run-dependencies.ts'
import type { SourceJob } from '../context/source-job.ts'
import { underLease } from '../context/under-lease.ts'
import { sourceIsStale } from '../identity/fingerprints.ts'
import { settleIntents } from '../recovery/settle.ts'
import { adoptCollection } from './adopt-collection.ts'
import { prepareDetection } from './choose-detection.ts'
import { converge } from './converge.ts'
import { finishRun, type Outcome } from './finish-run.ts'
import { makeRunContext } from './make-run-context.ts'
import { MetricsRecorder } from './metrics-recorder.ts'
import { openSource } from './open-source.ts'
import type { LeasedOptions, RunOptions } from './run-options.ts'

/** Syncs one source under its lease. Never throws: what went wrong is in the report. */
export async function runSource(job: SourceJob, deps: RunDependencies, options: RunOptions): Promise<SourceReport> {
  const started = deps.now()
  const counters = emptyCounters()
  const requests: RequestCounts = { store: 0, embedder: 0 }
  const outcome: Outcome = { mode: options.requested, status: 'failed', error: undefined, problem: undefined, empty: false }
  try {
    await countingRequests(
      requests,
      () =>
        underLease(job.ref, deps, options.signal, ({ lease, ...held }) =>
          recordedRun(job, deps, { ...options, ...held, stop: options.signal }, lease, counters, outcome),
        ),
      (text) => deps.onProgress({ type: 'activity', ref: job.ref, text }),
    )
  } catch (error) {
    Object.assign(outcome, endedBy(error, options.signal))
    if (outcome.status === 'failed') logFailure(error, job, deps.logger)
  }
  counters.requests.store = requests.store
  counters.requests.embedder = requests.embedder
  const { project, sourceType, source } = job.ref
  const report: SourceReport = {
    project,
    source_type: sourceType,
    source,
    status: outcome.status,
    mode: outcome.mode,
    ...counters,
    duration_ms: Math.round(deps.now() - started),
    error: outcome.error === undefined ? (outcome.problem ?? null) : reportedError(outcome.error),
    ...(outcome.empty && { empty: true }),
    ...(options.dryRun && { estimate: { inputs: counters.chunks.embedded, tokens: requests.tokens ?? 0 } }),
  }
  deps.onProgress({ type: 'source-finished', ref: job.ref, report })
  return report
}

/** A run that the user stopped did not fail, whatever it was that noticed first. */
function endedBy(error: unknown, stop: AbortSignal): Pick<Outcome, 'status' | 'error'> {
  return stop.aborted ? { status: 'stopped', error: stop.reason } : { status: 'failed', error }
}

/** Opens the source, records the run in the history, and closes everything whatever happens. */
async function recordedRun(
  job: SourceJob,
  deps: RunDependencies,
  options: LeasedOptions,
  lease: HeldLease,
  counters: RunCounters,
  outcome: Outcome,
): Promise<void> {
  const { state, logger } = deps
  const adopted = await adoptCollection({ ref: job.ref, lease, collection: options.collection, signal: options.signal }, deps)
  const { source } = adopted
  const { fingerprints, detection } = await prepareDetection(job, deps, source, options.requested)
  outcome.mode = detection.mode
  const run = { runId: options.runId, mode: detection.mode }
  await state.runs.start(lease, { ...run, cursorBefore: source?.cursor })
  deps.onProgress({ type: 'source-started', ref: job.ref, mode: detection.mode })
  logger.info(options.dryRun ? 'dry run started' : 'run started', { ...job.ref, mode: detection.mode })
  const opened: { source: OpenedSource<Json> | undefined } = { source: undefined }
  try {
    await forgetOtherConfiguration(adopted.source, fingerprints, lease, state)
    const pulse = new Pulse()
    opened.source = await openSource(job, deps, { ...options, counters, pulse })
    const context = makeRunContext(job, deps, options, {
      ...adopted,
      lease,
      fingerprints,
      detection,
      counters,
      pulse,
      open: opened.source,
    })
    const recorder = new MetricsRecorder(context.metrics, options.runId, deps)
    try {
      await settleIntents(context)
      const { allowMassDelete } = options
      Object.assign(outcome, await context.storeMark.guard(() => converge(context, detection, { allowMassDelete })))
    } finally {
      await recorder.finish()
    }
  } catch (error) {
    Object.assign(outcome, endedBy(error, options.stop))
    throw error
  } finally {
    await finishRun(job, deps, {
      ...run,
      lease,
      counters,
      outcome,
      open: opened.source,
      dryRun: options.dryRun,
      interrupted: options.signal.aborted,
    })
  }
}

/**
 * From now on there may be results of both configurations. Should this run be interrupted, no later one may build upon
 * the last complete run, not even with the configuration of that one (I12).
 */
async function forgetOtherConfiguration(
  source: SourceRecord | undefined,
  fingerprints: Fingerprints,
  lease: HeldLease,
  state: RunDependencies['state'],
): Promise<void> {
  if (source?.fingerprints === undefined || !sourceIsStale(source.fingerprints, fingerprints)) return
  await state.sources.update(lease, { fingerprints: null })
}

function logFailure(error: unknown, job: SourceJob, logger: Logger): void {
  const { code, message } = reportedError(error)
  logger.error('run failed', { ...job.ref, code, error: message })
  if (error instanceof Error) logger.debug('run failed: details', { ...job.ref, stack: error.stack, cause: error.cause })
}
