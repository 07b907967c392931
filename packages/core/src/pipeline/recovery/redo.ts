import type { Presence } from '@qdrant-loader/connector-sdk'
import { streamOf } from '../../performance/stream-of.ts'
import type { FailureRecord } from '../../state/records.ts'
import { workForStub } from '../stages/classify.ts'
import { ingest } from '../stages/ingest.ts'
import type { Completion, RunContext } from '../context/run-context.ts'
import type { Work } from '../stages/work.ts'

const PAGE = 200
/** Rounds of documents that depend on documents that depend on … Cycles end here, and the next run goes on. */
const MAX_ROUNDS = 10

/** Tries the documents again that failed before (I10) and that this detection did not name. */
export async function retryFailures(completion: Completion, context: RunContext): Promise<void> {
  for await (const page of context.state.failures.before(context.ref, context.runId, PAGE)) {
    const { retry, gone } = await stillThere(page, completion, context)
    if (gone.length > 0) await context.state.failures.clear(context.lease, gone)
    const ids = retry.map((failure) => failure.documentId)
    const known = await context.state.documents.among(context.ref, ids)
    const works = retry.map((failure): Work => {
      const work = workForStub(failure.stub, undefined, known.get(failure.documentId), context)
      return work.kind === 'read' ? { ...work, reason: 'it failed before' } : work
    })
    await ingest(streamOf(works), context)
  }
}

/** Reads documents again whose writing was interrupted or whose dependencies changed, round by round. */
export async function redoMarked(context: RunContext): Promise<void> {
  const attempted = new Set<string>()
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    // Nobody named these, so that the display would not know of them.
    const due = await context.state.documents.countToRedo(context.ref)
    if (due > 0) context.progress.further(due)
    let found = 0
    for await (const page of context.state.documents.toRedo(context.ref, PAGE)) {
      // What is in the ledger was tried in this run already.
      const failed = await context.state.failures.among(context.ref, page.map((record) => record.documentId))
      const fresh = page.filter(({ documentId }) => !attempted.has(documentId) && !failed.has(documentId))
      for (const record of fresh) attempted.add(record.documentId)
      found += fresh.length
      await ingest(streamOf(fresh.map((record) => workForStub(record.stub, undefined, record, context))), context)
    }
    if (found === 0) return
  }
}

/** A document that failed and is no longer in the source must not be brought back by a retry. */
async function stillThere(
  failures: readonly FailureRecord[],
  completion: Completion,
  context: RunContext,
): Promise<{ readonly retry: readonly FailureRecord[]; readonly gone: readonly string[] }> {
  const { listing } = completion
  const listed =
    listing === 'changes' || context.listingResumed ? new Set<string>() : new Set<string>(listing.everythingIn)
  const judged: ReadonlyMap<string, Presence> =
    (await context.detector.judge?.(
      failures.map((failure) => failure.documentId),
      context.signal,
    )) ?? new Map<string, Presence>()
  const isGone = (failure: FailureRecord): boolean => {
    const presence = judged.get(failure.documentId)
    if (presence !== undefined && presence !== 'unknown') return presence !== 'present'
    // Named by this listing, it would carry this run's id: a complete listing that did not name it says it is absent.
    return listed.has(failure.stub.scope)
  }
  return {
    retry: failures.filter((failure) => !isGone(failure)),
    gone: failures.filter(isGone).map((failure) => failure.documentId),
  }
}
