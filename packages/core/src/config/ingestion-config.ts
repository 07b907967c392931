import { z } from 'zod'
import { duration } from './duration.ts'

const BatchConfig = z.strictObject({
  size: z.int().min(1).max(100_000).describe('Documents that are written and committed together.').default(250),
  timeout: duration({
    minimum: '100ms',
    maximum: '24h',
    description: 'The longest that writing and committing one batch may take.',
  }).prefault('10m'),
  retry_attempts: z
    .int()
    .min(0)
    .max(100)
    .describe('How often an operation that failed for a passing reason is tried again.')
    .default(3),
  retry_delay: duration({
    minimum: '0ms',
    maximum: '1h',
    description: 'Wait before the first further attempt; it doubles with each one, up to 5m.',
  }).prefault('1s'),
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

/** `global.ingestion`: how much is done at once, and how often it is tried. */
export const IngestionConfig = z.strictObject({ batch: BatchConfig.prefault({}), parallel: ParallelConfig.prefault({}) })
export type IngestionConfig = z.output<typeof IngestionConfig>
