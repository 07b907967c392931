import type { Connection } from '../connection.ts'
import { ChunkState, INPUT_KEY_LENGTH, POINT_KEY_LENGTH } from '../entities/chunk-state.ts'
import type { ChunkRecord, OwnedPoint, SourceRef, VectorDonor } from '../records.ts'
import type { StateSession } from '../state-session.ts'
import { Table } from './table.ts'

const CHUNKS = new Table(ChunkState)

/** Points that documents own. */
export class Chunks {
  readonly #session: StateSession

  /** @internal */
  constructor(session: StateSession) {
    this.#session = session
  }

  /** By document, ordered by position. Documents without chunks are absent. */
  async of(ref: SourceRef, documentIds: readonly string[]): Promise<ReadonlyMap<string, readonly ChunkRecord[]>> {
    const none: ReadonlyMap<string, readonly ChunkRecord[]> = new Map()
    return this.#session.readSource('chunks.of', ref, { documents: documentIds.length }, none, (db, { sourceId }) =>
      readChunks(db, sourceId, documentIds),
    )
  }

  /**
   * One point for each hash that the given collection holds under this embedding fingerprint, of any source, owned or
   * left by an interrupted run.
   */
  async donors(inputHashes: readonly string[], embedding: string, storeInstance: string): Promise<ReadonlyMap<string, VectorDonor>> {
    return this.#session.read('chunks.donors', { inputs: inputHashes.length }, (db) =>
      readDonors(db, { inputHashes, embedding, storeInstance }),
    )
  }

  /** Those of the points that some chunk of the source owns, by id. */
  async owned(ref: SourceRef, pointIds: readonly string[]): Promise<ReadonlyMap<string, OwnedPoint>> {
    const none: ReadonlyMap<string, OwnedPoint> = new Map()
    return this.#session.readSource('chunks.owned', ref, { points: pointIds.length }, none, (db, { sourceId }) =>
      readOwnedPoints(db, sourceId, pointIds),
    )
  }

  /** How many the source has, which is the number of its points. */
  async count(ref: SourceRef): Promise<number> {
    return this.#session.readSource('chunks.count', ref, {}, 0, (db, { sourceId }) => countChunkRows(db, sourceId))
  }
}

/** Replaces the chunks of a document; `isNew` spares looking for old ones. */
export function writeChunks(
  db: Connection,
  documentKey: number,
  isNew: boolean,
  chunks: readonly ChunkRecord[],
): void {
  if (!isNew) deleteChunks(db, documentKey)
  for (const chunk of chunks) {
    const pointKey = chunk.pointId.slice(0, POINT_KEY_LENGTH)
    const inputKey = chunk.inputHash.slice(0, INPUT_KEY_LENGTH)
    db.run(CHUNKS.insert, ...CHUNKS.values({ ...chunk, documentKey, pointKey, inputKey }))
  }
}

/** Forgets the chunks of a document. */
export function deleteChunks(db: Connection, documentKey: number): void {
  db.run('DELETE FROM {chunk_states} WHERE document_key = ?', documentKey)
}

/** As {@link Chunks.of}. */
export function readChunks(
  db: Connection,
  sourceId: number,
  documentIds: readonly string[],
): ReadonlyMap<string, readonly ChunkRecord[]> {
  const rows = db.all<ChunkRecord & { readonly documentId: string }>(
    `SELECT d.document_id AS "documentId", ${CHUNKS.select('c', ['pointId', 'position', 'inputHash', 'payloadHash'])}
     FROM {document_states} d CROSS JOIN {chunk_states} c ON c.document_key = d.id
     WHERE d.source_id = ? AND d.document_id IN (SELECT value FROM json_each(?))
     ORDER BY d.document_id, c.position`,
    sourceId,
    JSON.stringify(documentIds),
  )
  const chunks = new Map<string, ChunkRecord[]>()
  for (const { documentId, ...chunk } of rows) {
    const list = chunks.get(documentId)
    if (list === undefined) chunks.set(documentId, [chunk])
    else list.push(chunk)
  }
  return chunks
}

interface DonorRow {
  readonly inputHash: string
  readonly pointId: string | null
}

/** As {@link Chunks.donors}. */
export function readDonors(
  db: Connection,
  wanted: { readonly inputHashes: readonly string[]; readonly embedding: string; readonly storeInstance: string },
): ReadonlyMap<string, VectorDonor> {
  // A boilerplate chunk may have thousands of points: the look-up of each input ends at the first that fits.
  const rows = db.all<DonorRow>(
    `SELECT value AS "inputHash", (
       SELECT c.point_id FROM {chunk_states} c
         CROSS JOIN {document_states} d ON d.id = c.document_key
         CROSS JOIN {fingerprint_sets} f ON f.id = d.fingerprint_set AND f.embedding = ?
         CROSS JOIN {source_states} s ON s.id = d.source_id AND s.store_instance = ?
       WHERE c.input_key = substr(value, 1, ${INPUT_KEY_LENGTH}) AND c.input_hash = value LIMIT 1
     ) AS "pointId"
     FROM json_each(?)`,
    wanted.embedding,
    wanted.storeInstance,
    JSON.stringify(wanted.inputHashes),
  )
  const found = new Set(rows.flatMap((row) => (row.pointId === null ? [] : [row.inputHash])))
  const others = wanted.inputHashes.filter((inputHash) => !found.has(inputHash))
  const donors = new Map<string, VectorDonor>()
  for (const { inputHash, pointId } of [...rows, ...leftPoints(db, { ...wanted, inputHashes: others })]) {
    if (pointId !== null) donors.set(inputHash, { inputHash, pointId })
  }
  return donors
}

/** What interrupted runs left has the vectors that they made. */
function leftPoints(db: Connection, wanted: Parameters<typeof readDonors>[1]): readonly DonorRow[] {
  if (wanted.inputHashes.length === 0) return []
  return db.all(
    `SELECT value AS "inputHash", (
       SELECT i.point_id FROM {write_intents} i
         CROSS JOIN {fingerprint_sets} f ON f.id = i.fingerprint_set AND f.embedding = ?
         CROSS JOIN {source_states} s ON s.id = i.source_id AND s.store_instance = ?
       WHERE i.operation = 'left' AND i.input_hash = value LIMIT 1
     ) AS "pointId"
     FROM json_each(?)`,
    wanted.embedding,
    wanted.storeInstance,
    JSON.stringify(wanted.inputHashes),
  )
}

/** As {@link Chunks.owned}. */
export function readOwnedPoints(
  db: Connection,
  sourceId: number,
  pointIds: readonly string[],
): ReadonlyMap<string, OwnedPoint> {
  const rows = db.all<OwnedPoint & { readonly pointId: string }>(
    `SELECT d.document_id AS "documentId", ${CHUNKS.select('c', ['pointId', 'payloadHash'])} FROM json_each(?) wanted
       CROSS JOIN {chunk_states} c ON c.point_key = substr(wanted.value, 1, ${POINT_KEY_LENGTH})
         AND c.point_id = wanted.value
       CROSS JOIN {document_states} d ON d.id = c.document_key AND d.source_id = ?`,
    JSON.stringify(pointIds),
    sourceId,
  )
  return new Map(rows.map(({ pointId, ...owned }) => [pointId, owned]))
}

/** As {@link Chunks.count}. */
export function countChunkRows(db: Connection, sourceId: number): number {
  const row = db.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM {document_states} d CROSS JOIN {chunk_states} c ON c.document_key = d.id
     WHERE d.source_id = ?`,
    sourceId,
  )
  return row?.n ?? 0
}

/** SQL that finds the row of one point of one source, for `pointParameters`. */
export const OF_POINT = `point_key = ? AND point_id = ? AND EXISTS (
  SELECT 1 FROM {document_states} d WHERE d.id = document_key AND d.source_id = ?)`

/** The values for {@link OF_POINT}. */
export function pointParameters(sourceId: number, pointId: string): readonly [string, string, number] {
  return [pointId.slice(0, POINT_KEY_LENGTH), pointId, sourceId]
}
