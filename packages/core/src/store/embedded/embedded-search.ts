import type { PointFilter, PointPayload, SearchHit } from '../vector-store.ts'
import { blobOf } from './cosine-distance.ts'
import type { EmbeddedConnection } from './embedded-connection.ts'
import { conditionOf } from './filter-sql.ts'
import { fullTextQuery } from './full-text-query.ts'

type Row = { readonly id: string; readonly score: number; readonly payload: string }

/** The nearest points by cosine similarity, exactly. Needs `vec_distance_cosine` on the connection. */
export function vectorSearch(
  connection: EmbeddedConnection,
  vector: Float32Array,
  filter: PointFilter,
  limit: number,
): SearchHit[] {
  const { sql, parameters } = conditionOf(filter)
  // A vector without length has no distance; it counts as unrelated.
  const rows = connection
    .prepare(
      `SELECT points.id, 1 - nearest.distance AS score, points.payload FROM (
         SELECT pk, id, coalesce(vec_distance_cosine(vector, ?), 1.0) AS distance FROM points
         WHERE ${sql} ORDER BY distance, id LIMIT ?
       ) AS nearest JOIN points USING (pk) ORDER BY nearest.distance, points.id`,
    )
    .all(blobOf(vector), ...parameters, limit) as Row[]
  return rows.map(hitOf)
}

/** The points whose title, headings or content hold most of the words, by BM25. */
export function keywordSearch(
  connection: EmbeddedConnection,
  text: string,
  filter: PointFilter,
  limit: number,
): SearchHit[] {
  const match = fullTextQuery(text)
  if (match === undefined) return []
  const { sql, parameters } = conditionOf(filter)
  // bm25() is smaller for better matches. A word in the title or a heading says more than one in the content.
  const rows = connection
    .prepare(
      `SELECT points.id, -found.rank AS score, points.payload FROM (
         SELECT points.pk, bm25(points_text, 2.0, 2.0, 1.0) AS rank
         FROM points_text JOIN points ON points.pk = points_text.rowid
         WHERE points_text MATCH ? AND ${sql} ORDER BY rank, points.id LIMIT ?
       ) AS found JOIN points USING (pk) ORDER BY found.rank, points.id`,
    )
    .all(match, ...parameters, limit) as Row[]
  return rows.map(hitOf)
}

function hitOf(row: Row): SearchHit {
  return { id: row.id, score: row.score, payload: JSON.parse(row.payload) as PointPayload }
}
