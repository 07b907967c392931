import type { Json } from '@qdrant-loader/connector-sdk'
import type { Fingerprints } from '../values.ts'
import { flag, id, integer, json, nullable, text, time, withDefault, type RowOf } from './columns.ts'
import { defineTable } from './define-table.ts'

const columns = {
  id,
  project: text(),
  sourceType: text(),
  source: text(),
  /** The last safe cursor, none before the first. */
  cursor: nullable(json<Json>()),
  /** What the last *complete* run was made with. A difference makes the next detection full. */
  fingerprints: nullable(json<Fingerprints>()),
  /** `CollectionInfo.instanceId` that the chunk rows speak of. */
  storeInstance: nullable(text()),
  /** True once every point that the store holds for this source is known to be owned by the state. */
  reconciled: withDefault(flag, false),
  /**
   * The marks that the collection may carry for this source if nobody else wrote to it: the last one, and while a new
   * one is being written both. Another mark means that this state is an older copy, or that there are two states.
   */
  storeMarks: nullable(json<readonly string[]>()),
  /** The open listing whose marks are kept, when `cursor` is a checkpoint inside a listing. */
  openListing: nullable(text()),
  lastSuccessAt: nullable(time),
  lastListingAt: nullable(time),
  /** Number of staged deletions that the guard holds back. */
  heldDeletions: withDefault(integer, 0),
}

/** A row of `source_states`. */
export type SourceStateRow = RowOf<typeof columns>

/** What is known of a source as a whole. `id` is what all other tables name a source by. */
export const SourceState = defineTable({
  name: 'source_states',
  columns,
  indices: [{ columns: ['project', 'sourceType', 'source'], unique: true }],
})
