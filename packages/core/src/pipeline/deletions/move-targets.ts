import type { DocumentRecord } from '../../state/records.ts'
import type { RunContext } from '../context/run-context.ts'

/**
 * - `held`: its points are in the collection, also when its own deletion is staged (it moved on, or was deleted).
 * - `failed`: it could not be read, and waits in the ledger.
 * - `lost`: neither. It was deleted before it was ever read.
 */
export type MoveTarget = 'held' | 'failed' | 'lost'

/** What became of the documents that those of a page moved to, by id. */
export async function targetsOf(
  page: readonly DocumentRecord[],
  context: Pick<RunContext, 'ref' | 'state'>,
): Promise<ReadonlyMap<string, MoveTarget>> {
  const ids = [...new Set(page.flatMap((record) => (record.movedTo === undefined ? [] : [record.movedTo])))]
  if (ids.length === 0) return new Map()
  const known = await context.state.documents.among(context.ref, ids)
  const failed = await context.state.failures.among(context.ref, ids)
  const targetOf = (id: string): MoveTarget => {
    if (failed.has(id)) return 'failed'
    const status = known.get(id)?.status
    return status === 'indexed' || status === 'staged' ? 'held' : 'lost'
  }
  return new Map(ids.map((id) => [id, targetOf(id)]))
}
