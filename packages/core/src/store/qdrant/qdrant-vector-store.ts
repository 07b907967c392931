import { checkVector } from '../check-point.ts'
import { storeError } from '../codes.ts'
import type { CollectionInfo, CollectionSpec, Point, PointFilter, SearchHit, SearchQuery, SourcePoints, StoredPoint, VectorStore } from '../vector-store.ts'
import type { BatchLimits } from './byte-batches.ts'
import { queryAnswer } from './qdrant-answers.ts'
import { openCollection, openCollectionUnchanged, type OpenedCollection, peekCollection } from './qdrant-collection.ts'
import type { CollectionTarget } from './qdrant-collection-requests.ts'
import { QdrantConnection, type QdrantConnectionOptions } from './qdrant-connection.ts'
import { countBySource, countPoints } from './qdrant-counts.ts'
import { answerBytes, type PointSource, retrievePoints, scrollPoints, type Want } from './qdrant-listing.ts'
import { readMark, writeMark } from './qdrant-marks.ts'
import { filterPart, payloadOf } from './qdrant-points.ts'
import { deletePoints, type PayloadUpdate, type PointWriter, replacePayloads, upsertPoints } from './qdrant-writes.ts'

/** Settings of a {@link QdrantVectorStore}. */
export interface QdrantVectorStoreOptions extends QdrantConnectionOptions {
  readonly collectionName: string
  /**
   * Upper bounds of one writing request. Default 1,000 points and 16 MB of JSON: half of what a server takes unless it
   * was configured otherwise.
   */
  readonly batch?: Partial<BatchLimits>
}

const BATCH: BatchLimits = { points: 1_000, bytes: 16_000_000 }

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
    await upsertPoints(this.#writer(), points, signal)
  }

  async replacePayload(updates: readonly PayloadUpdate[], signal: AbortSignal): Promise<void> {
    await replacePayloads(this.#writer(), updates, signal)
  }

  async delete(ids: readonly string[], signal: AbortSignal): Promise<void> {
    await deletePoints(this.#writer(), ids, signal)
  }

  async retrieve(ids: readonly string[], want: Want, signal: AbortSignal): Promise<readonly StoredPoint[]> {
    return retrievePoints(this.#source(), ids, want, signal)
  }

  async *scroll(filter: PointFilter, want: Want, signal: AbortSignal): AsyncGenerator<StoredPoint> {
    yield* scrollPoints(this.#source(), filterPart(filter, this.#current().markerId), want, signal)
  }

  async count(filter: PointFilter, signal: AbortSignal): Promise<number> {
    return countPoints(this.#target, this.#current().markerId, filter, signal)
  }

  async countBySource(filter: PointFilter, signal: AbortSignal): Promise<readonly SourcePoints[]> {
    return countBySource(this.#target, this.#current().markerId, filter, signal)
  }

  async search(query: SearchQuery, signal: AbortSignal): Promise<readonly SearchHit[]> {
    const { dimensions, markerId } = this.#current()
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
              ...filterPart(query.filter, markerId),
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

  #writer(): PointWriter {
    return { ...this.#source(), limits: this.#limits }
  }

  #source(): PointSource {
    return { ...this.#target, dimensions: this.#current().dimensions }
  }

  #current(): OpenedCollection {
    if (this.#opened !== undefined) return this.#opened
    throw storeError('store_not_open', { store: `The collection ${this.location}` })
  }
}
