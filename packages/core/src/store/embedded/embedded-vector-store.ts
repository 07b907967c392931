import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { countRequest } from '../../performance/request-scope.ts'
import { isBusy } from '../../sqlite/sqlite-fault.ts'
import type { BusyWait } from '../../sqlite/while-busy.ts'
import { checkPointId, checkPoints, checkVector } from '../check-point.ts'
import { storeError } from '../codes.ts'
import { fuseByReciprocalRank } from '../reciprocal-rank-fusion.ts'
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
import { type CosineImplementation, floatsOf, provideCosineDistance } from './cosine-distance.ts'
import { CHECKPOINT_PAGES, type EmbeddedConnection, openEmbedded } from './embedded-connection.ts'
import { keywordSearch, vectorSearch } from './embedded-search.ts'
import { createTables, type EmbeddedMeta, readMeta, writeMeta } from './embedded-schema.ts'
import { deletePoints, replacePayloads, tidyText, upsertPoints } from './embedded-writes.ts'
import { conditionOf } from './filter-sql.ts'
import { toStoreError } from './store-file-error.ts'
import { ThreadedWriter } from './threaded-writer.ts'

const DEFAULT_BUSY_TIMEOUT_MS = 10_000
/** One transaction holds at most so many points. */
const BATCH_POINTS = 1_000
/** From so many points in one call on, a thread writes them. Fewer are written faster than a thread starts. */
const THREAD_FROM_POINTS = 100
/** One page of a read holds at most so many points. */
const PAGE_POINTS = 256

/** Settings of an {@link EmbeddedVectorStore}. */
export interface EmbeddedVectorStoreOptions {
  /** The SQLite file. It and its folder are created by `open` when they are missing. */
  readonly path: string
  /** Milliseconds to wait for another process that writes. Default 10,000. */
  readonly busyTimeoutMs?: number
  /** Where the distance function comes from; `javascript` is for tests of the fallback. Default `auto`. */
  readonly cosine?: CosineImplementation
  /** From so many points in one upsert on, they are written in a thread of its own. Default 100. */
  readonly threadFrom?: number
  /** Milliseconds; for tests. */
  readonly now?: () => number
  /** For tests. */
  readonly sleep?: BusyWait['sleep']
}

type Opened = { readonly connection: EmbeddedConnection; readonly meta: EmbeddedMeta }
type Want = { readonly vector: boolean; readonly payload: boolean }
type Row = { readonly id: string; readonly vector?: Uint8Array; readonly payload?: string }

/**
 * Points in one SQLite file: exact cosine search (sqlite-vec's function over a plain column, so that every filter
 * applies before the limit), FTS5 for keywords. Several processes may use one file at once. A call that resolved is
 * on disk, also after a power failure.
 */
export class EmbeddedVectorStore implements VectorStore {
  readonly kind = 'embedded'
  readonly searchModes = ['vector', 'keyword', 'fused'] as const
  readonly location: string
  readonly #options: EmbeddedVectorStoreOptions
  #opened: Opened | undefined
  readonly #writer: ThreadedWriter
  #cosine: Promise<unknown> | undefined
  #requests = 0
  /** Points whose text may have left something behind in the full-text index since this store was opened. */
  #changed = 0

  constructor(options: EmbeddedVectorStoreOptions) {
    this.#options = options
    this.location = resolve(options.path)
    this.#writer = new ThreadedWriter({ path: this.location, busyTimeoutMs: options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS })
  }

  get requests(): number {
    return this.#requests
  }

  #countRequest(): void {
    this.#requests += 1
    countRequest('store')
  }

  async open(spec: CollectionSpec, signal: AbortSignal): Promise<CollectionInfo> {
    signal.throwIfAborted()
    const connection = this.#connect(true) as EmbeddedConnection
    try {
      const found = await connection.read(() => readMeta(connection.database, this.location), signal)
      const fits = found?.embeddingFingerprint === spec.embeddingFingerprint
      const { meta, created } = fits ? { meta: found, created: false } : await this.#create(connection, spec, signal)
      this.#countRequest()
      this.#adopt({ connection, meta })
      return { instanceId: meta.instanceId, dimensions: meta.dimensions, created }
    } catch (error) {
      connection.close()
      throw toStoreError(error, this.location)
    }
  }

  async openUnchanged(spec: CollectionSpec, signal: AbortSignal): Promise<CollectionInfo | undefined> {
    const found = await this.peek(signal)
    if (found === undefined) return undefined
    const { instanceId, dimensions, created, embeddingFingerprint } = found
    if (embeddingFingerprint === spec.embeddingFingerprint) return { instanceId, dimensions, created }
    if ((await this.count({}, signal)) > 0) throw otherEmbedding(this.location, found, await spec.dimensions())
    return undefined
  }

  async peek(signal: AbortSignal): Promise<(CollectionInfo & { embeddingFingerprint: string }) | undefined> {
    signal.throwIfAborted()
    const connection = this.#connect(false)
    if (connection === undefined) return undefined
    try {
      const meta = await connection.read(() => readMeta(connection.database, this.location), signal)
      this.#countRequest()
      if (meta === undefined) {
        connection.close()
        return undefined
      }
      this.#adopt({ connection, meta })
      return { ...meta, created: false }
    } catch (error) {
      connection.close()
      throw toStoreError(error, this.location)
    }
  }

  readMark(key: string, signal: AbortSignal): Promise<string | undefined> {
    const { database } = this.#current().connection
    return this.#read(
      () => database.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(markKey(key)) as string | undefined,
      signal,
    )
  }

  async writeMark(key: string, value: string, signal: AbortSignal): Promise<void> {
    const { connection } = this.#current()
    this.#countRequest()
    await connection.write(
      () => void connection.database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(markKey(key), value),
      signal,
    )
  }

  async upsert(points: readonly Point[], signal: AbortSignal): Promise<void> {
    const { connection, meta } = this.#current()
    checkPoints(points, meta.dimensions, this.location)
    if (points.length >= (this.#options.threadFrom ?? THREAD_FROM_POINTS)) await this.#upsertInThread(points, signal)
    else await this.#inBatches(points, signal, (batch) => upsertPoints(connection, batch))
    this.#changed += points.length
  }

  async replacePayload(
    updates: readonly { readonly id: string; readonly payload: PointPayload }[],
    signal: AbortSignal,
  ): Promise<void> {
    const { connection } = this.#current()
    for (const update of updates) checkPointId(update.id)
    await this.#inBatches(updates, signal, (batch) => replacePayloads(connection, batch))
    this.#changed += updates.length
  }

  async delete(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const { connection } = this.#current()
    await this.#inBatches(ids, signal, (batch) => deletePoints(connection, batch))
    this.#changed += ids.length
  }

  async retrieve(ids: readonly string[], want: Want, signal: AbortSignal): Promise<readonly StoredPoint[]> {
    const { connection } = this.#current()
    const sql = `SELECT ${columnsOf(want)} FROM json_each(?) AS wanted JOIN points ON points.id = wanted.value`
    const found: StoredPoint[] = []
    for (let start = 0; start < ids.length; start += BATCH_POINTS) {
      const wanted = JSON.stringify(ids.slice(start, start + BATCH_POINTS))
      const rows = await this.#read(() => connection.prepare(sql).all(wanted) as Row[], signal)
      for (const row of rows) found.push(pointOf(row))
    }
    return found
  }

  async *scroll(filter: PointFilter, want: Want, signal: AbortSignal): AsyncGenerator<StoredPoint> {
    const { connection } = this.#current()
    const { sql, parameters } = conditionOf(filter)
    // The row numbers first: with a page by `id > ?` SQLite would sort all matches for every page.
    const keysSql = `SELECT pk FROM points WHERE ${sql} ORDER BY id`
    const keys = await this.#read(() => connection.prepare(keysSql).pluck().all(...parameters) as number[], signal)
    const pageSql = `SELECT ${columnsOf(want)} FROM json_each(?) AS page JOIN points ON points.pk = page.value ORDER BY points.id`
    for (let start = 0; start < keys.length; start += PAGE_POINTS) {
      // SQLite answers at once: without a pause a long scroll would leave no turn to heartbeats, the display and Ctrl-C.
      await nextTurn()
      const page = JSON.stringify(keys.slice(start, start + PAGE_POINTS))
      const rows = await this.#read(() => connection.prepare(pageSql).all(page) as Row[], signal)
      for (const row of rows) yield pointOf(row)
    }
  }

  async count(filter: PointFilter, signal: AbortSignal): Promise<number> {
    const { connection } = this.#current()
    const { sql, parameters } = conditionOf(filter)
    const countSql = `SELECT count(*) FROM points WHERE ${sql}`
    return this.#read(() => connection.prepare(countSql).pluck().get(...parameters) as number, signal)
  }

  async countBySource(filter: PointFilter, signal: AbortSignal): Promise<readonly SourcePoints[]> {
    const { connection } = this.#current()
    const { sql, parameters } = conditionOf(filter)
    const groupSql = `SELECT project_id, source_type, source, count(*) AS points FROM points WHERE ${sql}
      GROUP BY project_id, source_type, source`
    return this.#read(() => connection.prepare(groupSql).all(...parameters) as SourcePoints[], signal)
  }

  async search(query: SearchQuery, signal: AbortSignal): Promise<readonly SearchHit[]> {
    if (query.mode === 'keyword') return this.#keywordSearch(query, query.limit, signal)
    if (query.mode === 'vector') return this.#vectorSearch(query, query.limit, signal)
    // Deeper than asked for: what is middling in both lists may beat what leads one.
    const depth = Math.max(query.limit * 3, 100)
    const lists = [await this.#vectorSearch(query, depth, signal), await this.#keywordSearch(query, depth, signal)]
    return fuseByReciprocalRank(lists, query.limit)
  }

  async close(): Promise<void> {
    const connection = this.#opened?.connection
    this.#opened = undefined
    this.#cosine = undefined
    await this.#writer.close()
    try {
      // A page of the index holds the text of a few points.
      if (connection !== undefined && this.#changed > 0) tidyText(connection, Math.ceil(this.#changed / 2))
    } catch (error) {
      // Left to the next time: the data is committed, and another process may be writing.
      if (!isBusy(error)) throw toStoreError(error, this.location)
    } finally {
      this.#changed = 0
      connection?.close()
    }
  }

  #keywordSearch(query: SearchQuery, limit: number, signal: AbortSignal): Promise<SearchHit[]> {
    const { connection } = this.#current()
    return this.#read(() => keywordSearch(connection, query.text, query.filter, limit), signal)
  }

  async #vectorSearch(query: SearchQuery, limit: number, signal: AbortSignal): Promise<SearchHit[]> {
    const { connection, meta } = this.#current()
    const vector = query.vector
    if (vector === undefined) throw storeError('store_query_invalid', { mode: query.mode })
    checkVector(vector, meta.dimensions, this.location)
    this.#cosine ??= provideCosineDistance(connection.database, this.#options.cosine ?? 'auto')
    await this.#cosine
    return this.#read(() => vectorSearch(connection, vector, query.filter, limit), signal)
  }

  #connect(create: boolean): EmbeddedConnection | undefined {
    const { busyTimeoutMs: timeoutMs = DEFAULT_BUSY_TIMEOUT_MS, now, sleep } = this.#options
    return openEmbedded(this.location, { timeoutMs, ...(now && { now }), ...(sleep && { sleep }) }, { create })
  }

  /** Creates the collection, or gives an empty one its new embedding. Refuses one that holds other vectors. */
  async #create(
    connection: EmbeddedConnection,
    spec: CollectionSpec,
    signal: AbortSignal,
  ): Promise<{ readonly meta: EmbeddedMeta; readonly created: boolean }> {
    const dimensions = await spec.dimensions()
    const { database } = connection
    // A row of 384 dimensions and 1 KB of text takes 3 KB: large pages waste less. Has an effect on a new file only.
    database.pragma('page_size = 16384')
    await connection.read(() => database.pragma('journal_mode = WAL'), signal)
    return connection.write(() => {
      // Read again inside the transaction: another process may have been first.
      const found = readMeta(database, this.location)
      if (found?.embeddingFingerprint === spec.embeddingFingerprint) return { meta: found, created: false }
      if (found === undefined) createTables(database)
      else if (database.prepare('SELECT 1 FROM points LIMIT 1').get() !== undefined) {
        throw otherEmbedding(this.location, found, dimensions)
      }
      return { meta: writeMeta(database, dimensions, spec.embeddingFingerprint), created: true }
    }, signal)
  }

  #adopt(opened: Opened): void {
    this.#opened?.connection.close()
    // What the pipeline commits to its state after a call must outlive a power failure.
    opened.connection.makeDurable(CHECKPOINT_PAGES)
    this.#opened = opened
    this.#cosine = undefined
  }

  #current(): Opened {
    if (this.#opened !== undefined) return this.#opened
    throw storeError('store_not_open', { store: `The embedded store ${this.location}` })
  }

  #read<T>(work: () => T, signal: AbortSignal): Promise<T> {
    this.#countRequest()
    return this.#current().connection.read(work, signal)
  }

  async #upsertInThread(points: readonly Point[], signal: AbortSignal): Promise<void> {
    for (let start = 0; start < points.length; start += BATCH_POINTS) {
      signal.throwIfAborted()
      this.#countRequest()
      await this.#writer.upsert(points.slice(start, start + BATCH_POINTS))
    }
  }

  async #inBatches<T>(items: readonly T[], signal: AbortSignal, apply: (batch: readonly T[]) => void): Promise<void> {
    signal.throwIfAborted()
    for (let start = 0; start < items.length; start += BATCH_POINTS) {
      // Between batches timers and sockets get their turn.
      if (start > 0) await nextTurn()
      this.#countRequest()
      await this.#current().connection.write(() => apply(items.slice(start, start + BATCH_POINTS)), signal)
    }
  }
}

function markKey(key: string): string {
  return `mark:${key}`
}

function columnsOf(want: Want): string {
  return ['points.id', ...(want.vector ? ['points.vector'] : []), ...(want.payload ? ['points.payload'] : [])].join(', ')
}

function pointOf(row: Row): StoredPoint {
  return {
    id: row.id,
    ...(row.vector === undefined ? {} : { vector: new Float32Array(floatsOf(row.vector)) }),
    ...(row.payload === undefined ? {} : { payload: JSON.parse(row.payload) as PointPayload }),
  }
}

function otherEmbedding(location: string, found: Pick<EmbeddedMeta, 'dimensions'>, dimensions: number): LoaderError {
  if (found.dimensions === dimensions) return storeError('store_embedding_mismatch/embedded', { location })
  return storeError('store_dimensions_mismatch/embedded', { location, held: found.dimensions, wanted: dimensions })
}
