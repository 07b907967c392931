import { randomUUID } from 'node:crypto'
import type {
  CollectionInfo,
  CollectionSpec,
  Point,
  PointFilter,
  PointPayload,
  SearchHit,
  SearchMode,
  SearchQuery,
  SourcePoints,
  StoredPoint,
  VectorStore,
} from '../vector-store.ts'
import { type WrittenPoint, WrittenPoints } from './written-points.ts'

const PAGE = 500
const FILTERS = ['project_id', 'source_type', 'source', 'document_id'] as const

type Want = { readonly vector: boolean; readonly payload: boolean }

/**
 * A collection for a dry run: what the real one holds is read, and what is written and deleted is remembered over it, so
 * that later reads see it. Nothing of that reaches the real store. Vectors are all zero: a dry run only asks whether
 * there is one.
 */
export class RehearsalStore implements VectorStore {
  readonly kind: VectorStore['kind']
  readonly location: string
  readonly searchModes: readonly SearchMode[]
  readonly #real: VectorStore
  readonly #written = new WrittenPoints()
  readonly #marks = new Map<string, string>()
  /** False while the real store has no collection to read. */
  #exists = false
  #vector = new Float32Array(0)

  /** @param real stays its owner's: closing this one does not close it. */
  constructor(real: VectorStore) {
    this.#real = real
    this.kind = real.kind
    this.location = real.location
    this.searchModes = real.searchModes
  }

  get requests(): number {
    return this.#real.requests
  }

  /** Refuses what a sync would refuse. */
  async open(spec: CollectionSpec, signal: AbortSignal): Promise<CollectionInfo> {
    const found = await this.openUnchanged(spec, signal)
    const info = found ?? { instanceId: randomUUID(), dimensions: await spec.dimensions(), created: true }
    this.#vector = new Float32Array(info.dimensions)
    return info
  }

  async openUnchanged(spec: CollectionSpec, signal: AbortSignal): Promise<CollectionInfo | undefined> {
    const found = await this.#real.openUnchanged(spec, signal)
    this.#exists = found !== undefined
    return found
  }

  async peek(signal: AbortSignal): ReturnType<VectorStore['peek']> {
    const found = await this.#real.peek(signal)
    this.#exists = found !== undefined
    return found
  }

  async readMark(key: string, signal: AbortSignal): Promise<string | undefined> {
    const written = this.#marks.get(key)
    if (written !== undefined || !this.#exists) return written
    return await this.#real.readMark(key, signal)
  }

  async writeMark(key: string, value: string): Promise<void> {
    this.#marks.set(key, value)
  }

  async upsert(points: readonly Point[]): Promise<void> {
    this.#written.put(points)
  }

  async replacePayload(updates: readonly { readonly id: string; readonly payload: PointPayload }[], signal: AbortSignal): Promise<void> {
    const present = new Set((await this.retrieve(updates.map(({ id }) => id), { vector: false, payload: false }, signal)).map(({ id }) => id))
    this.#written.put(updates.filter(({ id }) => present.has(id)))
  }

  async delete(ids: readonly string[]): Promise<void> {
    this.#written.put(ids.map((id) => ({ id, payload: undefined })))
  }

  async retrieve(ids: readonly string[], want: Want, signal: AbortSignal): Promise<readonly StoredPoint[]> {
    const written = this.#written.among(ids)
    const others = ids.filter((id) => !written.has(id))
    const stored = this.#exists && others.length > 0 ? await this.#real.retrieve(others, { ...want, vector: false }, signal) : []
    return [...written.values().flatMap((point) => this.#stored(point, want)), ...stored.map((point) => this.#withVector(point, want))]
  }

  /** In the order of ids, from both. */
  async *scroll(filter: PointFilter, want: Want, signal: AbortSignal): AsyncGenerator<StoredPoint> {
    const written = this.#writtenInOrder()
    let next = written.next()
    const real = this.#exists ? this.#real.scroll(filter, { ...want, vector: false }, signal) : []
    for await (const point of real) {
      for (; next.done !== true && next.value.id < point.id; next = written.next()) yield* this.#matching(next.value, filter, want)
      // What was written over it is what there is.
      if (this.#written.among([point.id]).size === 0) yield this.#withVector(point, want)
    }
    for (; next.done !== true; next = written.next()) yield* this.#matching(next.value, filter, want)
  }

  async count(filter: PointFilter, signal: AbortSignal): Promise<number> {
    let count = 0
    for await (const _point of this.scroll(filter, { vector: false, payload: false }, signal)) count += 1
    return count
  }

  async countBySource(filter: PointFilter, signal: AbortSignal): Promise<readonly SourcePoints[]> {
    const counts = new Map<string, SourcePoints>()
    for await (const { payload } of this.scroll(filter, { vector: false, payload: true }, signal)) {
      if (payload === undefined) continue
      const { project_id, source_type, source } = payload
      const key = JSON.stringify([project_id, source_type, source])
      counts.set(key, { project_id, source_type, source, points: (counts.get(key)?.points ?? 0) + 1 })
    }
    return [...counts.values()]
  }

  /** Finds what the real collection holds: what a dry run wrote has no vector to be found by. */
  async search(query: SearchQuery, signal: AbortSignal): Promise<readonly SearchHit[]> {
    return this.#exists ? await this.#real.search(query, signal) : []
  }

  async close(): Promise<void> {
    this.#written.close()
  }

  *#writtenInOrder(): Generator<WrittenPoint, undefined> {
    let page = this.#written.page('', PAGE)
    while (page.length > 0) {
      yield* page
      page = this.#written.page(page.at(-1)?.id ?? '', PAGE)
    }
  }

  *#matching(point: WrittenPoint, filter: PointFilter, want: Want): Generator<StoredPoint> {
    const { payload } = point
    if (payload !== undefined && FILTERS.every((field) => filter[field] === undefined || payload[field] === filter[field])) yield* this.#stored(point, want)
  }

  #stored({ id, payload }: WrittenPoint, want: Want): readonly StoredPoint[] {
    if (payload === undefined) return []
    return [this.#withVector({ id, ...(want.payload && { payload }) }, want)]
  }

  #withVector(point: StoredPoint, want: Want): StoredPoint {
    return want.vector ? { ...point, vector: this.#vector } : point
  }
}
