import type { RunMode } from '../../state/records.ts'
import type { CollectionInfo } from '../../store/vector-store.ts'
import type { Leased } from '../context/under-lease.ts'

/** One run. */
export interface RunOptions {
  readonly runId: string
  readonly requested: RunMode
  readonly allowMassDelete: boolean
  /** The dependencies are a rehearsal, and nothing that later runs rely on may change. */
  readonly dryRun: boolean
  readonly collection: CollectionInfo
  readonly signal: AbortSignal
}

/** A run whose source is held. */
export type LeasedOptions = RunOptions &
  Pick<Leased, 'confirmLease'> & {
    /** The user's. */
    readonly stop: AbortSignal
  }
