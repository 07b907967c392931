import type { DocumentChange } from '../context/report.ts'
import type { PlannedDocument } from './work.ts'

const ACTIONS = { added: 'add', updated: 'update', moved: 'move' } as const

/** What a committed document is reported as; undefined for one that was read and found to be right. */
export function changeOf(work: PlannedDocument): DocumentChange | undefined {
  const { known, upserts, payloads, removes } = work
  const points = { upserted: upserts.length, payload_updated: payloads.length, deleted: removes.length }
  // What holds no text is recorded, so that it is not read again, and is no document to anybody.
  if (known === undefined && work.skipped !== undefined) return undefined
  const touched = known === undefined || points.upserted + points.payload_updated + points.deleted > 0
  const versionChanged = known?.contentHash !== work.contentHash || known.metadataVersion !== work.metadataVersion
  if (!touched && !versionChanged) return undefined
  return {
    document_id: work.stub.id,
    action: ACTIONS[work.change],
    reason: work.reason,
    ...(work.movedFrom !== undefined && { from: work.movedFrom }),
    points,
  }
}

/** The points of a document that is not touched, or that has none. */
export const NO_POINTS: DocumentChange['points'] = { upserted: 0, payload_updated: 0, deleted: 0 }
