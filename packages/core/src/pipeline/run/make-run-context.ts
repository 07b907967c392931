import type { Json, OpenedSource } from '@qdrant-loader/connector-sdk'
import { PerformanceMonitor } from '../../performance/performance-monitor.ts'
import type { Pulse } from '../../performance/pulse.ts'
import type { Fingerprints, HeldLease, RunCounters } from '../../state/records.ts'
import { EmbedderPace } from '../context/embedder-pace.ts'
import { InFlight } from '../context/in-flight.ts'
import type { RunContext } from '../context/run-context.ts'
import type { RunDependencies } from '../context/run-dependencies.ts'
import { RunProgress } from '../context/run-progress.ts'
import type { SourceJob } from '../context/source-job.ts'
import { StoreMark } from '../context/store-mark.ts'
import { VectorClaims } from '../context/vector-claims.ts'
import { PLANNED_CHARACTERS } from '../stages/ingest.ts'
import type { AdoptedSource } from './adopt-collection.ts'
import type { Detection } from './choose-detection.ts'
import type { LeasedOptions } from './run-options.ts'

/** What is known of a run once its source is open. */
export interface OpenRun extends AdoptedSource {
  readonly lease: HeldLease
  readonly fingerprints: Fingerprints
  readonly detection: Detection
  readonly counters: RunCounters
  readonly pulse: Pulse
  readonly open: OpenedSource<Json>
}

/** What the stages of this run share. */
export function makeRunContext(
  job: SourceJob,
  deps: RunDependencies,
  options: LeasedOptions,
  run: OpenRun,
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
