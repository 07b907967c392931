import { abortableSleep } from '@qdrant-loader/connector-sdk'

/**
 * Waits for something that has to end within so many milliseconds. When it does not, its signal is aborted, so that
 * nothing is left behind.
 *
 * @throws where it takes longer.
 */
export async function bounded<Result>(ms: number, what: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const done = new AbortController()
  const late = new AbortController()
  const result = work(late.signal).finally(() => done.abort())
  // Whoever is late is no longer listened to.
  result.catch(() => undefined)
  const timer = abortableSleep(ms, done.signal).then(
    () => {
      const error = new Error(`${what} took longer than ${ms} ms`)
      late.abort(error)
      throw error
    },
    () => result,
  )
  return Promise.race([result, timer])
}
