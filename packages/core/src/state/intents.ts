import { OF_POINT, pointParameters } from './chunks.ts'
import type { Connection } from './connection.ts'
import { toPage, type Page } from './page.ts'
import type { WriteIntent } from './records.ts'

/** I5: what is about to be done, before the store is called. A later intent for a point replaces the earlier one. */
export function writeIntents(
  db: Connection,
  sourceId: number,
  run: { readonly runId: string; readonly at: string },
  intents: readonly WriteIntent[],
): void {
  for (const intent of intents) {
    db.run(
      `INSERT INTO {write_intents} (source_id, point_id, document_id, operation, run_id, recorded_at)
         VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (source_id, point_id) DO UPDATE SET document_id = excluded.document_id,
         operation = excluded.operation, run_id = excluded.run_id, recorded_at = excluded.recorded_at`,
      sourceId,
      intent.pointId,
      intent.documentId,
      intent.operation,
      run.runId,
      run.at,
    )
  }
}

/** Intents of the source with a point id after `after`, by ascending point id. */
export function intentPage(
  db: Connection,
  sourceId: number,
  after: string | undefined,
  limit: number,
): Page<WriteIntent, string> {
  const intents = db.all<WriteIntent>(
    `SELECT point_id AS "pointId", document_id AS "documentId", operation FROM {write_intents}
     WHERE source_id = ? AND point_id ${after === undefined ? '>=' : '>'} ? ORDER BY point_id LIMIT ?`,
    sourceId,
    after ?? '',
    limit,
  )
  return toPage(intents, limit, (intent) => intent.pointId)
}

/**
 * The store was brought in line: points to be removed, and points that nobody owns, are gone from it. What is left
 * is in doubt: its payload may be the old or the new one, and its document is done again.
 */
export function settle(db: Connection, sourceId: number, intents: readonly WriteIntent[]): void {
  for (const intent of intents) {
    if (intent.operation === 'remove') {
      db.run(`DELETE FROM {chunk_states} WHERE ${OF_POINT}`, ...pointParameters(sourceId, intent.pointId))
    } else {
      const values = pointParameters(sourceId, intent.pointId)
      db.run(`UPDATE {chunk_states} SET payload_hash = '' WHERE ${OF_POINT}`, ...values)
    }
    db.run('DELETE FROM {write_intents} WHERE source_id = ? AND point_id = ?', sourceId, intent.pointId)
  }
  db.run(
    `UPDATE {document_states} SET redo = 'intent', version = version + 1
     WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?)) AND status <> 'deleted'
       AND redo IS DISTINCT FROM 'intent'`,
    sourceId,
    JSON.stringify([...new Set(intents.map((intent) => intent.documentId))]),
  )
}

/** Forgets the intents of these documents. */
export function dropIntents(db: Connection, sourceId: number, documentIds: readonly string[]): void {
  db.run(
    'DELETE FROM {write_intents} WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?))',
    sourceId,
    JSON.stringify(documentIds),
  )
}
