import type { IngestionState } from '../../state/ingestion-state.ts'
import type { HeldLease } from '../../state/records.ts'

/** A third of the time after which a lease without a heartbeat expires. */
const HEARTBEAT_MS = 10_000

/** Beats for a lease until stopped. The signal follows the caller's, and is aborted when the lease is lost (I8). */
export function keepLease(
  lease: HeldLease,
  state: Pick<IngestionState, 'heartbeat'>,
  signal: AbortSignal,
): { readonly signal: AbortSignal; stop(): void } {
  const lost = new AbortController()
  const timer = setInterval(() => {
    state.heartbeat(lease).catch((error: unknown) => lost.abort(error))
  }, HEARTBEAT_MS)
  timer.unref()
  return { signal: AbortSignal.any([signal, lost.signal]), stop: () => clearInterval(timer) }
}
