import { z } from 'zod'
import { duration } from './duration.ts'

const interval = duration({
  minimum: '1s',
  maximum: '365d',
  description: 'How often `sync --watch` looks at a source. A plain `sync` always detects.',
})
const timeout = duration({
  minimum: '1s',
  maximum: '365d',
  description: 'How long a source may say nothing while it is looked at, before the detection counts as cut short.',
})
const ratio = z
  .number()
  .min(0)
  .max(1)
  .describe(
    'Deletions of more than this share of the documents, and of more than `max_delete_count`, are held until `--allow-mass-delete`.',
  )
const count = z.int().min(0).max(1_000_000_000).describe('Up to this number of deletions in one run are never held.')
const listing = duration({
  minimum: '1s',
  maximum: '3650d',
  description: 'How long after a complete listing of a source the next one is due.',
})

/** `global.change_detection`: how often sources are looked at, and how many deletions are believed. */
export const ChangeDetectionConfig = z.strictObject({
  interval: interval.prefault('5m'),
  timeout: timeout.prefault('10m'),
  max_delete_ratio: ratio.default(0.25),
  max_delete_count: count.default(25),
  full_listing_interval: listing.prefault('24h'),
})
export type ChangeDetectionConfig = z.output<typeof ChangeDetectionConfig>

/** `change_detection` of one source: what is absent is as in `global.change_detection`. */
export const SourceChangeDetectionConfig = z.strictObject({
  interval: interval.optional(),
  timeout: timeout.optional(),
  max_delete_ratio: ratio.optional(),
  max_delete_count: count.optional(),
  full_listing_interval: listing.optional(),
})
export type SourceChangeDetectionConfig = z.output<typeof SourceChangeDetectionConfig>
