import { deleteChunks } from './chunks.ts'
import type { Connection } from '../connection.ts'
import { markDependents } from './document-commits.ts'
import { dropFailures } from './failures.ts'
import { dropIntents } from './intents.ts'
import type { StagedDeletion } from '../records.ts'

/** Live documents become staged. Returns how many of them are staged now. */
export function stage(
  db: Connection,
  sourceId: number,
  run: { readonly runId: string; readonly at: string },
  deletions: readonly StagedDeletion[],
): number {
  let staged = 0
  for (const deletion of deletions) {
    // A deletion that stays staged keeps the time at which it was first known.
    staged += db.run(
      `UPDATE {document_states} SET status = 'staged', verdict = ?, moved_to = ?, staged_at = COALESCE(staged_at, ?),
         last_run_id = ?, version = version + 1
       WHERE source_id = ? AND document_id = ? AND status <> 'deleted'`,
      deletion.verdict,
      deletion.movedTo ?? null,
      run.at,
      run.runId,
      sourceId,
      deletion.documentId,
    )
  }
  const ids = deletions.map((deletion) => deletion.documentId)
  dropFailures(db, sourceId, ids)
  return staged
}

/** Staged documents are live again. */
export function unstage(db: Connection, sourceId: number, documentIds: readonly string[]): void {
  db.run(
    `UPDATE {document_states} SET status = 'indexed', verdict = NULL, moved_to = NULL, staged_at = NULL,
       version = version + 1
     WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?)) AND status = 'staged'`,
    sourceId,
    JSON.stringify(documentIds),
  )
}

/** Staged deletions: halves of moves apart, and of the others those whose verdict is unknown apart. */
export function countStagedDeletions(
  db: Connection,
  sourceId: number,
): { readonly guarded: number; readonly moves: number; readonly unknown: number } {
  const row = db.get<{ staged: number; moves: number; unknown: number }>(
    `SELECT COUNT(*) AS staged, COUNT(moved_to) AS moves,
       COUNT(CASE WHEN moved_to IS NULL AND verdict = 'unknown' THEN 1 END) AS unknown
     FROM {document_states} WHERE source_id = ? AND status = 'staged'`,
    sourceId,
  ) ?? { staged: 0, moves: 0, unknown: 0 }
  return { guarded: row.staged - row.moves - row.unknown, moves: row.moves, unknown: row.unknown }
}

/** The points of these documents are gone from the store. Unknown ids are ignored. */
export function bury(
  db: Connection,
  sourceId: number,
  run: { readonly runId: string; readonly at: string },
  documentIds: readonly string[],
): void {
  for (const id of documentIds) {
    const row = db.get<{ id: number }>(
      `UPDATE {document_states} SET status = 'deleted', deleted_at = ?, staged_at = NULL, redo = NULL, chunk_count = 0,
         verdict = COALESCE(verdict, 'deleted'), last_run_id = ?, version = version + 1
       WHERE source_id = ? AND document_id = ? AND status <> 'deleted' RETURNING id`,
      run.at,
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
