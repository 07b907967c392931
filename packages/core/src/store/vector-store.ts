import type { Json, JsonObject } from '@qdrant-loader/connector-sdk'

/** What every point's payload holds (design 8). Snake case because clients of the collection read it. */
export interface PointPayload {
  readonly content: string
  readonly title: string
  readonly url: string
  readonly project_id: string
  readonly source_type: string
  readonly source: string
  readonly document_id: string
  readonly chunk_index: number
  readonly chunk_count: number
  readonly heading_path: readonly string[]
  readonly content_type: string
  /** ISO 8601 in UTC, or null where the source has none. */
  readonly created_at: string | null
  readonly updated_at: string | null
  readonly metadata: JsonObject
  /** Volatile: may differ between an incremental and a clean build. Nothing filters or compares by it. */
  readonly _sync: { readonly [key: string]: Json }
}

/** A chunk as it lives in the store. */
export interface Point {
  /** UUID, lower case with dashes. */
  readonly id: string
  /** Unit length (the stores compare by cosine), `dimensions` long. */
  readonly vector: Float32Array
  readonly payload: PointPayload
}

/** A point read back; `vector` and `payload` are there when they were asked for. */
export interface StoredPoint {
  readonly id: string
  readonly vector?: Float32Array
  readonly payload?: PointPayload
}

/** Equality on payload fields; absent fields do not filter. */
export interface PointFilter {
  readonly project_id?: string
  readonly source_type?: string
  readonly source?: string
  readonly document_id?: string
}

/** How many points one source has. */
export interface SourcePoints {
  readonly project_id: string
  readonly source_type: string
  readonly source: string
  readonly points: number
}

/** The collection that a sync needs. */
export interface CollectionSpec {
  /** Identifies the model that made the vectors; see `Embedder.fingerprint`. */
  readonly embeddingFingerprint: string
  /** Called only when the collection has to be created, or to compare with an existing one whose fingerprint is unknown. */
  readonly dimensions: () => Promise<number>
}

/** An opened collection. */
export interface CollectionInfo {
  /**
   * A UUID made when the collection was created. Another value than last time means another (or a recreated)
   * collection, so that nothing in the state about its points holds.
   */
  readonly instanceId: string
  readonly dimensions: number
  readonly created: boolean
}

/** How to search. `fused` ranks by reciprocal rank fusion of both. */
export type SearchMode = 'vector' | 'keyword' | 'fused'

export interface SearchQuery {
  readonly mode: SearchMode
  /** The query's text, for `keyword` and `fused`. */
  readonly text: string
  /** The query's vector, for `vector` and `fused`. */
  readonly vector?: Float32Array
  readonly filter: PointFilter
  /** 1 to 1,000. */
  readonly limit: number
}

/** A point that a search found. */
export interface SearchHit {
  readonly id: string
  /** Higher is better. Cosine similarity for `vector`; comparable only within one answer for the others. */
  readonly score: number
  readonly payload: PointPayload
}

/**
 * Where points live. Two adapters: `embedded` and `qdrant`; one contract suite holds both.
 *
 * Every method resolves when its effect is applied and durable, else throws a LoaderError: `transient` when the store
 * stayed unreachable after the configured retries, `auth`, `config` (a collection that does not fit), `internal`.
 * Batches may be of any size: the adapter splits them by bytes and count. Upserts and deletes are idempotent.
 */
export interface VectorStore {
  readonly kind: 'embedded' | 'qdrant'
  /** For people: the file's path, or URL and collection name. Without secrets. */
  readonly location: string
  readonly searchModes: readonly SearchMode[]
  /** Requests (or, embedded, statements batches) sent so far. */
  readonly requests: number

  /** Opens the collection, creating it and its indexes when it is missing. Refuses one that does not fit. */
  open(spec: CollectionSpec, signal: AbortSignal): Promise<CollectionInfo>
  /**
   * What `open` would open, for a dry run: nothing is created or changed. Refuses what `open` refuses; undefined where
   * it would create a collection, or give an empty one a new identity.
   */
  openUnchanged(spec: CollectionSpec, signal: AbortSignal): Promise<CollectionInfo | undefined>
  /** Opens without creating: undefined when there is no collection. For search, export and status. */
  peek(signal: AbortSignal): Promise<(CollectionInfo & { readonly embeddingFingerprint: string | undefined }) | undefined>
  /** The text that the collection keeps under a key (letters, digits and dashes); undefined when it keeps none. */
  readMark(key: string, signal: AbortSignal): Promise<string | undefined>
  /** Keeps a text under a key. Marks are no points: no read shows them. */
  writeMark(key: string, value: string, signal: AbortSignal): Promise<void>
  /** Inserts or replaces whole points. */
  upsert(points: readonly Point[], signal: AbortSignal): Promise<void>
  /** Replaces the payload of points that exist; vectors stay. Ids that are missing are ignored. */
  replacePayload(updates: readonly { readonly id: string; readonly payload: PointPayload }[], signal: AbortSignal): Promise<void>
  /** Deletes by id. Ids that are missing are ignored. */
  delete(ids: readonly string[], signal: AbortSignal): Promise<void>
  /** Points by id, in any order; missing ones are absent. */
  retrieve(
    ids: readonly string[],
    want: { readonly vector: boolean; readonly payload: boolean },
    signal: AbortSignal,
  ): Promise<readonly StoredPoint[]>
  /** All points that match, by ascending id, as a stream. */
  scroll(
    filter: PointFilter,
    want: { readonly vector: boolean; readonly payload: boolean },
    signal: AbortSignal,
  ): AsyncIterable<StoredPoint>
  count(filter: PointFilter, signal: AbortSignal): Promise<number>
  /**
   * How many of the points that match each source has, in no particular order; from the indexes, without reading a
   * point. A point that lacks one of the three fields is in no source.
   */
  countBySource(filter: PointFilter, signal: AbortSignal): Promise<readonly SourcePoints[]>
  search(query: SearchQuery, signal: AbortSignal): Promise<readonly SearchHit[]>
  close(): Promise<void>
}
