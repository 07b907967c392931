import type { Point, PointPayload } from '../vector-store.ts'
import { wellFormedPayload } from '../well-formed-payload.ts'
import { blobOf } from './cosine-distance.ts'
import type { EmbeddedConnection } from './embedded-connection.ts'

// Two statements: one that inserts or updates opens a savepoint for every row, which costs a third of the throughput.
const INSERT = `
  INSERT INTO points (id, project_id, source_type, source, document_id, vector, payload) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO NOTHING`
const REPLACE = `
  UPDATE points SET project_id = ?, source_type = ?, source = ?, document_id = ?, vector = ?, payload = ? WHERE id = ?
  RETURNING pk`
const REPLACE_PAYLOAD = `
  UPDATE points SET project_id = ?, source_type = ?, source = ?, document_id = ?, payload = ? WHERE pk = ?`
const INDEX_TEXT = 'INSERT OR REPLACE INTO points_text (rowid, title, headings, content) VALUES (?, ?, ?, ?)'

// In each function below the full-text index has its turn after the last change of `points`: FTS5 writes out its buffer
// whenever a statement on another table opens a savepoint, and doing so for every row is several times slower.

/** Inserts or replaces points and their text in the full-text index. Inside the caller's transaction. */
export function upsertPoints(connection: EmbeddedConnection, points: readonly Point[]): void {
  const insert = connection.prepare(INSERT)
  const replace = connection.prepare(REPLACE).pluck()
  const keys = points.map((point) => {
    const { payload, json } = wellFormedPayload(point.payload)
    const { project_id, source_type, source, document_id } = payload
    const vector = blobOf(point.vector)
    const { changes, lastInsertRowid } = insert.run(point.id, project_id, source_type, source, document_id, vector, json)
    if (changes > 0) return Number(lastInsertRowid)
    return replace.get(project_id, source_type, source, document_id, vector, json, point.id) as number
  })
  for (const [index, { payload }] of points.entries()) indexText(connection, keys[index] as number, payload)
}

/** Replaces payloads; the full-text index is touched only where the text differs. Inside the caller's transaction. */
export function replacePayloads(
  connection: EmbeddedConnection,
  updates: readonly { readonly id: string; readonly payload: PointPayload }[],
): void {
  const find = connection.prepare('SELECT pk, payload FROM points WHERE id = ?')
  const replace = connection.prepare(REPLACE_PAYLOAD)
  const texts = new Map<number, PointPayload>()
  for (const { id, payload: given } of updates) {
    const found = find.get(id) as { pk: number; payload: string } | undefined
    if (found === undefined) continue
    const { payload, json } = wellFormedPayload(given)
    const { project_id, source_type, source, document_id } = payload
    replace.run(project_id, source_type, source, document_id, json, found.pk)
    if (!hasSameText(JSON.parse(found.payload) as PointPayload, payload)) texts.set(found.pk, payload)
  }
  for (const [pk, payload] of texts) indexText(connection, pk, payload)
}

/** Deletes points and their text. Inside the caller's transaction. */
export function deletePoints(connection: EmbeddedConnection, ids: readonly string[]): void {
  const remove = connection.prepare('DELETE FROM points WHERE id = ? RETURNING pk').pluck()
  const removeText = connection.prepare('DELETE FROM points_text WHERE rowid = ?')
  const removed = ids.map((id) => remove.get(id) as number | undefined).filter((pk) => pk !== undefined)
  for (const pk of removed) removeText.run(pk)
}

/**
 * Takes deleted text out of the full-text index: merges segments of which a tenth is deleted, at most `pages` pages,
 * so that the work stays proportional to what changed; the next call goes on where this one stopped.
 */
export function tidyText(connection: EmbeddedConnection, pages: number): void {
  connection.prepare("INSERT INTO points_text (points_text, rank) VALUES ('merge', ?)").run(pages)
}

function indexText(connection: EmbeddedConnection, pk: number, payload: PointPayload): void {
  connection.prepare(INDEX_TEXT).run(pk, payload.title, payload.heading_path.join('\n'), payload.content)
}

function hasSameText(a: PointPayload, b: PointPayload): boolean {
  return a.content === b.content && a.title === b.title && a.heading_path.join('\n') === b.heading_path.join('\n')
}
