import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'
import { UTCDateTime } from '../utc-date-time.ts'

/** A row of `source_states`. `id` is what all other tables name a source by. */
export interface SourceStateRow {
  id: number
  project: string
  sourceType: string
  source: string
  cursor: string | null
  fingerprints: string | null
  storeInstance: string | null
  reconciled: boolean
  storeMarks: string | null
  openListing: string | null
  lastSuccessAt: Date | null
  lastListingAt: Date | null
  heldDeletions: number
}

/** What is known of a source as a whole. */
export const SourceState = new EntitySchema<SourceStateRow>({
  name: 'source_states',
  columns: {
    id: { type: 'integer', primary: true, generated: 'increment' },
    project: { type: 'text' },
    sourceType: { name: 'source_type', type: 'text' },
    source: { type: 'text' },
    cursor: { type: 'text', nullable: true },
    fingerprints: { type: 'text', nullable: true },
    storeInstance: { name: 'store_instance', type: 'text', nullable: true },
    reconciled: { type: 'boolean', default: false },
    storeMarks: { name: 'store_marks', type: 'text', nullable: true },
    openListing: { name: 'open_listing', type: 'text', nullable: true },
    lastSuccessAt: { name: 'last_success_at', type: 'text', nullable: true, transformer: UTCDateTime },
    lastListingAt: { name: 'last_listing_at', type: 'text', nullable: true, transformer: UTCDateTime },
    heldDeletions: { name: 'held_deletions', type: 'integer', default: 0 },
  },
  indices: [{ columns: ['project', 'sourceType', 'source'], unique: true }],
})
