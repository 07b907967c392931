import { randomUUID } from 'node:crypto'
import type { Point, PointPayload, VectorStore } from '@qdrant-loader/core/store'

const SIGNAL = new AbortController().signal

/** What was done to a collection, as `verify` has to name it: `kind point`, sorted. */
export type Damage = readonly string[]

/** Does to a collection what somebody else may do to it, at random, and says what it did. */
export async function damage(store: VectorStore, random: () => number): Promise<Damage> {
  const points: Point[] = []
  for await (const { id, vector, payload } of store.scroll({}, { vector: true, payload: true }, SIGNAL)) {
    if (vector !== undefined && payload !== undefined) points.push({ id, vector, payload })
  }
  const share = random() < 0.2 ? 1 : 0.1 + random() * 0.5
  const done: string[] = []
  const removed: string[] = []
  const inserted: Point[] = []
  const changed: { id: string; payload: PointPayload }[] = []
  for (const point of points.filter(() => random() < share)) {
    const kind = random()
    if (kind < 0.4) {
      removed.push(point.id)
      done.push(`missing ${point.id}`)
    } else if (kind < 0.7) {
      changed.push({ id: point.id, payload: otherPayload(point.payload, random) })
      done.push(`different ${point.id}`)
    } else {
      const id = randomUUID()
      const foreign = random() < 0.5 ? point.payload : { ...point.payload, document_id: `foreign ${id}` }
      inserted.push({ id, vector: point.vector, payload: foreign })
      done.push(`orphaned ${id}`)
    }
  }
  await store.delete(removed, SIGNAL)
  await store.replacePayload(changed, SIGNAL)
  await store.upsert(inserted, SIGNAL)
  return done.sort()
}

function otherPayload(payload: PointPayload, random: () => number): PointPayload {
  const changes: readonly Partial<PointPayload>[] = [
    { title: `${payload.title} changed` },
    { content: '' },
    { heading_path: [...payload.heading_path, 'another'] },
    { metadata: { ...payload.metadata, added: 1 } },
    { metadata: {} },
    { document_id: 'another' },
    { chunk_index: payload.chunk_index + 1 },
    { created_at: null, updated_at: '2001-01-01T00:00:00.000Z' },
    { source: 'elsewhere' },
  ]
  return { ...payload, ...changes[Math.floor(random() * changes.length)] }
}
