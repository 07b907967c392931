import { batchesOf } from '../../performance/batches.ts'
import { isMassDeletion } from '../context/deletion-guard.ts'
import { reportChange } from '../context/report-progress.ts'
import type { DocumentAction } from '../context/report.ts'
import type { RunContext } from '../context/run-context.ts'
import { NO_POINTS } from '../stages/document-change.ts'

const PAGE = 1_000

/**
 * Removes points that the store holds for this source and no document owns: left by a state file that was lost or
 * replaced, or found by `verify --repair`. Needed once for each pair of state and collection; after it, intents name
 * everything that may be left. Returns false when the guard held the removal back (I4), which then waits for the next
 * run.
 */
export async function reconcile(context: RunContext, allowMassDelete: boolean): Promise<boolean> {
  const { counters, state, store, lease, source } = context
  const found = await countOrphans(context)
  if (found.orphans > 0) {
    const documents = found.documents.size
    if (!allowMassDelete && isMassDeletion({ documents, removed: found.orphans, held: found.points }, source)) {
      counters.documents.held += documents
      reportDocuments('hold', found.documents, context)
      context.logger.warn('points without a document in the state are held', { documents })
      return false
    }
    await context.storeMark.claim(context.signal)
    context.logger.info('points without a document in the state are removed', { points: found.orphans })
    for await (const { orphans } of pages(context)) {
      if (orphans.length === 0) continue
      await store.delete(orphans, context.signal)
      await state.leases.heartbeat(lease)
      counters.points.deleted += orphans.length
    }
    counters.documents.deleted += documents
    reportDocuments('delete', found.documents, context)
  }
  await state.sources.update(lease, { reconciled: true })
  return true
}

interface Orphans {
  readonly orphans: number
  readonly points: number
  /** Documents that would disappear, with their points; a document that is still owned under other points does not count. */
  readonly documents: ReadonlyMap<string, number>
}

function reportDocuments(action: DocumentAction & ('hold' | 'delete'), documents: Orphans['documents'], context: RunContext): void {
  for (const [id, points] of documents) {
    const deleted = action === 'delete' ? points : 0
    reportChange({ document_id: id, action, reason: 'the state does not know it', points: { ...NO_POINTS, deleted } }, context)
  }
}

async function countOrphans(context: RunContext): Promise<Orphans> {
  const documents = new Map<string, number>()
  let points = 0
  let orphans = 0
  for await (const page of pages(context)) {
    points += page.points
    orphans += page.orphans.length
    for (const [id, count] of await documentsOf(page.orphans, context)) documents.set(id, (documents.get(id) ?? 0) + count)
  }
  return { orphans, points, documents }
}

/** The points of the source, page by page: how many there are, and those that nobody owns. */
async function* pages(context: RunContext): AsyncGenerator<{ readonly points: number; readonly orphans: readonly string[] }> {
  const { project, sourceType, source } = context.ref
  const filter = { project_id: project, source_type: sourceType, source }
  const points = context.store.scroll(filter, { vector: false, payload: false }, context.signal)
  for await (const page of batchesOf(points, { maxItems: PAGE })) {
    const ids = page.map((point) => point.id)
    const owned = await context.state.chunks.owned(context.ref, ids)
    yield { points: ids.length, orphans: ids.filter((id) => !owned.has(id)) }
  }
}

async function documentsOf(orphans: readonly string[], context: RunContext): Promise<ReadonlyMap<string, number>> {
  if (orphans.length === 0) return new Map()
  const points = await context.store.retrieve(orphans, { vector: false, payload: true }, context.signal)
  // A point of another program may name no document: it counts for itself.
  const counts = new Map<string, number>()
  for (const { id, payload } of points) {
    const documentId: string = payload?.document_id ?? id
    counts.set(documentId, (counts.get(documentId) ?? 0) + 1)
  }
  const known = await context.state.documents.among(context.ref, [...counts.keys()])
  return new Map([...counts].filter(([id]) => known.get(id)?.status !== 'indexed'))
}
