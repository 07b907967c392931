import { z } from 'zod'
import { type Answer, json } from '../base/answer.ts'
import { failed, ok } from './answer.ts'
import { printedFloats } from './float32.ts'
import * as schemas from './schemas.ts'
import { SimulatedCollection, type SimulatedPoint } from './simulated-collection.ts'

/** What was written, as the server sees it. */
export interface QdrantCounters {
  /** Points in upserts that were carried out, each time it was sent. */
  pointsUpserted: number
  /** Points whose payload was overwritten. */
  payloadUpdates: number
  /** Points that were there and were deleted. */
  pointsDeleted: number
  /** Vectors that differ from what was stored before, or are new. */
  vectorsWritten: number
  /** Bytes of floods that were written to a connection. */
  bytesFlooded: number
}

/** What the routes work on. */
export interface ServerState {
  readonly version: string
  readonly keepsMetadata: boolean
  /** Refuses filters on fields without an index, as strict mode does. */
  readonly strictMode: boolean
  readonly collections: Map<string, SimulatedCollection>
  readonly counters: QdrantCounters
}

/** One route: what it takes and what it does. */
export interface Route {
  readonly method: string
  readonly path: string
  readonly query: z.ZodType
  readonly body: z.ZodType
  /** False for what needs no API key. */
  readonly guarded: boolean
  readonly answer: (state: ServerState, collection: string, body: unknown) => Answer
}

const COLLECTION = '/collections/{collection_name}'
const UPDATED = { operation_id: 1, status: 'completed' }

/** The routes that our software uses. Every other one is a violation. */
export const routes: readonly Route[] = [
  route('GET', '/', schemas.none, (state) =>
    json(200, { title: 'qdrant - vector search engine', version: state.version, commit: 'simulated' }),
  ),
  route('GET', COLLECTION, schemas.none, withCollection((_state, collection) => ok(describe(collection)))),
  route('PUT', COLLECTION, schemas.createCollection, (state, name, body) => {
    if (state.collections.has(name)) return failed(409, `Wrong input: Collection \`${name}\` already exists!`)
    state.collections.set(name, new SimulatedCollection(body.vectors.size, body.vectors.distance, body.metadata))
    return ok(true)
  }),
  route('PATCH', COLLECTION, schemas.updateCollection, withCollection((_state, collection, body) => {
    collection.metadata = { ...collection.metadata, ...body.metadata }
    return ok(true)
  })),
  route('DELETE', COLLECTION, schemas.none, (state, name) => ok(state.collections.delete(name))),
  route('PUT', `${COLLECTION}/index`, schemas.createIndex, withCollection((_state, collection, body) => {
    collection.indexes.set(body.field_name, body.field_schema === 'keyword' ? {} : body.field_schema)
    return ok(UPDATED)
  }), schemas.waiting),
  route('PUT', `${COLLECTION}/points`, schemas.upsert, withCollection(upsert), schemas.waiting),
  route('POST', `${COLLECTION}/points/delete`, schemas.ids, withCollection((state, collection, body) => {
    for (const id of body.points) if (collection.remove(id)) state.counters.pointsDeleted++
    return ok(UPDATED)
  }), schemas.waiting),
  route('POST', `${COLLECTION}/points/payload`, schemas.setPayload, withCollection((_state, collection, body) => {
    for (const id of body.points) {
      const point = collection.get(id)
      if (point === undefined || !collection.overwritePayload(id, { ...point.payload, ...body.payload })) {
        return failed(404, `Not found: No point with id ${id} found`)
      }
    }
    return ok(UPDATED)
  }), schemas.waiting),
  route('POST', `${COLLECTION}/points/batch`, schemas.batch, withCollection(batch), schemas.waiting),
  route('POST', `${COLLECTION}/points`, schemas.retrieve, withCollection((_state, collection, body) =>
    ok(body.ids.map((id) => collection.get(id)).filter((point) => point !== undefined).map((point) => record(point, body))),
  )),
  route('POST', `${COLLECTION}/points/scroll`, schemas.scroll, withCollection(filtered((collection, body) => {
    const points = collection.points(body.filter, body.offset).take(body.limit + 1).toArray()
    const next = points[body.limit]?.id ?? null
    return ok({ points: points.slice(0, body.limit).map((point) => record(point, body)), next_page_offset: next })
  }))),
  route('POST', `${COLLECTION}/points/count`, schemas.count, withCollection(filtered((collection, body) =>
    ok({ count: collection.points(body.filter).reduce((sum) => sum + 1, 0) }),
  ))),
  route('POST', `${COLLECTION}/facet`, schemas.facet, withCollection(filtered((collection, body) => {
    if (!collection.indexes.has(body.key)) return failed(400, `Bad request: No appropriate index for faceting: \`${body.key}\``)
    const counts = new Map<string, number>()
    for (const { payload } of collection.points(body.filter)) {
      const value = payload[body.key]
      if (typeof value === 'string') counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    const hits = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)
    return ok({ hits: hits.slice(0, body.limit) })
  }))),
  route('POST', `${COLLECTION}/points/query`, schemas.query, withCollection(filtered((collection, body) => {
    if (body.query.length !== collection.size) return wrongSize(collection.size, body.query.length)
    const hits = collection.nearest(body.query, body.filter, body.limit)
    return ok({ points: hits.map(({ point, score }) => ({ id: point.id, version: 1, score, payload: point.payload })) })
  }))),
]

function route<Body extends z.ZodType>(
  method: string,
  path: string,
  body: Body,
  answer: (state: ServerState, collection: string, body: z.output<Body>) => Answer,
  query: z.ZodType = schemas.noParameters,
): Route {
  // The server validates the body by this very schema before it calls `answer`.
  return { method, path, body, query, guarded: path !== '/', answer: answer as Route['answer'] }
}

function withCollection<Body>(
  answer: (state: ServerState, collection: SimulatedCollection, body: Body) => Answer,
): (state: ServerState, name: string, body: Body) => Answer {
  return (state, name, body) => {
    const collection = state.collections.get(name)
    if (collection === undefined) return failed(404, `Not found: Collection \`${name}\` doesn't exist!`)
    return answer(state, collection, body)
  }
}

function filtered<Body extends { filter?: schemas.Filter | undefined }>(
  answer: (collection: SimulatedCollection, body: Body) => Answer,
): (state: ServerState, collection: SimulatedCollection, body: Body) => Answer {
  return (state, collection, body) => {
    const unindexed = body.filter?.must?.find(({ key }) => !collection.indexes.has(key))
    if (state.strictMode && unindexed !== undefined) {
      return failed(400, `Bad request: Index required but not found for "${unindexed.key}" of one of the following types: [keyword]`)
    }
    return answer(collection, body)
  }
}

function upsert(state: ServerState, collection: SimulatedCollection, body: z.output<typeof schemas.upsert>): Answer {
  if (body.points.length === 0) return failed(400, 'Bad request: Empty update request')
  const unfit = body.points.find(({ vector }) => vector.length !== collection.size)
  if (unfit !== undefined) return wrongSize(collection.size, unfit.vector.length)
  for (const { id, vector, payload } of body.points) {
    const before = collection.get(id)
    collection.put(id, vector, payload ?? {})
    const after = collection.get(id)
    state.counters.pointsUpserted++
    if (!(before?.vector.every((value, index) => value === after?.vector[index]) ?? false)) state.counters.vectorsWritten++
  }
  return ok(UPDATED)
}

function batch(state: ServerState, collection: SimulatedCollection, body: z.output<typeof schemas.batch>): Answer {
  for (const { overwrite_payload: operation } of body.operations) {
    for (const id of operation.points) {
      // As the real server: what stands before the missing point is carried out, what stands behind it is not.
      if (!collection.overwritePayload(id, operation.payload)) return failed(404, `Not found: No point with id ${id} found`)
      state.counters.payloadUpdates++
    }
  }
  return ok(body.operations.map(() => UPDATED))
}

function record(point: SimulatedPoint, want: { readonly with_payload: boolean; readonly with_vector: boolean }): unknown {
  return {
    id: point.id,
    ...(want.with_payload ? { payload: point.payload } : {}),
    ...(want.with_vector ? { vector: printedFloats(point.vector) } : {}),
  }
}

function wrongSize(expected: number, got: number): Answer {
  return failed(400, `Wrong input: Vector dimension error: expected dim: ${expected}, got ${got}`)
}

function describe(collection: SimulatedCollection): unknown {
  const fields = [...collection.indexes].map(([field, params]) => [
    field,
    { data_type: 'keyword', params: { type: 'keyword', ...params }, points: collection.count },
  ])
  return {
    status: 'green',
    optimizer_status: 'ok',
    indexed_vectors_count: 0,
    points_count: collection.count,
    segments_count: 1,
    config: {
      params: {
        vectors: { size: collection.size, distance: collection.distance },
        shard_number: 1,
        replication_factor: 1,
        write_consistency_factor: 1,
        on_disk_payload: true,
      },
      hnsw_config: { m: 16, ef_construct: 100, full_scan_threshold: 10_000 },
      optimizer_config: { deleted_threshold: 0.2, vacuum_min_vector_number: 1_000, flush_interval_sec: 5 },
      wal_config: { wal_capacity_mb: 32, wal_segments_ahead: 0 },
      quantization_config: null,
      ...(collection.metadata === undefined ? {} : { metadata: collection.metadata }),
    },
    payload_schema: Object.fromEntries(fields),
  }
}
