import { EmbeddedVectorStore } from '../../src/store/embedded/embedded-vector-store.ts'
import { StateManager } from '../../src/state/state-manager.ts'
import { commitOf, REF } from '../state/test-state.ts'
import { live, pointOf, specOf } from '../store/point-fixtures.ts'

/** A room that keeps a SQLite file: opens the one at `path`, writes about 1 MB into it so often, reads, and closes it. */
export interface DatabaseRoom {
  readonly name: 'state' | 'store'
  readonly use: (path: string, writes: number) => Promise<void>
}

const quiet = () => undefined
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** Both of them. Neither waits long for a lock. */
export const DATABASE_ROOMS: readonly DatabaseRoom[] = [
  {
    name: 'state',
    use: async (path, writes) => {
      await using state = await StateManager.open({ path, now: Date.now, logger, pool: { size: 1, timeoutMs: 30 } })
      await state.sources.get(REF)
      if (writes === 0) return
      const lease = await state.leases.acquire(REF)
      for (let round = 0; round < writes; round += 1) {
        await state.documents.commit(lease, 'r1', 'l1', Array.from({ length: 1_000 }, (_, n) => commitOf(`${round}-${n}`, { points: [`${round}-${n}`] })))
      }
      await state.leases.release(lease)
    },
  },
  {
    name: 'store',
    use: async (path, writes) => {
      const store = new EmbeddedVectorStore({ path, busyTimeoutMs: 30 })
      try {
        await store.open(specOf(), live)
        await store.count({}, live)
        const content = 'x'.repeat(20_000)
        for (let round = 0; round < writes; round += 1) {
          await store.upsert(Array.from({ length: 50 }, (_, n) => pointOf(`${round}-${n}`, { content })), live)
        }
      } finally {
        await store.close()
      }
    },
  },
]
