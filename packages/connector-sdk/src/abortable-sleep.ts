import { setTimeout as timer } from 'node:timers/promises'

/** Waits, unless the signal is aborted: then it rejects with the signal's reason at once. */
export async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await timer(ms, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
