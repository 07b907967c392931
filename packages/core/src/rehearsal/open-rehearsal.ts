import type { Embedder } from '../embedding/embedder.ts'
import { EstimatingEmbedder } from '../embedding/estimating-embedder.ts'
import type { Rehearsal } from '../pipeline/index.ts'
import type { StateManager } from '../state/state-manager.ts'
import { RehearsalStore } from '../store/rehearsal/rehearsal-store.ts'
import type { VectorStore } from '../store/vector-store.ts'

/**
 * What a dry run works on instead of the real parts: a private copy of the state, the collection as it would be, and an
 * embedder that only counts. The pipeline cannot tell the difference, and none of it outlives `close`.
 *
 * @throws LoaderError when the state cannot be read.
 */
export async function openRehearsal(real: { readonly state: StateManager; readonly store: VectorStore; readonly embedder: Embedder }): Promise<Rehearsal> {
  const state = await real.state.scratch()
  const store = new RehearsalStore(real.store)
  return {
    state,
    store,
    embedder: new EstimatingEmbedder(real.embedder),
    close: async () => {
      await store.close()
      await state.close()
    },
  }
}
