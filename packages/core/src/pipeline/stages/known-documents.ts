import type { KnownDocument, KnownDocuments } from '@qdrant-loader/connector-sdk'
import type { IngestionState } from '../../state/ingestion-state.ts'
import type { DocumentRecord, SourceRef } from '../../state/records.ts'

/** The state as a detector sees it. */
export function knownDocuments(context: { readonly ref: SourceRef; readonly state: Pick<IngestionState, 'documents'> }): KnownDocuments {
  const { ref, state } = context
  return {
    async of(id) {
      const found = await state.documents.among(ref, [id])
      const record = found.get(id)
      return record?.status === 'indexed' ? knownDocument(record) : undefined
    },
    async ofMany(ids) {
      const found = await state.documents.among(ref, ids)
      const known = new Map<string, KnownDocument>()
      for (const record of found.values()) {
        if (record.status === 'indexed') known.set(record.documentId, knownDocument(record))
      }
      return known
    },
    ids: (scope) => state.documents.ids(ref, scope),
  }
}

function knownDocument(record: DocumentRecord): KnownDocument {
  return {
    id: record.documentId,
    scope: record.scope,
    contentVersion: record.contentVersion,
    metadataVersion: record.metadataVersion,
    validators: record.stub.validators,
  }
}
