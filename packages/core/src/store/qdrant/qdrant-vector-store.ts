import type { z } from 'zod'
import { checkPointId, checkPoints, checkVector } from '../check-point.ts'
import { storeError } from '../codes.ts'
import type {
  CollectionInfo,
  CollectionSpec,
  Point,
  PointFilter,
  PointPayload,
  SearchHit,
  SearchQuery,
  SourcePoints,
  StoredPoint,
  VectorStore,
} from '../vector-store.ts'
import { wellFormedPayload } from '../well-formed-payload.ts'
import { type BatchLimits, byteBatches } from './byte-batches.ts'
import { batchAnswer, countAnswer, facetAnswer, queryAnswer, updateAnswer } from './qdrant-answers.ts'
import {
  type CollectionTarget,
  openCollection,
  openCollectionUnchanged,
  type OpenedCollection,
  peekCollection,
  unappliedStatus,
} from './qdrant-collection.ts'
import { type QdrantApi, QdrantConnection, type QdrantConnectionOptions } from './qdrant-connection.ts'
import { isTooLarge, type QdrantFailure, storeErrorFromFailure } from './qdrant-error.ts'
import { answerBytes, type PointSource, retrievePoints, scrollPoints, type Want } from './qdrant-listing.ts'
import { readMark, writeMark } from './qdrant-marks.ts'
import { FILTER_FIELDS, jsonBytes, payloadOf, qdrantFilter, wireId } from './qdrant-points.ts'

/** Settings of a {@link QdrantVectorStore}. */
export interface QdrantVectorStoreOptions extends QdrantConnectionOptions {
  readonly collectionName: string
  /**
   * Upper bounds of one writing request. Default 1,000 points and 16 MB of JSON: half of what a server takes unless it
   * was configured otherwise.
   */
  readonly batch?: Partial<BatchLimits>
}

type PayloadUpdate = { readonly id: string; readonly payload: PointPayload }
type Facets = z.infer<typeof facetAnswer>['result']['hits']
type Sized<T> = { readonly item: T; readonly bytes: number }

const BATCH: BatchLimits = { points: 1_000, bytes: 16_000_000 }
/** More projects, types or sources in one collection than this are not counted. */
const FACETS = 100_000
/** What a hit, or the count of a value, takes at most besides its text. */
const FACET_BYTES = 400

/** Points in a collection of a Qdrant server (1.15 or newer), over REST. */
export class QdrantVectorStore implements VectorStore {
  readonly kind = 'qdrant'
  readonly searchModes = ['vector'] as const
  readonly location: string
  readonly #target: CollectionTarget
  readonly #limits: BatchLimits
  #opened: OpenedCollection | undefined

  constructor(options: QdrantVectorStoreOptions) {
    const connection = new QdrantConnection(options)
    this.location = `${connection.location} "${options.collectionName}"`
    this.#target = { connection, name: options.collectionName, location: this.location }
    this.#limits = { ...BATCH, ...options.batch }
  }

  get requests(): number {
    return this.#target.connection.requests
  }

  async open(spec: CollectionSpec, signal: AbortSignal): Promise<CollectionInfo> {
    this.#opened = await openCollection(this.#target, spec, signal)
    const { instanceId, dimensions, created } = this.#opened
    return { instanceId, dimensions, created }
  }

  async openUnchanged(spec: CollectionSpec, signal: AbortSignal): Promise<CollectionInfo | undefined> {
    this.#opened = await openCollectionUnchanged(this.#target, spec, signal)
    if (this.#opened === undefined) return undefined
    const { instanceId, dimensions, created } = this.#opened
    return { instanceId, dimensions, created }
  }

  async peek(signal: AbortSignal): Promise<(CollectionInfo & { embeddingFingerprint: string | undefined }) | undefined> {
    const found = await peekCollection(this.#target, signal)
    if (found === undefined) return undefined
    this.#opened = found
    const { instanceId, dimensions, created, embeddingFingerprint } = found
    return { instanceId, dimensions, created, embeddingFingerprint }
  }

  readMark(key: string, signal: AbortSignal): Promise<string | undefined> {
    return readMark(this.#target, this.#current(), key, signal)
  }

  writeMark(key: string, value: string, signal: AbortSignal): Promise<void> {
    return writeMark(this.#target, this.#current(), key, value, signal)
  }

  async upsert(points: readonly Point[], signal: AbortSignal): Promise<void> {
    const { dimensions } = this.#current()
    checkPoints(points, dimensions, this.location)
    function size(point: Point): Sized<Point> {
      const { payload, json } = wellFormedPayload(point.payload)
      return { item: { ...point, payload }, bytes: jsonBytes(json, dimensions) }
    }
    await this.#write(points, size, (batch) => this.#upsertBatch(batch, signal), signal)
  }

  async replacePayload(updates: readonly PayloadUpdate[], signal: AbortSignal): Promise<void> {
    this.#current()
    function size(update: PayloadUpdate): Sized<PayloadUpdate> {
      checkPointId(update.id)
      const { payload, json } = wellFormedPayload(update.payload)
      return { item: { id: update.id, payload }, bytes: jsonBytes(json, 0) }
    }
    await this.#write(updates, size, (batch) => this.#replaceBatch(batch, signal), signal)
  }

  async delete(ids: readonly string[], signal: AbortSignal): Promise<void> {
    this.#current()
    await this.#write(ids, (item) => ({ item, bytes: 40 }), (batch) => this.#deleteBatch(batch, signal), signal)
  }

  async retrieve(ids: readonly string[], want: Want, signal: AbortSignal): Promise<readonly StoredPoint[]> {
    return retrievePoints(this.#source(), ids, want, signal)
  }

  async *scroll(filter: PointFilter, want: Want, signal: AbortSignal): AsyncGenerator<StoredPoint> {
    yield* scrollPoints(this.#source(), this.#filterOf(filter), want, signal)
  }

  async count(filter: PointFilter, signal: AbortSignal): Promise<number> {
    const { result } = await this.#target.connection.send(
      {
        doing: 'counting points',
        answer: countAnswer,
        send: (api, init) =>
          api.countPoints({ collection_name: this.#target.name, exact: true, ...this.#filterOf(filter) }, init),
      },
      signal,
    )
    return result.count
  }

  async countBySource(filter: PointFilter, signal: AbortSignal): Promise<readonly SourcePoints[]> {
    const found: SourcePoints[] = []
    for (const { value: project_id } of await this.#facet('project_id', filter, signal)) {
      for (const { value: source_type } of await this.#facet('source_type', { ...filter, project_id }, signal)) {
        for (const { value: source, count } of await this.#facet('source', { ...filter, project_id, source_type }, signal)) {
          found.push({ project_id, source_type, source, points: count })
        }
      }
    }
    return found
  }

  async search(query: SearchQuery, signal: AbortSignal): Promise<readonly SearchHit[]> {
    const { dimensions } = this.#current()
    const { vector } = query
    if (query.mode !== 'vector' || vector === undefined) throw storeError('store_search_unsupported', { mode: query.mode })
    checkVector(vector, dimensions, this.location)
    const { result } = await this.#target.connection.send(
      {
        doing: 'searching',
        answer: queryAnswer,
        maxBytes: answerBytes({ vector: false, payload: true }, query.limit, dimensions),
        send: (api, init) =>
          api.queryPoints(
            {
              collection_name: this.#target.name,
              query: Array.from(vector),
              limit: query.limit,
              with_payload: true,
              ...this.#filterOf(query.filter),
            },
            init,
          ),
      },
      signal,
    )
    return result.points.map(({ id, score, payload }) => ({ id: String(id), score, payload: payloadOf(payload ?? {}) }))
  }

  async close(): Promise<void> {
    this.#opened = undefined
  }

  /** Splits by the limits, and in two where the server takes less than they allow. */
  async #write<T, S>(
    items: readonly T[],
    size: (item: T) => Sized<S>,
    send: (batch: readonly S[]) => Promise<QdrantFailure | undefined>,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted()
    const sized = items.values().map(size)
    for (const batch of byteBatches(sized, this.#limits)) await this.#writeBatch(batch.map(({ item }) => item), send)
  }

  async #writeBatch<S>(batch: readonly S[], send: (batch: readonly S[]) => Promise<QdrantFailure | undefined>): Promise<void> {
    const failure = await send(batch)
    if (failure === undefined) return
    if (batch.length === 1) throw storeErrorFromFailure(failure, 'writing one point', this.location, undefined, undefined)
    const middle = Math.ceil(batch.length / 2)
    await this.#writeBatch(batch.slice(0, middle), send)
    await this.#writeBatch(batch.slice(middle), send)
  }

  async #upsertBatch(batch: readonly Point[], signal: AbortSignal): Promise<QdrantFailure | undefined> {
    const points = batch.map(({ id, vector, payload }) => ({ id, vector: Array.from(vector), payload: { ...payload } }))
    return this.#update('writing points', (api, init) =>
      api.upsertPoints({ collection_name: this.#target.name, wait: true, points }, init), signal)
  }

  async #deleteBatch(points: readonly string[], signal: AbortSignal): Promise<QdrantFailure | undefined> {
    return this.#update('deleting points', (api, init) =>
      api.deletePoints({ collection_name: this.#target.name, wait: true, points: points.map(wireId) }, init), signal)
  }

  /** The values of an indexed field, with the exact number of points of each. */
  async #facet(key: (typeof FILTER_FIELDS)[number], filter: PointFilter, signal: AbortSignal): Promise<Facets> {
    const { result } = await this.#target.connection.send(
      {
        doing: 'counting the points of each source',
        answer: facetAnswer,
        maxBytes: FACETS * FACET_BYTES,
        send: (api, init) =>
          api.facet({ collection_name: this.#target.name, key, limit: FACETS, exact: true, ...this.#filterOf(filter) }, init),
      },
      signal,
    )
    return result.hits
  }

  async #update(
    doing: string,
    send: (api: QdrantApi, init: RequestInit) => Promise<{ readonly data: unknown }>,
    signal: AbortSignal,
  ): Promise<QdrantFailure | undefined> {
    const { failure } = await this.#target.connection.call(
      {
        doing,
        answer: updateAnswer,
        unapplied: ({ result }) => unappliedStatus(result.status),
        handle: isTooLarge,
        send,
      },
      signal,
    )
    return failure
  }

  async #replaceBatch(batch: readonly PayloadUpdate[], signal: AbortSignal): Promise<QdrantFailure | undefined> {
    const operations = batch.map(({ id, payload }) => ({ overwrite_payload: { payload: { ...payload }, points: [id] } }))
    const doing = 'replacing payloads'
    const { failure } = await this.#target.connection.call(
      {
        doing,
        answer: batchAnswer,
        unapplied: ({ result }) => result.map(({ status }) => unappliedStatus(status)).find((status) => status !== undefined),
        handle: (problem) => isTooLarge(problem) || isMissingPoint(problem),
        send: (api, init) => api.batchUpdate({ collection_name: this.#target.name, wait: true, operations }, init),
      },
      signal,
    )
    if (failure === undefined || !isMissingPoint(failure)) return failure
    // The server stops at the first point that is missing: the rest is sent again without those.
    const present = await this.retrieve(batch.map(({ id }) => id), { vector: false, payload: false }, signal)
    const ids = new Set(present.map(({ id }) => id))
    const remaining = batch.filter(({ id }) => ids.has(id))
    // Missing and yet there: replicas disagree. Nothing is gained by asking on and on.
    if (remaining.length === batch.length) throw storeErrorFromFailure(failure, doing, this.location, undefined, undefined)
    return remaining.length === 0 ? undefined : this.#replaceBatch(remaining, signal)
  }

  #source(): PointSource {
    return { ...this.#target, dimensions: this.#current().dimensions }
  }

  #filterOf(filter: PointFilter): { filter?: NonNullable<ReturnType<typeof qdrantFilter>> } {
    const condition = qdrantFilter(filter, this.#current().markerId)
    return condition === undefined ? {} : { filter: condition }
  }

  #current(): OpenedCollection {
    if (this.#opened !== undefined) return this.#opened
    throw storeError('store_not_open', { store: `The collection ${this.location}` })
  }
}

function isMissingPoint(failure: QdrantFailure): boolean {
  return failure.kind === 'status' && failure.status === 404 && /No point with id/.test(failure.text)
}
