import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'

/** A row of `chunk_states`. */
export interface ChunkStateRow {
  documentKey: number
  position: number
  pointId: string
  inputHash: string
  payloadHash: string
  pointKey: string
  inputKey: string
}

/** How much of a point id is in its index. */
export const POINT_KEY_LENGTH = 8

/** How much of an input hash is in its index. */
export const INPUT_KEY_LENGTH = 10

/**
 * The points that are in the store, each with the document that owns it.
 *
 * Point ids and input hashes are random, so a batch touches as many pages of their indexes as it has chunks, and each
 * page is written to the log whole. `pointKey` and `inputKey` are their first characters: the indexes hold those, are
 * a fifth of the size, and what they find is compared in full.
 */
export const ChunkState = new EntitySchema<ChunkStateRow>({
  name: 'chunk_states',
  columns: {
    documentKey: { name: 'document_key', type: 'integer', primary: true },
    position: { type: 'integer', primary: true },
    pointId: { name: 'point_id', type: 'text' },
    inputHash: { name: 'input_hash', type: 'text' },
    payloadHash: { name: 'payload_hash', type: 'text' },
    pointKey: { name: 'point_key', type: 'text' },
    inputKey: { name: 'input_key', type: 'text' },
  },
  indices: [{ columns: ['pointKey'] }, { columns: ['inputKey'] }],
  foreignKeys: [
    { target: 'document_states', columnNames: ['documentKey'], referencedColumnNames: ['id'], onDelete: 'CASCADE' },
  ],
})
