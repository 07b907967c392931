import { abortableSleep } from './abortable-sleep.ts'

/** How {@link retryLoop} goes on after a failure. */
export interface RetryLoopOptions {
  /** Milliseconds until the next try; undefined when there is none: then the error is thrown. It may throw another. */
  readonly waitAfter: (error: unknown) => number | undefined | Promise<number | undefined>
  readonly signal: AbortSignal
  /** Default: a timer that the signal clears. It is told what failed. */
  readonly sleep?: ((ms: number, signal: AbortSignal, error: unknown) => Promise<unknown>) | undefined
}

/**
 * Calls until it succeeds: the one loop of this kind. What may pass, and for how long it is worth waiting, is said by
 * `waitAfter`; {@link retrying} says it by a policy.
 *
 * @throws the signal's reason once it is aborted, otherwise the last error.
 */
export async function retryLoop<Result>(call: () => Result | Promise<Result>, { waitAfter, signal, sleep = abortableSleep }: RetryLoopOptions): Promise<Result> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      signal.throwIfAborted()
      const wait = await waitAfter(error)
      if (wait === undefined) throw error
      signal.throwIfAborted()
      await sleep(wait, signal, error)
      signal.throwIfAborted()
    }
  }
}
