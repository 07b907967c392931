import { storeError } from '../codes.ts'
import type { PointFilter, PointPayload, StoredPoint } from '../vector-store.ts'
import type { RecordAnswer } from './qdrant-answers.ts'

/** The fields that filters may name; each has a payload index. */
export const FILTER_FIELDS = ['project_id', 'source_type', 'source', 'document_id'] as const

// "-0.0010000000474974513," and its like: what JSON takes for one float32 value at most.
const BYTES_PER_NUMBER = 25
const BYTES_PER_ENVELOPE = 128

/** What a point's JSON takes at most, without writing its vector out. */
export function jsonBytes(payloadJson: string, dimensions: number): number {
  return Buffer.byteLength(payloadJson) + dimensions * BYTES_PER_NUMBER + BYTES_PER_ENVELOPE
}

/** Qdrant's filter: all fields equal, and without the point that is only a marker. */
function qdrantFilter(filter: PointFilter, markerId: string | undefined): QdrantFilter | undefined {
  const must = FILTER_FIELDS.flatMap((key) => {
    const value = filter[key]
    return value === undefined ? [] : [{ key, match: { value } }]
  })
  if (must.length === 0 && markerId === undefined) return undefined
  return {
    ...(must.length === 0 ? {} : { must }),
    ...(markerId === undefined ? {} : { must_not: [{ has_id: [markerId] }] }),
  }
}

/** The same as a part of a request, absent where nothing is filtered. */
export function filterPart(filter: PointFilter, markerId: string | undefined): { filter?: QdrantFilter } {
  const condition = qdrantFilter(filter, markerId)
  return condition === undefined ? {} : { filter: condition }
}

/** The part of Qdrant's filters that is used here. */
export interface QdrantFilter {
  must?: { key: string; match: { value: string } }[]
  must_not?: { has_id: string[] }[]
}

/**
 * An id as the server takes it. Ours are UUIDs; points of other programs may have numbers, which have to be written as
 * such. One above 2^53 would be rounded to that of another point: the server refuses it as text.
 */
export function wireId(id: string): string | number {
  const number = Number(id)
  return /^\d+$/.test(id) && Number.isSafeInteger(number) ? number : id
}

/** A point from an answer. */
export function storedPoint(record: RecordAnswer): StoredPoint {
  const payload = record.payload
  return {
    id: String(record.id),
    ...(record.vector === undefined || record.vector === null ? {} : { vector: float32(record.vector, record.id) }),
    ...(payload === undefined || payload === null ? {} : { payload: payloadOf(payload) }),
  }
}

/** A payload from an answer. The client reads large integers as BigInt; JSON has none. */
export function payloadOf(payload: Record<string, unknown>): PointPayload {
  return plain(payload) as PointPayload
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  const copy = Array.isArray(value) ? value : (value as Record<string, unknown>)
  for (const [key, item] of Object.entries(copy)) {
    const repaired = plain(item)
    if (repaired !== item) (copy as Record<string, unknown>)[key] = repaired
  }
  return copy
}

/**
 * The vector of an answer. The server prints a float32 value in its shortest form; reading that as a double and
 * rounding gives the same float32 value back. A collection that has named vectors beside the default one answers
 * with an object, in which the default one has the empty name.
 */
function float32(vector: unknown, id: RecordAnswer['id']): Float32Array {
  const values = Array.isArray(vector) ? vector : (vector as Record<string, unknown>)['']
  if (Array.isArray(values) && values.every((value) => typeof value === 'number' || typeof value === 'bigint')) {
    return Float32Array.from(values, Number)
  }
  throw storeError('store_answer_unexpected/vector', { point: String(id) })
}
