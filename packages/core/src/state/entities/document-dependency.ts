import { integer, key, text } from './columns.ts'
import { defineTable } from './define-table.ts'

/** The document numbered `documentKey` is to be refreshed when the one with the id `dependsOn` changes. */
export const DocumentDependency = defineTable({
  name: 'document_dependencies',
  columns: { documentKey: key(integer), dependsOn: key(text()), sourceId: integer },
  indices: [{ columns: ['sourceId', 'dependsOn'] }],
  references: [{ column: 'documentKey', table: 'document_states', onDelete: 'CASCADE' }],
})
