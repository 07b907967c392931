import type { Connection } from '../connection.ts'
import type { DocumentRecord, HeldLease, SourceRef, StagedDeletion } from '../records.ts'
import type { StateSession } from '../state-session.ts'
import { toUtcText } from '../utc-date-time.ts'
import { deleteChunks } from './chunks.ts'
import { markDependents, unknownDocument } from './document-commits.ts'
import { readDocument, stagedPage } from './document-rows.ts'
import { dropFailures } from './failures.ts'
import { dropIntents } from './intents.ts'
import { pages } from './paging.ts'

/** Staged deletions: halves of moves apart, and of the others those whose verdict is unknown apart. */
export interface StagedCounts {
  readonly guarded: number
  readonly moves: number
  readonly unknown: number
}

/** Documents on their way out (I3, I4). */
export class Deletions {
  readonly #session: StateSession

  /** @internal */
  constructor(session: StateSession) {
    this.#session = session
  }

  /**
   * Live documents become `staged`; unknown ids and tombstones are ignored. Takes these ids off the failure ledger.
   * Returns how many became or stayed staged.
   */
  async stage(lease: HeldLease, runId: string, deletions: readonly StagedDeletion[]): Promise<number> {
    const fields = { run_id: runId, documents: deletions.length }
    return this.#session.writeLeased('deletions.stage', lease, fields, (db, { sourceId }) =>
      stage(db, sourceId, { runId, at: this.#session.now() }, deletions),
    )
  }

  /** Staged documents are live again. */
  async unstage(lease: HeldLease, documentIds: readonly string[]): Promise<void> {
    await this.#session.writeLeased('deletions.unstage', lease, { documents: documentIds.length }, (db, { sourceId }) =>
      unstage(db, sourceId, documentIds),
    )
  }

  async count(ref: SourceRef): Promise<StagedCounts> {
    const none: StagedCounts = { guarded: 0, moves: 0, unknown: 0 }
    return this.#session.readSource('deletions.count', ref, {}, none, (db, { sourceId }) => countStagedDeletions(db, sourceId))
  }

  /** Pages of documents whose deletion is staged. */
  staged(ref: SourceRef, pageSize: number): AsyncIterable<readonly DocumentRecord[]> {
    return pages<DocumentRecord, number>(this.#session, 'deletions.staged', ref, (db, view, after) =>
      stagedPage(db, view, after, pageSize),
    )
  }

  /**
   * The store no longer has their points: chunk rows go, documents become tombstones, dependents are marked for redoing,
   * this run's intents are cleared. Unknown ids are ignored.
   */
  async commit(lease: HeldLease, runId: string, documentIds: readonly string[]): Promise<void> {
    const fields = { run_id: runId, documents: documentIds.length }
    await this.#session.writeLeased('deletions.commit', lease, fields, (db, { sourceId }) =>
      bury(db, sourceId, { runId, at: this.#session.now() }, documentIds),
    )
  }

  /** Makes one document a tombstone, as {@link Deletions.commit} does. @throws StateNotFoundError for an unknown id. */
  async bury(lease: HeldLease, runId: string, documentId: string): Promise<void> {
    await this.#session.writeLeased('deletions.bury', lease, { run_id: runId, documents: 1 }, (db, view) => {
      if (readDocument(db, view, documentId) === undefined) throw unknownDocument(documentId)
      bury(db, view.sourceId, { runId, at: this.#session.now() }, [documentId])
    })
  }
}

interface RunMoment {
  readonly runId: string
  readonly at: Date
}

/** As {@link Deletions.stage}. */
export function stage(db: Connection, sourceId: number, run: RunMoment, deletions: readonly StagedDeletion[]): number {
  let staged = 0
  for (const deletion of deletions) {
    // A deletion that stays staged keeps the time at which it was first known.
    staged += db.run(
      `UPDATE {document_states} SET status = 'staged', verdict = ?, moved_to = ?, staged_at = COALESCE(staged_at, ?),
         last_run_id = ?, version = version + 1
       WHERE source_id = ? AND document_id = ? AND status <> 'deleted'`,
      deletion.verdict,
      deletion.movedTo ?? null,
      toUtcText(run.at),
      run.runId,
      sourceId,
      deletion.documentId,
    )
  }
  const ids = deletions.map((deletion) => deletion.documentId)
  dropFailures(db, sourceId, ids)
  return staged
}

/** As {@link Deletions.unstage}. */
export function unstage(db: Connection, sourceId: number, documentIds: readonly string[]): void {
  db.run(
    `UPDATE {document_states} SET status = 'indexed', verdict = NULL, moved_to = NULL, staged_at = NULL,
       version = version + 1
     WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?)) AND status = 'staged'`,
    sourceId,
    JSON.stringify(documentIds),
  )
}

/** As {@link Deletions.count}. */
export function countStagedDeletions(db: Connection, sourceId: number): StagedCounts {
  const row = db.get<{ staged: number; moves: number; unknown: number }>(
    `SELECT COUNT(*) AS staged, COUNT(moved_to) AS moves,
       COUNT(CASE WHEN moved_to IS NULL AND verdict = 'unknown' THEN 1 END) AS unknown
     FROM {document_states} WHERE source_id = ? AND status = 'staged'`,
    sourceId,
  ) ?? { staged: 0, moves: 0, unknown: 0 }
  return { guarded: row.staged - row.moves - row.unknown, moves: row.moves, unknown: row.unknown }
}

/** As {@link Deletions.commit}. */
export function bury(db: Connection, sourceId: number, run: RunMoment, documentIds: readonly string[]): void {
  const at = toUtcText(run.at)
  for (const id of documentIds) {
    const row = db.get<{ id: number }>(
      `UPDATE {document_states} SET status = 'deleted', deleted_at = ?, staged_at = NULL, redo = NULL, chunk_count = 0,
         verdict = COALESCE(verdict, 'deleted'), last_run_id = ?, version = version + 1
       WHERE source_id = ? AND document_id = ? AND status <> 'deleted' RETURNING id`,
      at,
      run.runId,
      sourceId,
      id,
    )
    if (row === undefined) continue
    deleteChunks(db, row.id)
    db.run('DELETE FROM {document_dependencies} WHERE document_key = ?', row.id)
  }
  dropIntents(db, sourceId, run.runId, { ids: documentIds, owned: [] })
  dropFailures(db, sourceId, documentIds)
  markDependents(db, sourceId, documentIds)
}
