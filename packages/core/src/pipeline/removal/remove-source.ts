import { randomUUID } from 'node:crypto'
import { batchesOf } from '../../performance/batches.ts'
import type { SourceRef } from '../../state/records.ts'
import type { CollectionInfo, PointFilter } from '../../store/vector-store.ts'
import type { RunDependencies } from '../context/run-dependencies.ts'
import { markKey, StoreMark } from '../context/store-mark.ts'
import { type Leased, underLease } from '../context/under-lease.ts'

const PAGE = 500

/** What a removal works with. */
export type RemovalDependencies = Pick<RunDependencies, 'state' | 'store' | 'logger' | 'now'>

/** How a source is removed. */
export interface RemovalOptions {
  /** As `store.peek` answered; undefined when there is no collection. */
  readonly collection: CollectionInfo | undefined
  /** Told how many points are gone so far. */
  readonly onRemoved?: (points: number) => void
  readonly signal: AbortSignal
}

/** What was removed. */
export interface Removal {
  /** Documents that the state held. */
  readonly documents: number
  readonly points: number
}

/**
 * Removes a source: its points from the collection, and every row of it from the state. Nothing of it needs to be
 * configured. Interrupted, a further removal goes on; a sync that comes in between loads the source anew, and takes the
 * vectors that are left.
 *
 * @throws LeaseHeldError while a run is writing it; LoaderError when the store cannot be reached.
 */
export async function removeSource(ref: SourceRef, deps: RemovalDependencies, options: RemovalOptions): Promise<Removal> {
  return underLease(ref, deps, options.signal, async (leased) => {
    const { state } = deps
    const documents = await state.documents.count(ref)
    const points = options.collection === undefined ? 0 : await removePoints(ref, deps, options, options.collection, leased)
    await state.sources.delete(leased.lease)
    deps.logger.info('source removed', { ...ref, documents, points })
    return { documents, points }
  })
}

async function removePoints(
  ref: SourceRef,
  { state, store, logger }: RemovalDependencies,
  { onRemoved }: RemovalOptions,
  { instanceId }: CollectionInfo,
  { lease, signal, confirmLease }: Leased,
): Promise<number> {
  const found = await store.readMark(markKey(ref), signal)
  // I5: before the first point goes, the state says nothing of any of them, and no other state trusts what it says.
  await state.sources.reset(lease, instanceId)
  const storeMark = new StoreMark({ ref, runId: randomUUID(), lease, state, store, found, confirmLease, logger })
  let removed = 0
  const points = store.scroll(filterOf(ref), { vector: false, payload: false }, signal)
  for await (const page of batchesOf(points, { maxItems: PAGE })) {
    await storeMark.claim(signal)
    await storeMark.guard(async () => {
      await store.delete(page.map(({ id }) => id), signal)
      await state.leases.heartbeat(lease)
    })
    removed += page.length
    onRemoved?.(removed)
  }
  return removed
}

/** The points of a source. */
function filterOf({ project, sourceType, source }: SourceRef): PointFilter {
  return { project_id: project, source_type: sourceType, source }
}
