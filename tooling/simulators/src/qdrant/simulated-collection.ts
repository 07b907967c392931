import { cosinePreprocess, similarity } from './float32.ts'
import type { Filter, Payload, PointId } from './schemas.ts'

/** A point as the collection holds it. */
export interface SimulatedPoint {
  readonly id: PointId
  readonly vector: Float32Array
  readonly payload: Payload
}

/** A collection in memory. Tests look into it and may change it directly, as another client of the server would. */
export class SimulatedCollection {
  readonly size: number
  readonly distance: string
  metadata: Payload | undefined
  /** Indexed fields and their schema. */
  readonly indexes = new Map<string, { readonly is_tenant?: boolean | undefined }>()
  readonly #points = new Map<PointId, SimulatedPoint>()
  #sorted: PointId[] | undefined

  constructor(size: number, distance: string, metadata?: Payload) {
    this.size = size
    this.distance = distance
    this.metadata = metadata
  }

  /** How many points there are, whatever they are for. */
  get count(): number {
    return this.#points.size
  }

  get(id: PointId): SimulatedPoint | undefined {
    return this.#points.get(normalId(id))
  }

  put(id: PointId, vector: readonly number[], payload: Payload): void {
    const key = normalId(id)
    if (!this.#points.has(key)) this.#sorted = undefined
    this.#points.set(key, { id: key, vector: cosinePreprocess(vector), payload })
  }

  /** False when there is no such point. */
  overwritePayload(id: PointId, payload: Payload): boolean {
    const found = this.get(id)
    if (found === undefined) return false
    this.#points.set(found.id, { ...found, payload })
    return true
  }

  remove(id: PointId): boolean {
    const removed = this.#points.delete(normalId(id))
    if (removed) this.#sorted = undefined
    return removed
  }

  /** All points by ascending id: numbers, then UUIDs. */
  *points(filter?: Filter, from?: PointId): Generator<SimulatedPoint> {
    this.#sorted ??= [...this.#points.keys()].sort(compareIds)
    const ids = this.#sorted
    let index = from === undefined ? 0 : lowerBound(ids, normalId(from))
    for (; index < ids.length; index++) {
      const point = this.#points.get(ids[index] as PointId)
      if (point !== undefined && matches(point, filter)) yield point
    }
  }

  /** The nearest points, best first. */
  nearest(values: readonly number[], filter: Filter | undefined, limit: number): { point: SimulatedPoint; score: number }[] {
    const vector = cosinePreprocess(values)
    return [...this.points(filter)]
      .map((point) => ({ point, score: similarity(vector, point.vector) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
  }
}

/** UUIDs are kept in lower case with dashes, however they were written. */
function normalId(id: PointId): PointId {
  if (typeof id === 'number') return id
  const hex = id.replaceAll('-', '').toLowerCase()
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function compareIds(a: PointId, b: PointId): number {
  if (typeof a === 'number' || typeof b === 'number') {
    return typeof a === 'number' && typeof b === 'number' ? a - b : typeof a === 'number' ? -1 : 1
  }
  return a < b ? -1 : a > b ? 1 : 0
}

function lowerBound(ids: readonly PointId[], wanted: PointId): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareIds(ids[middle] as PointId, wanted) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function matches(point: SimulatedPoint, filter: Filter | undefined): boolean {
  const excluded = filter?.must_not?.some(({ has_id }) => has_id.some((id) => normalId(id) === point.id)) ?? false
  return !excluded && (filter?.must?.every(({ key, match }) => point.payload[key] === match.value) ?? true)
}
