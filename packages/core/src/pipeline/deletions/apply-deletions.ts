import type { ChunkRecord, DocumentRecord } from '../../state/records.ts'
import { reportChange } from '../context/report-progress.ts'
import type { DocumentAction, DocumentChange } from '../context/report.ts'
import type { RunContext } from '../context/run-context.ts'
import { NO_POINTS } from '../stages/document-change.ts'
import { isMassDeletion } from '../context/deletion-guard.ts'
import { targetsOf } from './move-targets.ts'

const PAGE = 500

/**
 * Applies staged deletions, after everything else (design 7): the guard has seen how many there are, and what moved
 * has taken its vectors along. Returns true when the guard held some back (I4).
 */
export async function applyDeletions(context: RunContext, allowMassDelete: boolean): Promise<boolean> {
  const { state, ref, counters } = context
  const staged = await state.deletions.count(ref)
  counters.documents.unconfirmed = staged.unknown
  const held = !allowMassDelete && (await exceedsBounds(staged.guarded, context))
  counters.documents.held += held ? staged.guarded : 0
  if (held) context.logger.warn('deletions are held', { documents: staged.guarded })
  if (staged.guarded + staged.moves + staged.unknown > 0) {
    for await (const page of state.deletions.staged(ref, PAGE)) {
      context.signal.throwIfAborted()
      countVerdicts(page, context)
      reportKept(page, held, context)
      const due = page.filter((record) => (held ? record.movedTo !== undefined : record.verdict !== 'unknown'))
      await deletePage(await withTargets(due, context), context)
    }
  }
  await state.sources.update(context.lease, { heldDeletions: held ? staged.guarded : 0 })
  return held
}

/** Halves of moves apart, which are no deletions to a reader. */
function countVerdicts(page: readonly DocumentRecord[], { counters: { verdicts } }: RunContext): void {
  for (const { verdict = 'unknown', movedTo } of page) {
    if (movedTo === undefined) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
  }
}

/** Those whose deletion is staged and not applied. */
function reportKept(page: readonly DocumentRecord[], held: boolean, context: RunContext): void {
  for (const { documentId, verdict = 'unknown', movedTo } of page) {
    if (movedTo !== undefined || (verdict !== 'unknown' && !held)) continue
    const action: DocumentAction = verdict === 'unknown' ? 'wait' : 'hold'
    reportChange({ document_id: documentId, action, reason: verdict, points: NO_POINTS }, context)
  }
}

/** The documents held before this run are what it found, without those that it added. Moves do not count. */
async function exceedsBounds(guarded: number, context: RunContext): Promise<boolean> {
  const { added, moved } = context.counters.documents
  const before = (await context.state.documents.count(context.ref)) - added - moved
  return isMassDeletion({ documents: guarded, removed: guarded, held: before }, context.source)
}

/** The deleting half of a move waits until the document is held under its new id. */
async function withTargets(page: readonly DocumentRecord[], context: RunContext): Promise<readonly DocumentRecord[]> {
  const targets = await targetsOf(page, context)
  return page.filter((record) => record.movedTo === undefined || targets.get(record.movedTo) === 'held')
}

async function deletePage(page: readonly DocumentRecord[], context: RunContext): Promise<void> {
  if (page.length === 0) return
  const { state, store, ref, lease, runId, counters } = context
  const documentIds = page.map((record) => record.documentId)
  const chunks = await state.chunks.of(ref, documentIds)
  const intents = [...chunks].flatMap(([documentId, rows]) =>
    rows.map((row) => ({ pointId: row.pointId, documentId, operation: 'remove' as const })),
  )
  if (intents.length > 0) {
    await context.storeMark.claim(context.signal)
    await state.intents.record(lease, runId, intents)
  }
  if (intents.length > 0) await store.delete(intents.map((intent) => intent.pointId), context.signal)
  await state.deletions.commit(lease, runId, documentIds)
  counters.points.deleted += intents.length
  counters.documents.deleted += page.filter((record) => record.movedTo === undefined).length
  for (const record of page) reportChange(deletionOf(record, chunks.get(record.documentId) ?? []), context)
}

/** The deleting half of a move belongs to the document that moved. */
function deletionOf({ documentId, verdict = 'deleted', movedTo }: DocumentRecord, chunks: readonly ChunkRecord[]): DocumentChange {
  const points = { ...NO_POINTS, deleted: chunks.length }
  if (movedTo === undefined) return { document_id: documentId, action: 'delete', reason: verdict, points }
  return { document_id: movedTo, action: 'move', reason: `moved from ${documentId}`, from: documentId, points }
}
