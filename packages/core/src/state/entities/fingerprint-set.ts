import { id, text } from './columns.ts'
import { defineTable } from './define-table.ts'

/**
 * The five fingerprints that a document was made with. A source has a handful of distinct ones, so documents refer to
 * them by number instead of carrying 320 bytes each. Rows never change.
 */
export const FingerprintSet = defineTable({
  name: 'fingerprint_sets',
  columns: { id, selection: text(), extraction: text(), chunking: text(), embedding: text(), payload: text() },
  indices: [{ columns: ['embedding', 'selection', 'extraction', 'chunking', 'payload'], unique: true }],
})
