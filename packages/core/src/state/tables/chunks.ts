import type { Connection } from '../connection.ts'
import { INPUT_KEY_LENGTH, POINT_KEY_LENGTH } from '../entities/chunk-state.ts'
import type { ChunkRecord, OwnedPoint, VectorDonor } from '../records.ts'

interface ChunkColumns {
  readonly document_id: string
  readonly point_id: string
  readonly position: number
  readonly input_hash: string
  readonly payload_hash: string
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
    db.run(
      `INSERT INTO {chunk_states} (document_key, position, point_id, input_hash, payload_hash, point_key, input_key)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      documentKey,
      chunk.position,
      chunk.pointId,
      chunk.inputHash,
      chunk.payloadHash,
      chunk.pointId.slice(0, POINT_KEY_LENGTH),
      chunk.inputHash.slice(0, INPUT_KEY_LENGTH),
    )
  }
}

/** Forgets the chunks of a document. */
export function deleteChunks(db: Connection, documentKey: number): void {
  db.run('DELETE FROM {chunk_states} WHERE document_key = ?', documentKey)
}

/** Chunks by document, ordered by position. */
export function readChunks(
  db: Connection,
  sourceId: number,
  documentIds: readonly string[],
): ReadonlyMap<string, readonly ChunkRecord[]> {
  const rows = db.all<ChunkColumns>(
    `SELECT d.document_id, c.point_id, c.position, c.input_hash, c.payload_hash
     FROM {document_states} d CROSS JOIN {chunk_states} c ON c.document_key = d.id
     WHERE d.source_id = ? AND d.document_id IN (SELECT value FROM json_each(?))
     ORDER BY d.document_id, c.position`,
    sourceId,
    JSON.stringify(documentIds),
  )
  const chunks = new Map<string, ChunkRecord[]>()
  for (const row of rows) {
    const record = {
      pointId: row.point_id,
      position: row.position,
      inputHash: row.input_hash,
      payloadHash: row.payload_hash,
    }
    const list = chunks.get(row.document_id)
    if (list === undefined) chunks.set(row.document_id, [record])
    else list.push(record)
  }
  return chunks
}

/** One point for each embedder input that the collection holds under this embedding. */
export function readDonors(
  db: Connection,
  wanted: { readonly inputHashes: readonly string[]; readonly embedding: string; readonly storeInstance: string },
): ReadonlyMap<string, VectorDonor> {
  // A boilerplate chunk may have thousands of points: the look-up of each input ends at the first that fits.
  const rows = db.all<{ input_hash: string; point_id: string | null }>(
    `SELECT value AS input_hash, (
       SELECT c.point_id FROM {chunk_states} c
         CROSS JOIN {document_states} d ON d.id = c.document_key
         CROSS JOIN {fingerprint_sets} f ON f.id = d.fingerprint_set AND f.embedding = ?
         CROSS JOIN {source_states} s ON s.id = d.source_id AND s.store_instance = ?
       WHERE c.input_key = substr(value, 1, ${INPUT_KEY_LENGTH}) AND c.input_hash = value LIMIT 1
     ) AS point_id
     FROM json_each(?)`,
    wanted.embedding,
    wanted.storeInstance,
    JSON.stringify(wanted.inputHashes),
  )
  const found = new Set(rows.flatMap((row) => (row.point_id === null ? [] : [row.input_hash])))
  const others = wanted.inputHashes.filter((inputHash) => !found.has(inputHash))
  const donors = new Map<string, VectorDonor>()
  for (const row of [...rows, ...leftPoints(db, { ...wanted, inputHashes: others })]) {
    if (row.point_id !== null) donors.set(row.input_hash, { inputHash: row.input_hash, pointId: row.point_id })
  }
  return donors
}

/** What interrupted runs left has the vectors that they made. */
function leftPoints(db: Connection, wanted: Parameters<typeof readDonors>[1]): readonly { readonly input_hash: string; readonly point_id: string | null }[] {
  if (wanted.inputHashes.length === 0) return []
  return db.all(
    `SELECT value AS input_hash, (
       SELECT i.point_id FROM {write_intents} i
         CROSS JOIN {fingerprint_sets} f ON f.id = i.fingerprint_set AND f.embedding = ?
         CROSS JOIN {source_states} s ON s.id = i.source_id AND s.store_instance = ?
       WHERE i.operation = 'left' AND i.input_hash = value LIMIT 1
     ) AS point_id
     FROM json_each(?)`,
    wanted.embedding,
    wanted.storeInstance,
    JSON.stringify(wanted.inputHashes),
  )
}

/** Those of the points that the source owns, by id. */
export function readOwnedPoints(
  db: Connection,
  sourceId: number,
  pointIds: readonly string[],
): ReadonlyMap<string, OwnedPoint> {
  const rows = db.all<Pick<ChunkColumns, 'point_id' | 'document_id' | 'payload_hash'>>(
    `SELECT c.point_id, d.document_id, c.payload_hash FROM json_each(?) wanted
       CROSS JOIN {chunk_states} c ON c.point_key = substr(wanted.value, 1, ${POINT_KEY_LENGTH})
         AND c.point_id = wanted.value
       CROSS JOIN {document_states} d ON d.id = c.document_key AND d.source_id = ?`,
    JSON.stringify(pointIds),
    sourceId,
  )
  return new Map(rows.map((row) => [row.point_id, { documentId: row.document_id, payloadHash: row.payload_hash }]))
}

/** Chunk rows of the source. */
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
