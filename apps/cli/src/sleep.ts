import { setTimeout as timeout } from 'node:timers/promises'

/** Resolves after so many milliseconds. Rejects with the signal's reason when it is aborted before. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await timeout(milliseconds, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
