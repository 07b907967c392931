import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'

/** A row of `fingerprint_sets`. */
export interface FingerprintSetRow {
  id: number
  selection: string
  extraction: string
  chunking: string
  embedding: string
  payload: string
}

/**
 * The five fingerprints that a document was made with. A source has a handful of distinct ones, so documents refer to
 * them by number instead of carrying 320 bytes each. Rows never change.
 */
export const FingerprintSet = new EntitySchema<FingerprintSetRow>({
  name: 'fingerprint_sets',
  columns: {
    id: { type: 'integer', primary: true, generated: 'increment' },
    selection: { type: 'text' },
    extraction: { type: 'text' },
    chunking: { type: 'text' },
    embedding: { type: 'text' },
    payload: { type: 'text' },
  },
  indices: [{ columns: ['embedding', 'selection', 'extraction', 'chunking', 'payload'], unique: true }],
})
