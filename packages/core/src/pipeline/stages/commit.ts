import type { DocumentCommit } from '../../state/records.ts'
import type { RunContext } from '../context/run-context.ts'
import { reportChange } from '../context/report-progress.ts'
import { changeOf, NO_POINTS } from './document-change.ts'
import type { EmbeddedBatch, PlannedDocument, PlannedWork } from './work.ts'

/** What committing needs of a run. */
export type CommitContext = Pick<
  RunContext,
  'ref' | 'onProgress' | 'state' | 'lease' | 'runId' | 'listing' | 'fingerprints' | 'counters' | 'inFlight' | 'claims' | 'logger'
>

/**
 * Steps 3 and 4 of the commit protocol: the state learns what the store has acknowledged, deletions are staged, and
 * a checkpoint is saved after everything before it (I6).
 */
export async function commit(batch: EmbeddedBatch, context: CommitContext): Promise<void> {
  const { state, lease, runId, listing } = context
  const documents = ofKind(batch.works, 'planned')
  const seen = ofKind(batch.works, 'seen').map((work) => work.documentId)
  const validators = ofKind(batch.works, 'seen').flatMap(({ documentId, validators }) => (validators === undefined ? [] : [{ documentId, ...validators }]))
  const failed = ofKind(batch.works, 'failed').map(({ stub, error }) => ({ stub, ...error }))
  const deletions = ofKind(batch.works, 'remove').map((work) => work.deletion)

  if (documents.length > 0) {
    await state.documents.commit(lease, runId, listing, documents.map((work) => documentCommit(work, context)))
  }
  if (seen.length > 0) await state.documents.markSeen(lease, runId, listing, seen)
  if (validators.length > 0) await state.documents.recordValidators(lease, runId, validators)
  if (failed.length > 0) await state.failures.record(lease, runId, listing, failed)
  if (deletions.length > 0) await state.deletions.stage(lease, runId, deletions)
  await saveCheckpoint(batch, context)

  reportDocuments(documents, context)
  for (const { stub, error } of ofKind(batch.works, 'failed')) {
    reportChange({ document_id: stub.id, action: 'fail', reason: `${error.message} (${error.code})`, points: NO_POINTS }, context)
  }
  countPoints(batch, documents, context)
  context.counters.documents.unchanged += seen.length
  context.counters.documents.failed += failed.length
  context.claims.release(batch.claimed)
  context.inFlight.remove(batch.works.flatMap(documentIdOf))
  if (documents.length > 0) context.logger.debug('batch committed', { documents: documents.length, points: batch.points.length })
}

function ofKind<Kind extends PlannedWork['kind']>(
  works: readonly PlannedWork[],
  kind: Kind,
): readonly Extract<PlannedWork, { readonly kind: Kind }>[] {
  return works.filter((work): work is Extract<PlannedWork, { readonly kind: Kind }> => work.kind === kind)
}

function documentCommit(work: PlannedDocument, context: CommitContext): DocumentCommit {
  return {
    document: {
      documentId: work.stub.id,
      scope: work.stub.scope,
      contentVersion: work.stub.contentVersion,
      metadataVersion: work.metadataVersion,
      contentHash: work.contentHash,
      fingerprints: context.fingerprints,
      stub: work.stub,
      title: work.title,
      skipped: work.skipped,
    },
    chunks: work.chunks,
    dependsOn: work.dependsOn,
    contentChanged: work.known?.contentHash !== work.contentHash,
  }
}

/** A batch is closed by a checkpoint, so there is at most one, at its end. */
async function saveCheckpoint(batch: EmbeddedBatch, context: CommitContext): Promise<void> {
  const last = batch.works.at(-1)
  if (last?.kind !== 'checkpoint') return
  // The cursor now belongs to this configuration: everything before it was done with it.
  await context.state.sources.update(context.lease, {
    cursor: last.cursor,
    fingerprints: context.fingerprints,
    openListing: context.listing,
  })
}

function reportDocuments(documents: readonly PlannedDocument[], context: CommitContext): void {
  for (const work of documents) {
    const change = changeOf(work)
    const isNew = work.known === undefined
    if (change !== undefined) context.counters.documents[work.change] += 1
    // New and without text: counted as skipped.
    else if (!isNew) context.counters.documents.unchanged += 1
    if (change !== undefined) reportChange(change, context)
  }
}

function countPoints(batch: EmbeddedBatch, documents: readonly PlannedDocument[], context: CommitContext): void {
  const { points, chunks } = context.counters
  points.upserted += batch.points.length
  points.payload_updated += documents.reduce((sum, work) => sum + work.payloads.length, 0)
  points.deleted += documents.reduce((sum, work) => sum + work.removes.length, 0)
  chunks.reused += batch.points.length - batch.embedded
  chunks.unfinished -= batch.points.filter((point) => batch.written.has(point.id)).length
}

function documentIdOf(work: PlannedWork): readonly string[] {
  switch (work.kind) {
    case 'planned':
    case 'failed':
      return [work.stub.id]
    case 'seen':
      return [work.documentId]
    case 'remove':
      return [work.deletion.documentId]
    case 'checkpoint':
    case 'flush':
      return []
  }
}
