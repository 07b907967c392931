import type { RunContext } from '../context/run-context.ts'
import type { ChunkContext } from './chunk.ts'
import type { LoadContext } from './load.ts'
import { planDocument } from './plan-document.ts'
import { planRelabel, type Recorded, storedPayloads } from './plan-relabel.ts'
import type { ChunkedWork, PlannedWork } from './work.ts'

type PlanContext = Pick<RunContext, 'state' | 'store'> & LoadContext & ChunkContext

/**
 * Compares the chunks of a batch with the recorded ones: which points are new, which keep their vector and get
 * another payload, which are stale.
 */
export async function plan(works: readonly ChunkedWork[], context: PlanContext): Promise<readonly PlannedWork[]> {
  const ids = works.flatMap((work) => {
    if (work.kind === 'relabel') return [work.stub.id]
    return work.kind === 'chunked' && work.work.known !== undefined ? [work.work.stub.id] : []
  })
  const recorded: Recorded = ids.length === 0 ? new Map() : await context.state.chunks.of(context.ref, ids)
  const payloads = await storedPayloads(works, recorded, context)
  return Promise.all(
    works.map(async (work) => {
      switch (work.kind) {
        case 'chunked':
          return planDocument(work, recorded.get(work.work.stub.id) ?? [])
        case 'relabel':
          return planRelabel(work, recorded.get(work.stub.id) ?? [], payloads, context)
        default:
          return work
      }
    }),
  )
}
