import type { RunContext } from '../run/run-context.ts'

const PAGE = 1_000

/**
 * Removes points that the store holds for this source and no document owns: left by a state file that was lost or
 * replaced. Needed once for each pair of state and collection; after it, intents name everything that may be left.
 * Returns false when the guard held the removal back (I4), which then waits for the next run.
 */
export async function reconcile(context: RunContext, allowMassDelete: boolean): Promise<boolean> {
  const { counters, state, store, lease, source } = context
  const found = await findOrphans(context)
  if (found.orphans.length > 0) {
    const documents = await documentsOf(found.orphans, context)
    const mass = documents.size > source.maxDeleteCount && found.orphans.length > source.maxDeleteRatio * found.points
    if (mass && !allowMassDelete) {
      counters.documents.held += documents.size
      context.logger.warn('points without a document in the state are held', { documents: documents.size })
      return false
    }
    await context.storeMark.claim(context.signal)
    context.logger.info('points without a document in the state are removed', { points: found.orphans.length })
    for (let start = 0; start < found.orphans.length; start += PAGE) {
      await context.storeMark.guard(async () => {
        await store.delete(found.orphans.slice(start, start + PAGE), context.signal)
        await state.heartbeat(lease)
      })
    }
    counters.points.deleted += found.orphans.length
    counters.documents.deleted += documents.size
  }
  await state.updateSource(lease, { reconciled: true })
  return true
}

async function findOrphans(context: RunContext): Promise<{ readonly orphans: readonly string[]; readonly points: number }> {
  const { project, sourceType, source } = context.ref
  const filter = { project_id: project, source_type: sourceType, source }
  const orphans: string[] = []
  let points = 0
  let page: string[] = []
  const check = async (): Promise<void> => {
    const owned = await context.state.ownedPoints(context.ref, page)
    orphans.push(...page.filter((id) => !owned.has(id)))
    page = []
  }
  for await (const point of context.store.scroll(filter, { vector: false, payload: false }, context.signal)) {
    points += 1
    page.push(point.id)
    if (page.length >= PAGE) await check()
  }
  if (page.length > 0) await check()
  return { orphans, points }
}

/** Documents that would disappear; a document that is still owned under other points does not count. */
async function documentsOf(orphans: readonly string[], context: RunContext): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for (let start = 0; start < orphans.length; start += PAGE) {
    const points = await context.store.retrieve(orphans.slice(start, start + PAGE), { vector: false, payload: true }, context.signal)
    for (const point of points) if (point.payload !== undefined) ids.add(point.payload.document_id)
  }
  const known = await context.state.getDocuments(context.ref, [...ids])
  return new Set([...ids].filter((id) => known.get(id)?.status !== 'indexed'))
}
