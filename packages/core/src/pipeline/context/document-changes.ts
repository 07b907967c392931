import type { SourceRef } from '../../state/records.ts'
import type { DocumentAction, DocumentChange, ProgressEvent } from './report.ts'

/** A document that was done twice in a run was still added, or moved, by it. */
const DONE: readonly DocumentAction[] = ['add', 'update', 'move']

/** Collects what a run, or a dry run, says of documents: one change for each, in the order in which they were named first. */
export class DocumentChanges {
  readonly #sources = new Map<string, Map<string, DocumentChange>>()

  /** Takes a progress event; others than those of documents are passed over. */
  take(event: ProgressEvent): void {
    if (event.type !== 'document') return
    const key = keyOf(event.ref)
    const ofSource = this.#sources.get(key) ?? new Map<string, DocumentChange>()
    const { change } = event
    const before = ofSource.get(change.document_id)
    ofSource.set(change.document_id, before === undefined ? change : joined(before, change))
    this.#sources.set(key, ofSource)
  }

  /** Those of one source. */
  of(ref: SourceRef): readonly DocumentChange[] {
    return [...(this.#sources.get(keyOf(ref))?.values() ?? [])]
  }
}

function joined(before: DocumentChange, next: DocumentChange): DocumentChange {
  const { action, reason } = DONE.includes(next.action) && DONE.includes(before.action) ? before : next
  const from = next.from ?? before.from
  return {
    document_id: next.document_id,
    action,
    reason,
    ...(from !== undefined && { from }),
    points: {
      upserted: before.points.upserted + next.points.upserted,
      payload_updated: before.points.payload_updated + next.points.payload_updated,
      deleted: before.points.deleted + next.points.deleted,
    },
  }
}

function keyOf({ project, sourceType, source }: SourceRef): string {
  return JSON.stringify([project, sourceType, source])
}
