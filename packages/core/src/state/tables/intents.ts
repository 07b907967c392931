import { OF_POINT, pointParameters } from './chunks.ts'
import type { Connection } from '../connection.ts'
import { toPage, type Page } from './page.ts'
import type { FingerprintSets } from './fingerprint-sets.ts'
import type { Fingerprints, OpenIntent, WriteIntent } from '../records.ts'

/** I5: what is about to be done, before the store is called. A later intent for a point replaces the earlier one. */
export function writeIntents(
  db: Connection,
  view: { readonly sourceId: number; readonly fingerprints: FingerprintSets },
  run: { readonly runId: string; readonly at: string; readonly fingerprints?: Fingerprints | undefined },
  intents: readonly WriteIntent[],
): void {
  const set = run.fingerprints === undefined ? null : view.fingerprints.idOf(db, run.fingerprints)
  for (const intent of intents) {
    db.run(
      `INSERT INTO {write_intents} (source_id, point_id, document_id, operation, run_id, recorded_at, input_hash,
         fingerprint_set)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (source_id, point_id) DO UPDATE SET document_id = excluded.document_id,
         operation = excluded.operation, run_id = excluded.run_id, recorded_at = excluded.recorded_at,
         input_hash = excluded.input_hash, fingerprint_set = excluded.fingerprint_set`,
      view.sourceId,
      intent.pointId,
      intent.documentId,
      intent.operation,
      run.runId,
      run.at,
      intent.inputHash ?? null,
      intent.inputHash === undefined ? null : set,
    )
  }
}

/** Intents of the source with a point id after `after`, by ascending point id. */
export function intentPage(
  db: Connection,
  sourceId: number,
  after: string | undefined,
  limit: number,
): Page<OpenIntent, string> {
  const intents = db.all<OpenIntent>(
    `SELECT point_id AS "pointId", document_id AS "documentId", operation, run_id AS "runId" FROM {write_intents}
     WHERE source_id = ? AND point_id ${after === undefined ? '>=' : '>'} ? ORDER BY point_id LIMIT ?`,
    sourceId,
    after ?? '',
    limit,
  )
  return toPage(intents, limit, (intent) => intent.pointId)
}

/**
 * What an interrupted run did to the store was looked up. `remove`: the point is gone, and with it its row. `payload`:
 * it is there, with the old payload or the new one. `left`: it is there, and nobody owns it. `upsert`: it is not there,
 * or not yet. The last two stay open until the point is owned or removed. Documents are done again in any case.
 */
export function settle(db: Connection, sourceId: number, intents: readonly WriteIntent[]): void {
  for (const intent of intents) {
    if (intent.operation === 'remove') {
      db.run(`DELETE FROM {chunk_states} WHERE ${OF_POINT}`, ...pointParameters(sourceId, intent.pointId))
    } else if (intent.operation === 'payload') {
      const values = pointParameters(sourceId, intent.pointId)
      db.run(`UPDATE {chunk_states} SET payload_hash = '' WHERE ${OF_POINT}`, ...values)
    } else {
      const { operation, pointId } = intent
      db.run('UPDATE {write_intents} SET operation = ? WHERE source_id = ? AND point_id = ?', operation, sourceId, pointId)
      continue
    }
    closeIntent(db, sourceId, intent.pointId)
  }
  db.run(
    `UPDATE {document_states} SET redo = 'intent', version = version + 1
     WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?)) AND status <> 'deleted'
       AND redo IS DISTINCT FROM 'intent'`,
    sourceId,
    JSON.stringify([...new Set(intents.map((intent) => intent.documentId))]),
  )
}

/** The store no longer has these points, and nobody owns them. */
export function closeIntents(db: Connection, sourceId: number, pointIds: readonly string[]): void {
  for (const pointId of pointIds) closeIntent(db, sourceId, pointId)
}

function closeIntent(db: Connection, sourceId: number, pointId: string): void {
  db.run('DELETE FROM {write_intents} WHERE source_id = ? AND point_id = ?', sourceId, pointId)
}

/**
 * Forgets what this run was about to do to these documents, which now own `owned`. Points that it wrote and they do not
 * own (an earlier try of the same document failed) are still to be removed, as is what an earlier run left.
 */
export function dropIntents(
  db: Connection,
  sourceId: number,
  runId: string,
  documents: { readonly ids: readonly string[]; readonly owned: readonly string[] },
): void {
  db.run(
    `DELETE FROM {write_intents}
     WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?)) AND run_id = ?
       AND (operation <> 'upsert' OR point_id IN (SELECT value FROM json_each(?)))`,
    sourceId,
    JSON.stringify(documents.ids),
    runId,
    JSON.stringify(documents.owned),
  )
}
