import type { Connection } from '../connection.ts'
import { WriteIntentState } from '../entities/index.ts'
import type { HeldLease, OpenIntent, SourceRef, WriteIntent } from '../records.ts'
import type { StateSession } from '../state-session.ts'
import type { Fingerprints } from '../values.ts'
import { OF_POINT, pointParameters } from './chunks.ts'
import { pages, toPage, type Page } from './paging.ts'
import type { SourceView } from './source-view.ts'
import { Table } from './table.ts'

const INTENTS = new Table(WriteIntentState)
const RECORD = INTENTS.upsert(['sourceId', 'pointId'])

/** What is about to be done to points (I5). */
export class Intents {
  readonly #session: StateSession

  /** @internal */
  constructor(session: StateSession) {
    this.#session = session
  }

  /** Step 1 of the commit protocol (design 7). `fingerprints` are needed where intents have an `inputHash`. */
  async record(lease: HeldLease, runId: string, intents: readonly WriteIntent[], fingerprints?: Fingerprints): Promise<void> {
    await this.#session.writeLeased('intents.record', lease, { run_id: runId, points: intents.length }, (db, view) =>
      writeIntents(db, view, { runId, at: this.#session.now(), fingerprints }, intents),
    )
  }

  /** Those of the source that are open, whatever run left them, in pages. */
  open(ref: SourceRef, pageSize: number): AsyncIterable<readonly OpenIntent[]> {
    return pages<OpenIntent, string>(this.#session, 'intents.open', ref, (db, { sourceId }, after) =>
      intentPage(db, sourceId, after, pageSize),
    )
  }

  /**
   * After an interrupted run was looked into: forgets the chunk rows of points that are gone (`remove`), empties the
   * payload hash of those that are there (`payload`), and marks the documents `redo: 'intent'`. Points that nobody owns
   * (`left`, or `upsert` when they are not there) keep their intent. `verify --repair` tells the state by it what it
   * found missing (`remove`) or changed (`payload`), of points that have no intent.
   */
  async settle(lease: HeldLease, intents: readonly WriteIntent[]): Promise<void> {
    await this.#session.writeLeased('intents.settle', lease, { points: intents.length }, (db, { sourceId }) =>
      settle(db, sourceId, intents),
    )
  }

  /** Points that nobody owned were removed from the store: their intents are cleared. */
  async close(lease: HeldLease, pointIds: readonly string[]): Promise<void> {
    await this.#session.writeLeased('intents.close', lease, { points: pointIds.length }, (db, { sourceId }) =>
      closeIntents(db, sourceId, pointIds),
    )
  }
}

/** As {@link Intents.record}. A later intent for a point replaces the earlier one. */
export function writeIntents(
  db: Connection,
  view: Pick<SourceView, 'sourceId' | 'fingerprints'>,
  run: { readonly runId: string; readonly at: Date; readonly fingerprints?: Fingerprints | undefined },
  intents: readonly WriteIntent[],
): void {
  const set = run.fingerprints === undefined ? undefined : view.fingerprints.idOf(db, run.fingerprints)
  const of = { sourceId: view.sourceId, runId: run.runId, recordedAt: run.at }
  for (const { pointId, documentId, operation, inputHash } of intents) {
    const fingerprintSet = inputHash === undefined ? undefined : set
    db.run(RECORD, ...INTENTS.values({ ...of, pointId, documentId, operation, inputHash, fingerprintSet }))
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
    `SELECT ${INTENTS.select('', ['pointId', 'documentId', 'operation', 'runId'])} FROM {write_intents}
     WHERE source_id = ? AND point_id ${after === undefined ? '>=' : '>'} ? ORDER BY point_id LIMIT ?`,
    sourceId,
    after ?? '',
    limit,
  )
  return toPage(intents, limit, (intent) => intent.pointId)
}

/**
 * As {@link Intents.settle}. `upsert`: it is not there, or not yet; like `left` it stays open until the point is owned or
 * removed. Documents are done again in any case.
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
    closeIntents(db, sourceId, [intent.pointId])
  }
  db.run(
    `UPDATE {document_states} SET redo = 'intent', version = version + 1
     WHERE source_id = ? AND document_id IN (SELECT value FROM json_each(?)) AND status <> 'deleted'
       AND redo IS DISTINCT FROM 'intent'`,
    sourceId,
    JSON.stringify([...new Set(intents.map((intent) => intent.documentId))]),
  )
}

/** As {@link Intents.close}. */
export function closeIntents(db: Connection, sourceId: number, pointIds: readonly string[]): void {
  for (const pointId of pointIds) db.run('DELETE FROM {write_intents} WHERE source_id = ? AND point_id = ?', sourceId, pointId)
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
