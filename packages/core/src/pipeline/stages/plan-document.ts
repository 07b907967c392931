import type { ChunkRecord } from '../../state/records.ts'
import { metadataVersionOf } from '../identity/payload.ts'
import type { ChunkedDocument, PlannedDocument } from './work.ts'

/** What a document that was read makes of its recorded chunks. */
export function planDocument(item: ChunkedDocument, recorded: readonly ChunkRecord[]): PlannedDocument {
  const before = new Map(recorded.map((chunk) => [chunk.pointId, chunk]))
  const now = new Set(item.chunks.map((chunk) => chunk.record.pointId))
  return {
    kind: 'planned',
    stub: recordedStub(item),
    metadataVersion: item.document.stub.metadataVersion ?? metadataVersionOf(item.work.stub),
    change: item.work.change,
    reason: item.work.reason,
    movedFrom: item.work.movedFrom,
    known: item.work.known,
    title: item.title,
    contentHash: item.contentHash,
    skipped: item.document.skipped,
    dependsOn: item.document.dependsOn ?? [],
    chunks: item.chunks.map((chunk) => chunk.record),
    upserts: item.chunks.filter((chunk) => !before.has(chunk.record.pointId)),
    payloads: item.chunks.flatMap((chunk) => {
      const known = before.get(chunk.record.pointId)
      return known === undefined || known.payloadHash === chunk.record.payloadHash
        ? []
        : [{ id: chunk.record.pointId, payload: chunk.payload }]
    }),
    removes: recorded.filter((chunk) => !now.has(chunk.pointId)).map((chunk) => chunk.pointId),
  }
}

/** The stub to record: as fetched, with the identity and scope that the listing gave. */
function recordedStub(item: ChunkedDocument): PlannedDocument['stub'] {
  const { id, scope } = item.work.stub
  return { ...item.document.stub, id, scope }
}
