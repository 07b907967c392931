import { integer, key, text, type RowOf } from './columns.ts'
import { defineTable } from './define-table.ts'

/** How much of a point id is in its index. */
export const POINT_KEY_LENGTH = 8

/** How much of an input hash is in its index. */
export const INPUT_KEY_LENGTH = 10

const columns = {
  documentKey: key(integer),
  position: key(integer),
  pointId: text(),
  /** SHA-256 (hex) of the embedder input. */
  inputHash: text(),
  /** SHA-256 (hex) of the payload without `_sync`; empty when the stored payload is in doubt. */
  payloadHash: text(),
  pointKey: text(),
  inputKey: text(),
}

/** A row of `chunk_states`. */
export type ChunkStateRow = RowOf<typeof columns>

/**
 * The points that are in the store, each with the document that owns it.
 *
 * Point ids and input hashes are random, so a batch touches as many pages of their indexes as it has chunks, and each
 * page is written to the log whole. `pointKey` and `inputKey` are their first characters: the indexes hold those, are
 * a fifth of the size, and what they find is compared in full.
 */
export const ChunkState = defineTable({
  name: 'chunk_states',
  columns,
  indices: [{ columns: ['pointKey'] }, { columns: ['inputKey'] }],
  references: [{ column: 'documentKey', table: 'document_states', onDelete: 'CASCADE' }],
})
