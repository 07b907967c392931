import type { ConnectorPlugin, Json, OpenSource } from '@qdrant-loader/connector-sdk'
import type { IngestionState } from '../../state/ingestion-state.ts'
import type { DocumentRecord, Fingerprints, RunMode, SourceRecord } from '../../state/records.ts'
import { type Detection, prepareDetection } from './choose-detection.ts'
import { classify } from '../stages/classify.ts'
import { emptyCounters } from './counters.ts'
import { detect, type NamedChange } from '../stages/detect.ts'
import { Pulse } from '../../performance/pulse.ts'
import { InFlight } from '../stages/in-flight.ts'
import { reportedError } from './reported-error.ts'
import type { PlannedChange, ReportedError, SourceReport } from './report.ts'
import type { Completion, RunContext } from './run-context.ts'
import { connectorContext, type SourceJob } from './source-job.ts'
import type { RunDependencies } from './run-dependencies.ts'
import { knowsMark, markKey } from './store-mark.ts'
import { unreadableProblem } from './unreadable-problem.ts'
import type { Work } from '../stages/work.ts'

const PAGE = 500

interface PlanOptions {
  readonly runId: string
  readonly requested: RunMode
  /** Undefined when there is no collection yet. */
  readonly storeInstance: string | undefined
  readonly signal: AbortSignal
}

type RecordedState = Pick<
  IngestionState,
  | 'getDocuments'
  | 'countDocuments'
  | 'documentIds'
  | 'documentsOutside'
  | 'documentsToRedo'
  | 'stagedDocuments'
  | 'failuresBefore'
>

type PlanningContext = Pick<
  RunContext,
  'ref' | 'detector' | 'source' | 'signal' | 'listing' | 'listingResumed' | 'fingerprints' | 'counters' | 'pulse' | 'inFlight' | 'settings' | 'onProgress'
> & { readonly state: RecordedState }

/**
 * Says what a sync would do to one source, and why, document by document. Loads no content, takes no lease, and leaves
 * state, cursor and store as they were. Never throws: what went wrong is in the report.
 */
export async function planSource(job: SourceJob, deps: RunDependencies, options: PlanOptions): Promise<SourceReport> {
  const started = deps.now()
  const counters = emptyCounters()
  let mode: RunMode = options.requested
  let error: unknown
  let problem: ReportedError | undefined
  try {
    const source = await recordedSource(job, deps, options)
    const { fingerprints, detection } = await prepareDetection(job, deps, source, options.requested)
    mode = detection.mode
    deps.onProgress({ type: 'source-started', ref: job.ref, mode })
    problem = await planOpened(job, deps, options, { source, fingerprints, detection, counters })
  } catch (caught) {
    error = caught
  }
  const report: SourceReport = {
    project: job.ref.project,
    source_type: job.ref.sourceType,
    source: job.ref.source,
    status: error !== undefined ? 'failed' : problem === undefined ? 'succeeded' : 'partial',
    mode,
    ...counters,
    duration_ms: Math.round(deps.now() - started),
    error: error === undefined ? (problem ?? null) : reportedError(error),
  }
  deps.onProgress({ type: 'source-finished', ref: job.ref, report })
  return report
}

/** Nothing is known of a source whose rows speak of another collection, or of this one as it was before somebody wrote to it. */
async function recordedSource(job: SourceJob, deps: RunDependencies, options: PlanOptions): Promise<SourceRecord | undefined> {
  const source = await deps.state.getSource(job.ref)
  if (source === undefined || options.storeInstance === undefined || source.storeInstance !== options.storeInstance) return undefined
  return knowsMark(source, await deps.store.readMark(markKey(job.ref), options.signal)) ? source : undefined
}

interface PlanRun {
  readonly source: SourceRecord | undefined
  readonly fingerprints: Fingerprints
  readonly detection: Detection
  readonly counters: RunContext['counters']
}

async function planOpened(job: SourceJob, deps: RunDependencies, options: PlanOptions, run: PlanRun): Promise<ReportedError | undefined> {
  const plugin = job.plugin as ConnectorPlugin<unknown, Json>
  const pulse = new Pulse()
  const open = await plugin.open(
    job.config,
    connectorContext(
      job,
      {
        run: options.runId,
        dryRun: true,
        logger: deps.logger,
        redact: deps.redact,
        count: (kind, requests = 1) => {
          run.counters.requests[kind] += requests
        },
        progress: (text) => deps.onProgress({ type: 'activity', ref: job.ref, text }),
        now: deps.now,
      },
      pulse,
    ),
  )
  try {
    const context: PlanningContext = {
      ref: job.ref,
      detector: open.detector,
      state: run.source === undefined ? NOTHING_RECORDED : deps.state,
      source: job.settings,
      signal: options.signal,
      listing: options.runId,
      listingResumed: run.detection.mode === 'incremental' && run.source?.openListing !== undefined,
      fingerprints: run.fingerprints,
      counters: run.counters,
      pulse,
      inFlight: new InFlight(),
      settings: deps.settings,
      onProgress: deps.onProgress,
    }
    const named = await planChanges(context, run.detection)
    await planRetries(named, context)
    await planDeletions(named, context)
    return unreadableProblem(named.completion ?? {}, { ref: job.ref, logger: deps.logger })
  } finally {
    await closeUnchanged(open, run.source?.cursor)
  }
}

/** A dry run saves no cursor, so what the saved one needs stays. */
async function closeUnchanged(open: OpenSource<Json>, cursor: Json | undefined): Promise<void> {
  await open.close(cursor)
}

/** A view in which nothing is recorded. */
const NOTHING_RECORDED: RecordedState = {
  getDocuments: async () => new Map(),
  countDocuments: async () => 0,
  documentIds: nothing,
  documentsOutside: nothing,
  documentsToRedo: nothing,
  stagedDocuments: nothing,
  failuresBefore: nothing,
}

async function* nothing(): AsyncGenerator<never, void, undefined> {}

interface Named {
  /** Everything the detector named. */
  readonly ids: Set<string>
  /** Documents that would be deleted, moves apart. */
  readonly deleted: Set<string>
  completion: Completion | undefined
}

async function planChanges(context: PlanningContext, detection: Detection): Promise<Named> {
  const named: Named = { ids: new Set(), deleted: new Set(), completion: undefined }
  async function* changes(): AsyncGenerator<NamedChange, void, undefined> {
    named.completion = yield* detect(context, detection)
  }
  for await (const work of classify(changes(), context)) await planWork(work, named, context)
  return named
}

async function planWork(work: Work, named: Named, context: PlanningContext): Promise<void> {
  switch (work.kind) {
    case 'read':
      context.counters.documents[work.change] += 1
      name(work.stub.id, named, context)
      report(
        {
          document_id: work.stub.id,
          action: work.change === 'added' ? 'add' : work.change === 'moved' ? 'move' : 'update',
          reason: work.reason,
          ...(work.movedFrom === undefined ? {} : { from: work.movedFrom }),
        },
        context,
      )
      break
    case 'relabel':
      context.counters.documents.updated += 1
      name(work.stub.id, named, context)
      report({ document_id: work.stub.id, action: 'update', reason: 'its metadata changed' }, context)
      break
    case 'seen':
      context.counters.documents.unchanged += 1
      name(work.documentId, named, context)
      break
    case 'remove': {
      const { documentId, verdict, movedTo } = work.deletion
      name(documentId, named, context)
      if (movedTo === undefined) await planDeletion([documentId], verdict, named, context)
      break
    }
    case 'failed':
    case 'checkpoint':
    case 'flush':
      break
  }
}

function name(id: string, named: Named, context: PlanningContext): void {
  named.ids.add(id)
  named.deleted.delete(id)
  context.inFlight.remove([id])
}

function report(change: PlannedChange, context: PlanningContext): void {
  context.onProgress({ type: 'planned', ref: context.ref, change })
}

async function planDeletion(ids: readonly string[], verdict: string, named: Named, context: PlanningContext): Promise<void> {
  const known = await context.state.getDocuments(context.ref, ids)
  for (const id of ids) {
    const record = known.get(id)
    if (record === undefined || record.status === 'deleted' || named.deleted.has(id)) continue
    named.deleted.add(id)
    context.counters.verdicts[verdict] = (context.counters.verdicts[verdict] ?? 0) + 1
    report({ document_id: id, action: 'delete', reason: verdict }, context)
  }
}

/** Documents that failed before, and those whose writing was interrupted or whose dependencies changed. */
async function planRetries(named: Named, context: PlanningContext): Promise<void> {
  for await (const page of context.state.failuresBefore(context.ref, context.listing, PAGE)) {
    for (const { documentId, code } of page) {
      if (!named.ids.has(documentId)) report({ document_id: documentId, action: 'retry', reason: `it failed before (${code})` }, context)
      named.ids.add(documentId)
    }
  }
  for await (const page of context.state.documentsToRedo(context.ref, PAGE)) {
    for (const { documentId, redo } of page) {
      const reason = redo === 'intent' ? 'an earlier run was interrupted while writing it' : 'a document that it includes changed'
      if (!named.ids.has(documentId)) report({ document_id: documentId, action: 'retry', reason }, context)
    }
  }
}

async function planDeletions(named: Named, context: PlanningContext): Promise<void> {
  const { state, ref, detector, signal, counters } = context
  for await (const page of state.stagedDocuments(ref, PAGE)) {
    const open = page.filter((record) => !named.ids.has(record.documentId) && record.movedTo === undefined)
    await planStaged(open, named, context)
  }
  const listing = named.completion?.listing
  // What an earlier run saw of a listing that this one goes on with is known to that run's marks only.
  if (listing !== undefined && listing !== 'changes' && !context.listingResumed) {
    for await (const page of state.documentsOutside(ref, listing.configured, PAGE)) {
      await planDeletion(page.map((record) => record.documentId), 'out-of-scope', named, context)
    }
    for (const scope of listing.everythingIn) {
      for await (const ids of pagesOf(state.documentIds(ref, scope))) {
        const absent = ids.filter((id) => !named.ids.has(id))
        const presence = absent.length === 0 ? undefined : await detector.judge?.(absent, signal)
        for (const id of absent) {
          const verdict = presence?.get(id) ?? 'unknown'
          if (verdict === 'unknown') counters.documents.unconfirmed += 1
          else if (verdict !== 'present') await planDeletion([id], verdict, named, context)
        }
      }
    }
  }
  await countDeletions(named, context)
}

async function planStaged(records: readonly DocumentRecord[], named: Named, context: PlanningContext): Promise<void> {
  if (records.length === 0) return
  const presence = await context.detector.judge?.(records.map((record) => record.documentId), context.signal)
  for (const record of records) {
    const judged = presence?.get(record.documentId)
    const verdict = judged === undefined || judged === 'unknown' ? record.verdict : judged
    if (verdict === 'unknown' || verdict === undefined) context.counters.documents.unconfirmed += 1
    else if (verdict !== 'present') await planDeletion([record.documentId], verdict, named, context)
  }
}

/** As the guard would see them (I4). */
async function countDeletions(named: Named, context: PlanningContext): Promise<void> {
  const { maxDeleteCount, maxDeleteRatio } = context.source
  const count = named.deleted.size
  const before = await context.state.countDocuments(context.ref)
  const held = count > maxDeleteCount && count > maxDeleteRatio * before
  context.counters.documents[held ? 'held' : 'deleted'] += count
}

async function* pagesOf(ids: AsyncIterable<string>): AsyncGenerator<readonly string[], void, undefined> {
  let page: string[] = []
  for await (const id of ids) {
    page.push(id)
    if (page.length < PAGE) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}
