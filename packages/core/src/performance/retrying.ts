import { isLoaderError } from '@qdrant-loader/connector-sdk'

/** How often and how patiently. */
export interface RetryOptions {
  /** Retries after the first try. */
  readonly attempts: number
  /** Wait before the first retry in milliseconds; doubles with each, at most {@link LONGEST_WAIT_MS}. */
  readonly delayMs: number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
  /** Which errors are worth another try. Default: LoaderErrors of kind `transient`. */
  readonly retryable?: (error: unknown) => boolean
}

/** No wait is longer, whatever a server asks for: 5 minutes. */
export const LONGEST_WAIT_MS = 300_000

/** Calls until it succeeds. A server's `retryAfterMs` is kept. Throws the last error. */
export async function retrying<Result>(call: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const retryable = options.retryable ?? isTransient
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      options.signal.throwIfAborted()
      if (attempt >= options.attempts || !retryable(error)) throw error
      const asked = isLoaderError(error) ? (error.retryAfterMs ?? 0) : 0
      const backoff = options.delayMs * 2 ** attempt
      await options.sleep(Math.min(Math.max(asked, backoff), LONGEST_WAIT_MS), options.signal)
    }
  }
}

function isTransient(error: unknown): boolean {
  return isLoaderError(error) && error.kind === 'transient'
}
