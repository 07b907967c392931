import type { OpenIntent } from '../../state/records.ts'
import type { Completion, RunContext } from '../context/run-context.ts'

const PAGE = 500

/**
 * Removes what interrupted runs wrote, or this one for documents that then failed, and nobody owns now that everything
 * else is done. Until then their vectors were there for those who needed them.
 */
export async function removeLeft(completion: Completion, context: RunContext): Promise<void> {
  const { ref, state, store, storeMark, lease, signal, counters } = context
  for await (const intents of state.intents.open(ref, PAGE)) {
    const waiting = await waitingDocuments(intents, completion, context)
    const due = intents.filter((intent) => intent.runId === context.runId || !waiting.has(intent.documentId))
    const owned = await state.chunks.owned(ref, due.map((intent) => intent.pointId))
    const left = due.filter((intent) => !owned.has(intent.pointId))
    const ids = left.map((intent) => intent.pointId)
    if (ids.length === 0) continue
    await storeMark.claim(signal)
    await store.delete(ids, signal)
    await state.intents.close(lease, ids)
    counters.points.deleted += left.filter((intent) => intent.operation === 'left').length
  }
  counters.chunks.unfinished = 0
}

/**
 * Documents that this run could not do although the source may have them: they failed, or they may be in a part that
 * could not be read. A later run takes their vectors.
 */
async function waitingDocuments(
  intents: readonly OpenIntent[],
  completion: Completion,
  context: RunContext,
): Promise<ReadonlySet<string>> {
  const { ref, state, runId, listing } = context
  const ids = [...new Set(intents.map((intent) => intent.documentId))]
  const failed = await state.failures.among(ref, ids)
  if ((completion.unreadable ?? []).length === 0) return failed
  const known = await state.documents.among(ref, ids)
  const unseen = ids.filter((id) => {
    const record = known.get(id)
    return record === undefined || (record.lastRunId !== runId && record.seenListing !== listing)
  })
  return new Set([...failed, ...unseen])
}
