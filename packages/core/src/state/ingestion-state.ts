import type { StateManager } from './state-manager.ts'

type TableName = 'leases' | 'runs' | 'sources' | 'documents' | 'chunks' | 'intents' | 'deletions' | 'failures' | 'metrics' | 'reports'
type Verbs<Room> = { readonly [Verb in keyof Room]: Room[Verb] }

/**
 * The state as the pipeline sees it: the verbs of `StateManager`'s tables. Every writing verb is one transaction, and
 * verifies in it that the lease passed to it is still held (`ConcurrentUpdateError` otherwise), so that a run that
 * lost its lease can no longer write. Reads see committed data only.
 */
export type IngestionState = {
  readonly [Table in TableName]: Verbs<StateManager[Table]>
}
