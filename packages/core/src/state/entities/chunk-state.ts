import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'

/** A row of `chunk_states`. */
export interface ChunkStateRow {
  sourceId: number
  pointId: string
  documentKey: number
  position: number
  inputHash: string
  payloadHash: string
}

/** The points that are in the store, each with the document that owns it. */
export const ChunkState = new EntitySchema<ChunkStateRow>({
  name: 'chunk_states',
  columns: {
    sourceId: { name: 'source_id', type: 'integer', primary: true },
    pointId: { name: 'point_id', type: 'text', primary: true },
    documentKey: { name: 'document_key', type: 'integer' },
    position: { type: 'integer' },
    inputHash: { name: 'input_hash', type: 'text' },
    payloadHash: { name: 'payload_hash', type: 'text' },
  },
  indices: [{ columns: ['documentKey', 'position'] }, { columns: ['inputHash'] }],
  foreignKeys: [
    { target: 'document_states', columnNames: ['documentKey'], referencedColumnNames: ['id'], onDelete: 'CASCADE' },
  ],
})
