import type { Embedder } from '../embedding/embedder.ts'
import { EstimatingEmbedder } from '../embedding/estimating-embedder.ts'
import type { Rehearsal } from '../pipeline/context/run-dependencies.ts'
import type { StateManager } from '../state/state-manager.ts'
import { RehearsalStore } from '../store/rehearsal/rehearsal-store.ts'
import type { VectorStore } from '../store/vector-store.ts'

/** What a rehearsal is made of. */
export interface RehearsalParts {
  /** For this rehearsal alone, which closes it. */
  readonly scratch: StateManager
  /** Only read, and left open. */
  readonly store: VectorStore
  /** Asked for nothing but what it is, and left open. */
  readonly embedder: Embedder
}

/**
 * What a dry run works on instead of the real parts: a private copy of the state, the collection as it would be, and an
 * embedder that only counts. The pipeline cannot tell the difference, and none of it outlives `close`.
 */
export function openRehearsal(parts: RehearsalParts): Rehearsal {
  const { scratch } = parts
  const store = new RehearsalStore(parts.store)
  return {
    state: scratch,
    store,
    embedder: new EstimatingEmbedder(parts.embedder),
    close: async () => {
      await store.close()
      await scratch.close()
    },
  }
}
