import type { IngestionState } from '../../state/ingestion-state.ts'
import type { HeldLease } from '../../state/records.ts'

/** A third of the time after which a lease without a heartbeat expires. */
const HEARTBEAT_MS = 10_000
/** Half of that time: a lease that was confirmed within it cannot have been taken over. */
const CERTAIN_MS = 15_000

/** A lease that is kept by heartbeats. */
export interface KeptLease {
  /** Follows the caller's, and is aborted when the lease is lost. */
  readonly signal: AbortSignal
  /**
   * Makes sure that the lease is still held, at no cost while the heart beats. It does not beat while the process or
   * the machine sleeps. @throws ConcurrentUpdateError (`lease_lost`)
   */
  confirm(): Promise<void>
  stop(): void
}

/** Beats for a lease until stopped (I8). `now` is the time of day, which goes on while the machine sleeps. */
export function keepLease(
  lease: HeldLease,
  state: Pick<IngestionState, 'leases'>,
  signal: AbortSignal,
  now: () => number,
): KeptLease {
  const lost = new AbortController()
  let confirmedAt = now()
  const beat = async (): Promise<void> => {
    const at = now()
    await state.leases.heartbeat(lease)
    confirmedAt = at
  }
  const timer = setInterval(() => {
    beat().catch((error: unknown) => lost.abort(error))
  }, HEARTBEAT_MS)
  timer.unref()
  return {
    signal: AbortSignal.any([signal, lost.signal]),
    confirm: async () => {
      if (Math.abs(now() - confirmedAt) >= CERTAIN_MS) await beat()
    },
    stop: () => clearInterval(timer),
  }
}
