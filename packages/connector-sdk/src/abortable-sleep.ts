import { untilAborted } from './until-aborted.ts'

/** Waits so many milliseconds, unless the signal is aborted: then it rejects with the signal's reason at once. */
export async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  const awake = Promise.withResolvers<void>()
  const timer = setTimeout(awake.resolve, ms)
  try {
    await untilAborted(awake.promise, signal)
  } finally {
    clearTimeout(timer)
  }
}
