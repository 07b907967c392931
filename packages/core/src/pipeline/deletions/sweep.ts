import type { Listing, Presence } from '@qdrant-loader/connector-sdk'
import { streamOf } from '../../performance/stream-of.ts'
import type { DocumentRecord, StagedDeletion } from '../../state/records.ts'
import { workForStub } from '../stages/classify.ts'
import { ingest } from '../stages/ingest.ts'
import { targetsOf } from './move-targets.ts'
import type { Completion, RunContext } from '../context/run-context.ts'
import type { Work } from '../stages/work.ts'

const PAGE = 500

/**
 * Stages what is absent from the scopes that this detection vouches for (I3), and judges what earlier runs staged.
 * Absence is believed when the source confirms it (`judge`), or when a second complete listing lacks the document
 * too, and no configured scope was unreadable into which it may have been moved; until then it stays staged as unknown.
 */
export async function sweep(completion: Completion, context: RunContext): Promise<void> {
  await judgeStaged(completion, context)
  const { listing } = completion
  if (listing === 'changes') return
  for await (const page of context.state.documents.outside(context.ref, listing.configured, PAGE)) {
    await stage(page.map(({ documentId }) => ({ documentId, verdict: 'out-of-scope' })), context)
  }
  if (listing.everythingIn.length === 0) return
  for await (const page of context.state.documents.unseen(context.ref, context.listing, listing.everythingIn, PAGE)) {
    const presence = await judge(page, context)
    const absent = page.filter((record) => presence.get(record.documentId) !== 'present')
    await stage(absent.map(({ documentId }) => ({ documentId, verdict: verdictOf(presence.get(documentId)) })), context)
  }
}

async function judge(records: readonly DocumentRecord[], context: RunContext): Promise<ReadonlyMap<string, Presence>> {
  context.signal.throwIfAborted()
  const ids = records.map((record) => record.documentId)
  return (await context.detector.judge?.(ids, context.signal)) ?? new Map<string, Presence>()
}

function verdictOf(presence: Presence | undefined): StagedDeletion['verdict'] {
  return presence === undefined || presence === 'present' ? 'unknown' : presence
}

async function stage(deletions: readonly StagedDeletion[], context: RunContext): Promise<void> {
  if (deletions.length > 0) await context.state.deletions.stage(context.lease, context.runId, deletions)
}

/**
 * What earlier runs staged: back again, confirmed, or still open. This run's own verdicts are fresh. A move whose
 * target was deleted before it was ever read becomes a deletion like others.
 */
async function judgeStaged(completion: Completion, context: RunContext): Promise<void> {
  const { listing } = completion
  const vouched = vouchedScopes(listing)
  for await (const page of context.state.deletions.staged(context.ref, PAGE)) {
    const targets = await targetsOf(page, context)
    const open = page.filter(({ movedTo, lastRunId }) =>
      movedTo === undefined ? lastRunId !== context.runId : targets.get(movedTo) === 'lost',
    )
    if (open.length === 0) continue
    const presence = await judge(open, context)
    await bringBack(open.filter((record) => presence.get(record.documentId) === 'present'), context)
    await stage(open.flatMap((record) => freshVerdict(record, presence.get(record.documentId), vouched, context)), context)
  }
}

/** Scopes in which a second absence counts: none while a configured one cannot be read, since documents move. */
function vouchedScopes(listing: Listing): ReadonlySet<string> {
  if (listing === 'changes') return new Set()
  const readable = new Set(listing.everythingIn)
  return listing.configured.every((scope) => readable.has(scope)) ? readable : new Set()
}

function freshVerdict(
  record: DocumentRecord,
  presence: Presence | undefined,
  vouched: ReadonlySet<string>,
  context: RunContext,
): readonly StagedDeletion[] {
  const { documentId } = record
  if (presence === 'present') return []
  if (presence !== undefined && presence !== 'unknown') return [{ documentId, verdict: presence }]
  if (record.movedTo !== undefined) return [{ documentId, verdict: 'deleted' }]
  const missedAgain = vouched.has(record.scope) && record.seenListing !== context.listing && !context.listingResumed
  return record.verdict === 'unknown' && missedAgain ? [{ documentId, verdict: 'deleted' }] : []
}

/** Live again, and read again: it may have changed while nobody looked. What is kept unseen cannot be read, and stays. */
async function bringBack(records: readonly DocumentRecord[], context: RunContext): Promise<void> {
  if (records.length === 0) return
  await context.state.deletions.unstage(context.lease, records.map((record) => record.documentId))
  const works = records.map((record): Work => {
    const work = workForStub(record.stub, undefined, { ...record, redo: 'intent' }, context)
    return work.kind === 'read' ? { ...work, vouchedFor: true } : work
  })
  await ingest(streamOf(works), context)
}
