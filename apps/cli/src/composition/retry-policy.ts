import type { RetryPolicy } from '@qdrant-loader/connector-sdk'
import type { Settings } from '@qdrant-loader/core/config'

/** The section `retry`, for everything that tries again. */
export function retryPolicyOf({ global: { retry } }: Settings): RetryPolicy {
  return { attempts: retry.attempts, delayMs: retry.delay, maxDelayMs: retry.max_delay, rateLimitPatienceMs: retry.rate_limit_patience }
}
