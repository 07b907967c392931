import type { Json } from '@qdrant-loader/connector-sdk'
import { addShortfalls } from '../context/counters.ts'
import type { Detection } from './choose-detection.ts'
import { classify } from '../stages/classify.ts'
import { applyDeletions } from '../deletions/apply-deletions.ts'
import { detect, type NamedChange } from '../stages/detect.ts'
import { ingest } from '../stages/ingest.ts'
import { reconcile } from '../recovery/reconcile.ts'
import { redoMarked, retryFailures } from '../recovery/redo.ts'
import { removeLeft } from '../recovery/remove-left.ts'
import type { ReportedError, SyncStatus } from '../context/report.ts'
import { reportProgress } from '../context/report-progress.ts'
import type { Completion, RunContext } from '../context/run-context.ts'
import { sweep } from '../deletions/sweep.ts'
import { unreadableProblem } from './unreadable-problem.ts'

/** How a run that was not interrupted ended. */
export interface Convergence {
  readonly status: SyncStatus
  /** What the user should know although the run went through. */
  readonly problem: ReportedError | undefined
}

/**
 * Makes the collection equal to the source: ingests what the detector names, does again what it cannot name, and
 * deletes last. The cursor is saved when everything before it is done or durably staged (I6).
 */
export async function converge(
  context: RunContext,
  detection: Detection,
  options: { readonly allowMassDelete: boolean },
): Promise<Convergence> {
  const completion = await ingestChanges(context, detection)
  addShortfalls(context.counters, completion.shortfalls ?? [])
  await retryFailures(completion, context)
  await sweep(completion, context)
  // After the sweep: reading what is absent would make it look present.
  await redoMarked(context)
  await saveCursor(completion, context)
  const held = await applyDeletions(context, options.allowMassDelete)
  // What includes a document that was just deleted is read again.
  await redoMarked(context)
  await removeLeft(completion, context)
  const failed = context.counters.documents.failed > 0
  const problem = unreadableProblem(completion, context)
  // Points of what failed, or could not be read, are not owned yet: orphans can be told apart only when all went well.
  const kept = context.reconciled || failed || problem !== undefined || (await reconcile(context, options.allowMassDelete))
  if (held || !kept) return { status: 'held', problem }
  if (failed || problem !== undefined) return { status: 'partial', problem }
  await context.state.sources.update(context.lease, { lastSuccessAt: new Date(context.now()) })
  return { status: 'succeeded', problem }
}

/** Changes between two signs of life while the source is being listed. */
const PROGRESS_EVERY = 100

/** Stands for the return value of a detection that was left early; nobody reads it. */
const NOT_COMPLETE: Completion = { cursor: null, listing: 'changes' }

async function ingestChanges(context: RunContext, detection: Detection): Promise<Completion> {
  let completion: Completion | undefined
  const stop = new AbortController()
  const detecting = { ...context, signal: AbortSignal.any([context.signal, stop.signal]) }
  async function* changes(): AsyncGenerator<NamedChange, void, undefined> {
    const detected = detect(detecting, detection)
    try {
      let next = await detected.next()
      while (next.done !== true) {
        if (next.value.kind !== 'checkpoint') context.progress.detected += 1
        if (context.progress.detected % PROGRESS_EVERY === 0) reportProgress(context)
        yield next.value
        next = await detected.next()
      }
      completion = next.value
      context.progress.total = context.progress.detected
      reportProgress(context)
    } finally {
      // Left early: the detector cleans up. After its end this does nothing.
      await detected.return(NOT_COMPLETE)
    }
  }
  try {
    await ingest(classify(changes(), context), context)
  } finally {
    // After a failure further down the line the detector may still be waiting for its source.
    stop.abort()
  }
  context.signal.throwIfAborted()
  if (completion === undefined) throw new Error('the pipeline ended before the detection did')
  return completion
}

async function saveCursor(completion: Completion, context: RunContext): Promise<void> {
  const { listing, cursor } = completion
  const complete = listing !== 'changes'
  const unchanged = await isSaved(cursor, context)
  if (unchanged && !complete) return
  await context.state.sources.update(context.lease, {
    cursor,
    fingerprints: context.fingerprints,
    openListing: null,
    ...(complete ? { lastListingAt: new Date(context.now()) } : {}),
  })
}

/** An unchanged run writes nothing that is already there. */
async function isSaved(cursor: Json, context: RunContext): Promise<boolean> {
  const source = await context.state.sources.get(context.ref)
  return (
    source?.openListing === undefined &&
    JSON.stringify(source?.cursor) === JSON.stringify(cursor) &&
    JSON.stringify(source?.fingerprints) === JSON.stringify(context.fingerprints)
  )
}
