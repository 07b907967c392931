import type { ConnectorPlugin, Json, Logger, OpenedSource } from '@qdrant-loader/connector-sdk'
import { PerformanceMonitor } from '../../performance/performance-monitor.ts'
import { Pulse } from '../../performance/pulse.ts'
import { countingRequests, type RequestCounts } from '../../performance/request-scope.ts'
import type { Fingerprints, HeldLease, RunCounters, RunMode, SourceRecord } from '../../state/records.ts'
import type { CollectionInfo } from '../../store/vector-store.ts'
import { adoptCollection, type AdoptedSource } from './adopt-collection.ts'
import { type Detection, prepareDetection } from './choose-detection.ts'
import { emptyCounters } from '../context/counters.ts'
import { converge } from './converge.ts'
import { sourceIsStale } from '../identity/fingerprints.ts'
import { EmbedderPace } from '../context/embedder-pace.ts'
import { InFlight } from '../context/in-flight.ts'
import { PLANNED_CHARACTERS } from '../stages/ingest.ts'
import { MetricsRecorder } from './metrics-recorder.ts'
import { reportedError } from '../context/reported-error.ts'
import type { ReportedError, SourceReport, SyncStatus } from '../context/report.ts'
import type { RunContext } from '../context/run-context.ts'
import { RunProgress } from '../context/run-progress.ts'
import type { RunDependencies } from '../context/run-dependencies.ts'
import { settleIntents } from '../recovery/settle.ts'
import { connectorContext, type SourceJob } from '../context/source-job.ts'
import { StoreMark } from '../context/store-mark.ts'
import { type Leased, underLease } from '../context/under-lease.ts'
import { VectorClaims } from '../context/vector-claims.ts'

/** One run. */
export interface RunOptions {
  readonly runId: string
  readonly requested: RunMode
  readonly allowMassDelete: boolean
  /** The dependencies are a rehearsal, and nothing that later runs rely on may change. */
  readonly dryRun: boolean
  readonly collection: CollectionInfo
  readonly signal: AbortSignal
}

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

type LeasedOptions = RunOptions &
  Pick<Leased, 'confirmLease'> & {
    /** The user's. */
    readonly stop: AbortSignal
  }

/** A run that the user stopped did not fail, whatever it was that noticed first. */
function endedBy(error: unknown, stop: AbortSignal): Pick<Outcome, 'status' | 'error'> {
  return stop.aborted ? { status: 'stopped', error: stop.reason } : { status: 'failed', error }
}

interface Outcome {
  mode: RunMode
  status: SyncStatus
  error: unknown
  /** What the user should know of a run that went through. */
  problem: ReportedError | undefined
  /** No document was found, and none is held. */
  empty: boolean
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
    const context = runContext(job, deps, options, {
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
    await finishKeepingError(job, deps, {
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

/** What goes wrong while a failed run is recorded must not hide why it failed. */
async function finishKeepingError(job: SourceJob, deps: RunDependencies, run: FinishedRun): Promise<void> {
  try {
    await finish(job, deps, run)
  } catch (error) {
    if (run.outcome.error === undefined) throw error
    deps.logger.error('the failed run could not be recorded', { ...job.ref, error: reportedError(error).message })
  }
}

async function openSource(
  job: SourceJob,
  deps: RunDependencies,
  run: Pick<RunOptions, 'runId' | 'dryRun'> & { readonly counters: RunCounters; readonly pulse: Pulse },
): Promise<OpenedSource<Json>> {
  // The host knows a cursor only as JSON; the connector's own schema has read it before it gets here.
  const plugin = job.plugin as ConnectorPlugin<unknown, Json>
  return plugin.open(
    job.config,
    connectorContext(
      job,
      {
        run: run.runId,
        dryRun: run.dryRun,
        logger: deps.logger,
        redact: deps.redact,
        count: (kind, requests = 1) => {
          run.counters.requests[kind] += requests
        },
        progress: (text) => deps.onProgress({ type: 'activity', ref: job.ref, text }),
        now: deps.now,
        retry: deps.settings.retry,
      },
      run.pulse,
    ),
  )
}

function runContext(
  job: SourceJob,
  deps: RunDependencies,
  options: LeasedOptions,
  run: AdoptedSource & {
    readonly lease: HeldLease
    readonly fingerprints: Fingerprints
    readonly detection: Detection
    readonly counters: RunCounters
    readonly pulse: Pulse
    readonly open: OpenedSource<Json>
  },
): RunContext {
  const resumed = run.detection.mode === 'incremental' ? run.source?.openListing : undefined
  return {
    ref: job.ref,
    runId: options.runId,
    mode: run.detection.mode,
    listing: resumed ?? options.runId,
    listingResumed: resumed !== undefined,
    fingerprints: run.fingerprints,
    lease: run.lease,
    state: deps.state,
    store: deps.store,
    storeInstance: options.collection.instanceId,
    storeMark: new StoreMark({ ...deps, ...options, ref: job.ref, lease: run.lease, found: run.mark }),
    reconciled: run.source?.reconciled ?? false,
    embedder: deps.embedder,
    chunkText: deps.chunkText,
    detector: run.open.detector,
    reader: run.open.reader,
    check: (signal) => run.open.check(signal),
    settings: deps.settings,
    source: job.settings,
    counters: run.counters,
    pulse: run.pulse,
    progress: new RunProgress(),
    pace: new EmbedderPace(PLANNED_CHARACTERS),
    metrics: new PerformanceMonitor(),
    logger: deps.logger,
    onProgress: deps.onProgress,
    now: deps.now,
    sleep: deps.sleep,
    redact: deps.redact,
    holdsSecret: deps.holdsSecret,
    signal: options.signal,
    inFlight: new InFlight(),
    claims: new VectorClaims(),
  }
}

interface FinishedRun {
  readonly runId: string
  readonly mode: RunMode
  readonly lease: HeldLease
  readonly counters: RunCounters
  readonly outcome: Outcome
  readonly open: OpenedSource<Json> | undefined
  readonly dryRun: boolean
  readonly interrupted: boolean
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

function logFailure(error: unknown, job: SourceJob, logger: Logger): void {
  const { code, message } = reportedError(error)
  logger.error('run failed', { ...job.ref, code, error: message })
  if (error instanceof Error) logger.debug('run failed: details', { ...job.ref, stack: error.stack, cause: error.cause })
}
