/** Waits so many milliseconds, unless the signal is aborted: then it rejects with the signal's reason at once. */
export async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const wake = (): void => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    const giveUp = (): void => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', giveUp, { once: true })
  })
}
