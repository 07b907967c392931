import { z } from 'zod'
import { duration } from './duration.ts'
import { RetryConfig } from './retry-config.ts'

const BatchConfig = z.strictObject({
  size: z.int().min(1).max(100_000).describe('Documents that are written and committed together.').default(250),
  timeout: duration({
    minimum: '100ms',
    maximum: '24h',
    description: 'The longest that writing and committing one batch may take.',
  }).prefault('10m'),
  retry_attempts: RetryConfig.shape.attempts.unwrap().optional().meta({ deprecated: true, description: 'The older name of `retry.attempts`.' }),
  retry_delay: RetryConfig.shape.delay.unwrap().optional().meta({ deprecated: true, description: 'The older name of `retry.delay`.' }),
})

const ParallelConfig = z.strictObject({
  max_workers: z.int().min(1).max(256).describe('Documents that are loaded at once, and sources that are synced at once.').default(8),
  queue_size: z
    .int()
    .min(1)
    .max(1_000_000)
    .describe('Documents held between detection and writing; it bounds the memory.')
    .default(1_000),
  timeout: duration({
    minimum: '100ms',
    maximum: '24h',
    description: 'The longest that loading one document may take.',
  }).prefault('60s'),
})

/** `global.ingestion`: how much is done at once. */
export const IngestionConfig = z.strictObject({ batch: BatchConfig.prefault({}), parallel: ParallelConfig.prefault({}) })
export type IngestionConfig = z.output<typeof IngestionConfig>
