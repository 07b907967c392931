import { checkPointId, checkPoints } from '../check-point.ts'
import type { Point, PointPayload } from '../vector-store.ts'
import { wellFormedPayload } from '../well-formed-payload.ts'
import { type BatchLimits, byteBatches } from './byte-batches.ts'
import { batchAnswer, updateAnswer } from './qdrant-answers.ts'
import { unappliedStatus } from './qdrant-collection-requests.ts'
import type { QdrantApi } from './qdrant-connection.ts'
import { isTooLarge, type QdrantFailure, storeErrorFromFailure } from './qdrant-error.ts'
import { type PointSource, retrievePoints } from './qdrant-listing.ts'
import { jsonBytes, wireId } from './qdrant-points.ts'

/** An opened collection, and how much goes into one request. */
export interface PointWriter extends PointSource {
  readonly limits: BatchLimits
}

/** A new payload of a point that is there. */
export interface PayloadUpdate {
  readonly id: string
  readonly payload: PointPayload
}

type Sized<T> = { readonly item: T; readonly bytes: number }

/** What an id takes in a list of them. */
const ID_BYTES = 40

/** Writes points, those with the same id over what was there. */
export async function upsertPoints(writer: PointWriter, points: readonly Point[], signal: AbortSignal): Promise<void> {
  const { dimensions, name } = writer
  checkPoints(points, dimensions, writer.location)
  function size(point: Point): Sized<Point> {
    const { payload, json } = wellFormedPayload(point.payload)
    return { item: { ...point, payload }, bytes: jsonBytes(json, dimensions) }
  }
  await write(writer, points, size, (batch) => {
    const rows = batch.map(({ id, vector, payload }) => ({ id, vector: Array.from(vector), payload: { ...payload } }))
    return update(writer, 'writing points', (api, init) => api.upsertPoints({ collection_name: name, wait: true, points: rows }, init), signal)
  }, signal)
}

/** Replaces payloads; points that are not there are passed over. */
export async function replacePayloads(writer: PointWriter, updates: readonly PayloadUpdate[], signal: AbortSignal): Promise<void> {
  function size({ id, payload: given }: PayloadUpdate): Sized<PayloadUpdate> {
    checkPointId(id)
    const { payload, json } = wellFormedPayload(given)
    return { item: { id, payload }, bytes: jsonBytes(json, 0) }
  }
  await write(writer, updates, size, (batch) => replaceBatch(writer, batch, signal), signal)
}

/** Deletes points by their ids. */
export async function deletePoints(writer: PointWriter, ids: readonly string[], signal: AbortSignal): Promise<void> {
  await write(writer, ids, (item) => ({ item, bytes: ID_BYTES }), (batch) => {
    const points = batch.map(wireId)
    return update(writer, 'deleting points', (api, init) => api.deletePoints({ collection_name: writer.name, wait: true, points }, init), signal)
  }, signal)
}

/** Splits by the limits, and in two where the server takes less than they allow. */
async function write<T, S>(
  writer: PointWriter,
  items: readonly T[],
  size: (item: T) => Sized<S>,
  send: (batch: readonly S[]) => Promise<QdrantFailure | undefined>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  const sized = items.values().map(size)
  for (const batch of byteBatches(sized, writer.limits)) await writeBatch(writer, batch.map(({ item }) => item), send)
}

async function writeBatch<S>(writer: PointWriter, batch: readonly S[], send: (batch: readonly S[]) => Promise<QdrantFailure | undefined>): Promise<void> {
  const failure = await send(batch)
  if (failure === undefined) return
  if (batch.length === 1) throw storeErrorFromFailure(failure, 'writing one point', writer.location, undefined, undefined)
  const middle = Math.ceil(batch.length / 2)
  await writeBatch(writer, batch.slice(0, middle), send)
  await writeBatch(writer, batch.slice(middle), send)
}

async function update(
  writer: PointWriter,
  doing: string,
  send: (api: QdrantApi, init: RequestInit) => Promise<{ readonly data: unknown }>,
  signal: AbortSignal,
): Promise<QdrantFailure | undefined> {
  const { failure } = await writer.connection.call(
    { doing, answer: updateAnswer, unapplied: ({ result }) => unappliedStatus(result.status), handle: isTooLarge, send },
    signal,
  )
  return failure
}

async function replaceBatch(writer: PointWriter, batch: readonly PayloadUpdate[], signal: AbortSignal): Promise<QdrantFailure | undefined> {
  const operations = batch.map(({ id, payload }) => ({ overwrite_payload: { payload: { ...payload }, points: [id] } }))
  const doing = 'replacing payloads'
  const { failure } = await writer.connection.call(
    {
      doing,
      answer: batchAnswer,
      unapplied: ({ result }) => result.map(({ status }) => unappliedStatus(status)).find((status) => status !== undefined),
      handle: (problem) => isTooLarge(problem) || isMissingPoint(problem),
      send: (api, init) => api.batchUpdate({ collection_name: writer.name, wait: true, operations }, init),
    },
    signal,
  )
  if (failure === undefined || !isMissingPoint(failure)) return failure
  // The server stops at the first point that is missing: the rest is sent again without those.
  const present = await retrievePoints(writer, batch.map(({ id }) => id), { vector: false, payload: false }, signal)
  const ids = new Set(present.map(({ id }) => id))
  const remaining = batch.filter(({ id }) => ids.has(id))
  // Missing and yet there: replicas disagree. Nothing is gained by asking on and on.
  if (remaining.length === batch.length) throw storeErrorFromFailure(failure, doing, writer.location, undefined, undefined)
  return remaining.length === 0 ? undefined : replaceBatch(writer, remaining, signal)
}

function isMissingPoint(failure: QdrantFailure): boolean {
  return failure.kind === 'status' && failure.status === 404 && /No point with id/.test(failure.text)
}
