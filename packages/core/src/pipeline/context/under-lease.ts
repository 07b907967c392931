import type { IngestionState } from '../../state/ingestion-state.ts'
import type { HeldLease, SourceRef } from '../../state/records.ts'
import { keepLease } from './keep-lease.ts'

/** What may be done while the lease of a source is held. */
export interface Leased {
  readonly lease: HeldLease
  /** Follows the caller's, and is aborted when the lease is lost. */
  readonly signal: AbortSignal
  /** See `KeptLease.confirm`. */
  readonly confirmLease: () => Promise<void>
}

/** Takes the lease of a source, keeps it while `work` goes on, and gives it back. @throws LeaseHeldError */
export async function underLease<Result>(
  ref: SourceRef,
  deps: { readonly state: IngestionState; readonly now: () => number },
  signal: AbortSignal,
  work: (held: Leased) => Promise<Result>,
): Promise<Result> {
  const lease = await deps.state.leases.acquire(ref)
  const keeper = keepLease(lease, deps.state, signal, deps.now)
  try {
    return await work({ lease, signal: keeper.signal, confirmLease: () => keeper.confirm() })
  } finally {
    keeper.stop()
    await deps.state.leases.release(lease)
  }
}
