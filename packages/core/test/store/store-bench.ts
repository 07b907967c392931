import type { VectorStore } from '../../src/store/vector-store.ts'

/** The stores of one test. */
export interface StoreBench {
  /** A store that is not open. */
  make(): VectorStore
  /** A store that is open. */
  open(): Promise<VectorStore>
  drop(): Promise<void>
}
