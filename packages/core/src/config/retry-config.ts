import { z } from 'zod'
import { duration } from './duration.ts'

/** `global.retry`: one policy for everything that may fail for a passing reason. Durations are milliseconds. */
export const RetryConfig = z.strictObject({
  attempts: z.int().min(0).max(100).describe('Tries after the first.').default(3),
  delay: duration({
    minimum: '0ms',
    maximum: '1h',
    description: 'Wait before the first further try; it doubles with each one, and up to half of it is taken off by chance.',
  }).prefault('1s'),
  max_delay: duration({
    minimum: '0ms',
    maximum: '1h',
    description: 'No wait is longer than this, unless the server asks for it.',
  }).prefault('1m'),
  rate_limit_patience: duration({
    minimum: '0ms',
    maximum: '24h',
    description: 'How long a server that wants fewer requests (429) is waited for, however often it says so, and the longest wait that a server may ask for.',
  }).prefault('10m'),
})
export type RetryConfig = z.output<typeof RetryConfig>
