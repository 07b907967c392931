import { ERROR_KINDS } from './error-kinds.ts'
import { isLoaderError } from './errors.ts'
import type { LoaderError } from './errors.ts'
import { retryLoop } from './retry-loop.ts'
import { Patience } from './retry-policy.ts'
import type { PatienceDeps, RetryPolicy } from './retry-policy.ts'

/** How {@link retrying} tries. */
export interface RetryOptions extends PatienceDeps {
  readonly policy: RetryPolicy
  readonly signal: AbortSignal
  /** Default: a timer that the signal clears. It is told what failed. */
  readonly sleep?: ((ms: number, signal: AbortSignal, error: LoaderError) => Promise<unknown>) | undefined
  /** Which errors are worth another try. Default: LoaderErrors of kind `transient` that nobody has tried again yet. */
  readonly retryable?: ((error: unknown) => boolean) | undefined
  /** Asked before a wait that the policy allows; false ends the tries as if they were used up. Default: true. */
  readonly mayTryAgain?: ((error: LoaderError) => boolean | Promise<boolean>) | undefined
  /** Told about each wait, in milliseconds, before it begins. */
  readonly onWait?: ((ms: number, error: LoaderError) => void) | undefined
}

const RETRIED = Symbol.for('@qdrant-loader/retried')

/** Calls until it succeeds. Throws the last error, marked by {@link markRetried} when patience has ended. */
export async function retrying<Result>(call: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const { policy, signal, sleep, retryable = mayPass, mayTryAgain, onWait } = options
  const patience = new Patience(policy, options)
  return retryLoop(call, {
    signal,
    // `waitAfter` lets no other errors through.
    ...(sleep && { sleep: (ms, ending, error) => sleep(ms, ending, error as LoaderError) }),
    async waitAfter(error) {
      if (!isLoaderError(error) || !retryable(error)) return undefined
      const wait = patience.waitAfter(error)
      if (wait === undefined || (await mayTryAgain?.(error)) === false) throw markRetried(error)
      onWait?.(wait, error)
      return wait
    },
  })
}

/** Notes that an error stayed after all tries, so that nobody above tries again. Returns the error. */
export function markRetried<Thrown extends Error>(error: Thrown): Thrown {
  Object.defineProperty(error, RETRIED, { value: true, configurable: true })
  return error
}

/** True for an error that stayed after all tries, also where it is the cause of another. */
export function wasRetried(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth += 1) {
    if ((at as { [RETRIED]?: unknown })[RETRIED] === true) return true
  }
  return false
}

function mayPass(error: unknown): boolean {
  return isLoaderError(error) && ERROR_KINDS[error.kind].retried && !wasRetried(error)
}
