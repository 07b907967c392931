import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'

/** A row of `document_dependencies`. */
export interface DocumentDependencyRow {
  documentKey: number
  dependsOn: string
  sourceId: number
}

/** The document numbered `documentKey` is to be refreshed when the one with the id `dependsOn` changes. */
export const DocumentDependency = new EntitySchema<DocumentDependencyRow>({
  name: 'document_dependencies',
  columns: {
    documentKey: { name: 'document_key', type: 'integer', primary: true },
    dependsOn: { name: 'depends_on', type: 'text', primary: true },
    sourceId: { name: 'source_id', type: 'integer' },
  },
  indices: [{ columns: ['sourceId', 'dependsOn'] }],
  foreignKeys: [
    { target: 'document_states', columnNames: ['documentKey'], referencedColumnNames: ['id'], onDelete: 'CASCADE' },
  ],
})
