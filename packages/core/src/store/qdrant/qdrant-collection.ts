import { randomUUID } from 'node:crypto'
import { storeError } from '../codes.ts'
import type { CollectionInfo, CollectionSpec } from '../vector-store.ts'
import {
  type CollectionAnswer,
  collectionAnswer,
  countAnswer,
  doneAnswer,
  type Identity,
  identitySchema,
  recordsAnswer,
  updateAnswer,
  versionAnswer,
} from './qdrant-answers.ts'
import type { QdrantConnection } from './qdrant-connection.ts'
import { FILTER_FIELDS, qdrantFilter } from './qdrant-points.ts'

/**
 * The point that holds a collection's identity where the server is too old for collection metadata (before 1.16).
 * Its id is a constant of this software; every read leaves it out.
 */
export const MARKER_ID = '6d8f3c1e-52b7-5c0a-9a41-7d0c9be5a1f4'
/** The instance id of a collection that no sync has opened yet. */
const NO_INSTANCE = '00000000-0000-0000-0000-000000000000'
const OLDEST = [1, 15] as const
const METADATA_SINCE = [1, 16] as const

/** An opened collection, and whether a marker point is in it. */
export interface OpenedCollection extends CollectionInfo {
  readonly embeddingFingerprint: string | undefined
  readonly markerId: string | undefined
}

/** Where the collection is, and how it is reached. */
export interface CollectionTarget {
  readonly connection: QdrantConnection
  readonly name: string
  /** URL and name, for messages. */
  readonly location: string
}

/** Opens the collection; creates it, its payload indexes and its identity where they are missing. */
export async function openCollection(
  target: CollectionTarget,
  spec: CollectionSpec,
  signal: AbortSignal,
): Promise<OpenedCollection> {
  const keepsMetadata = isAtLeast(await serverVersion(target, signal), METADATA_SINCE)
  let answer = await readCollection(target, signal)
  if (answer === undefined) {
    const identity = newIdentity(spec)
    const dimensions = await spec.dimensions()
    if (await createCollection(target, dimensions, keepsMetadata ? identity : undefined, signal)) {
      const markerId = keepsMetadata ? undefined : await writeMarker(target, dimensions, identity, signal)
      await ensureIndexes(target, {}, signal)
      return opened(identity, dimensions, true, markerId)
    }
    // Another process created it in between.
    answer = await readCollection(target, signal)
    if (answer === undefined) throw storeError('store_collection_missing', { location: target.location })
  }
  return openExisting(target, spec, answer, keepsMetadata, signal)
}

/** What is there; undefined when there is no collection. Changes nothing. */
export async function peekCollection(
  target: CollectionTarget,
  signal: AbortSignal,
): Promise<OpenedCollection | undefined> {
  const answer = await readCollection(target, signal)
  if (answer === undefined) return undefined
  const dimensions = dimensionsOf(target, answer)
  const { identity, markerId } = await readIdentity(target, answer, signal)
  if (identity !== undefined) return opened(identity, dimensions, false, markerId)
  return { instanceId: NO_INSTANCE, dimensions, created: false, embeddingFingerprint: undefined, markerId: undefined }
}

/**
 * What {@link openCollection} would open, refused as there; undefined where it would create one, or give an empty one a
 * new identity. Changes nothing.
 */
export async function openCollectionUnchanged(
  target: CollectionTarget,
  spec: CollectionSpec,
  signal: AbortSignal,
): Promise<OpenedCollection | undefined> {
  await serverVersion(target, signal)
  const answer = await readCollection(target, signal)
  if (answer === undefined) return undefined
  const { fitting } = await checkExisting(target, spec, answer, signal)
  return fitting
}

async function openExisting(
  target: CollectionTarget,
  spec: CollectionSpec,
  answer: CollectionAnswer,
  keepsMetadata: boolean,
  signal: AbortSignal,
): Promise<OpenedCollection> {
  const { fitting, dimensions, markerId } = await checkExisting(target, spec, answer, signal)
  if (fitting !== undefined) {
    await ensureIndexes(target, answer.payload_schema, signal)
    return fitting
  }
  // Empty and of the right shape: made by the user for us, or never filled. It gets a new identity.
  const adopted = newIdentity(spec)
  const newMarker = keepsMetadata
    ? await writeMetadata(target, adopted, signal)
    : await writeMarker(target, dimensions, adopted, signal)
  await ensureIndexes(target, answer.payload_schema, signal)
  return opened(adopted, dimensions, true, newMarker ?? markerId)
}

/** `fitting` is undefined for an empty collection of the right shape. Refuses any other that does not fit. */
async function checkExisting(
  target: CollectionTarget,
  spec: CollectionSpec,
  answer: CollectionAnswer,
  signal: AbortSignal,
): Promise<{ readonly fitting: OpenedCollection | undefined; readonly dimensions: number; readonly markerId: string | undefined }> {
  const dimensions = dimensionsOf(target, answer)
  const { identity, markerId } = await readIdentity(target, answer, signal)
  if (identity?.embedding_fingerprint === spec.embeddingFingerprint) {
    return { fitting: opened(identity, dimensions, false, markerId), dimensions, markerId }
  }
  const wanted = await spec.dimensions()
  if (wanted !== dimensions) throw storeError('store_dimensions_mismatch/collection', { location: target.location, held: dimensions, wanted })
  if ((await countPoints(target, markerId, signal)) > 0) {
    throw storeError(identity === undefined ? 'store_collection_foreign' : 'store_embedding_mismatch', { location: target.location })
  }
  return { fitting: undefined, dimensions, markerId }
}

async function serverVersion(target: CollectionTarget, signal: AbortSignal): Promise<readonly [number, number]> {
  const { version } = await target.connection.send(
    { doing: 'asking for its version', answer: versionAnswer, send: (api, init) => api.root({}, init) },
    signal,
  )
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  if (isAtLeast([major, minor], OLDEST)) return [major, minor]
  throw storeError('store_server_too_old', { location: target.connection.location, version })
}

function isAtLeast(version: readonly [number, number], wanted: readonly [number, number]): boolean {
  return version[0] > wanted[0] || (version[0] === wanted[0] && version[1] >= wanted[1])
}

/** What the server says of the collection; undefined when there is none. */
export async function readCollection(target: CollectionTarget, signal: AbortSignal): Promise<CollectionAnswer | undefined> {
  const { value } = await target.connection.call(
    {
      doing: `reading the collection "${target.name}"`,
      answer: collectionAnswer,
      send: (api, init) => api.getCollection({ collection_name: target.name }, init),
      // A 404 that Qdrant did not write comes from a wrong address.
      handle: (failure) => failure.kind === 'status' && failure.status === 404 && failure.fromQdrant,
    },
    signal,
  )
  return value?.result
}

/** False when the collection exists meanwhile. */
async function createCollection(
  target: CollectionTarget,
  size: number,
  identity: Identity | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const { failure } = await target.connection.call(
    {
      doing: `creating the collection "${target.name}"`,
      answer: doneAnswer,
      send: (api, init) =>
        api.createCollection(
          {
            collection_name: target.name,
            vectors: { size, distance: 'Cosine' },
            ...(identity === undefined ? {} : { metadata: { qdrant_loader: identity } }),
          },
          init,
        ),
      handle: (problem) => problem.kind === 'status' && problem.status === 409,
    },
    signal,
  )
  return failure === undefined
}

async function ensureIndexes(
  target: CollectionTarget,
  existing: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<void> {
  for (const field of FILTER_FIELDS.filter((name) => existing[name] === undefined)) {
    const schema = field === 'project_id' ? ({ type: 'keyword', is_tenant: true } as const) : ('keyword' as const)
    await target.connection.send(
      {
        doing: `creating the payload index "${field}"`,
        answer: updateAnswer,
        unapplied: ({ result }) => unappliedStatus(result.status),
        send: (api, init) =>
          api.createFieldIndex(
            { collection_name: target.name, wait: true, field_name: field, field_schema: schema },
            init,
          ),
      },
      signal,
    )
  }
}

/** With `wait`, only `completed` means that a change can be read back. */
export function unappliedStatus(status: string): string | undefined {
  return status === 'completed' ? undefined : status
}

async function readIdentity(
  target: CollectionTarget,
  answer: CollectionAnswer,
  signal: AbortSignal,
): Promise<{ readonly identity: Identity | undefined; readonly markerId: string | undefined }> {
  const kept = answer.config.metadata?.qdrant_loader
  if (kept !== undefined) return { identity: kept, markerId: undefined }
  // Also on a newer server: it may have been upgraded since.
  const { result } = await target.connection.send(
    {
      doing: 'reading the identity of the collection',
      answer: recordsAnswer,
      send: (api, init) =>
        api.getPoints({ collection_name: target.name, ids: [MARKER_ID], with_payload: true, with_vector: false }, init),
    },
    signal,
  )
  const marker = identitySchema.safeParse(result[0]?.payload)
  return marker.success ? { identity: marker.data, markerId: MARKER_ID } : { identity: undefined, markerId: undefined }
}

async function writeMetadata(target: CollectionTarget, identity: Identity, signal: AbortSignal): Promise<undefined> {
  await target.connection.send(
    {
      doing: 'writing the identity of the collection',
      answer: doneAnswer,
      send: (api, init) =>
        api.updateCollection({ collection_name: target.name, metadata: { qdrant_loader: identity } }, init),
    },
    signal,
  )
}

async function writeMarker(
  target: CollectionTarget,
  dimensions: number,
  identity: Identity,
  signal: AbortSignal,
): Promise<string> {
  const vector = [1, ...Array.from({ length: dimensions - 1 }, () => 0)]
  await target.connection.send(
    {
      doing: 'writing the identity of the collection',
      answer: updateAnswer,
      unapplied: ({ result }) => unappliedStatus(result.status),
      send: (api, init) =>
        api.upsertPoints(
          { collection_name: target.name, wait: true, points: [{ id: MARKER_ID, vector, payload: { ...identity } }] },
          init,
        ),
    },
    signal,
  )
  return MARKER_ID
}

async function countPoints(
  target: CollectionTarget,
  markerId: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  const filter = qdrantFilter({}, markerId)
  const { result } = await target.connection.send(
    {
      doing: 'counting points',
      answer: countAnswer,
      send: (api, init) =>
        api.countPoints(
          { collection_name: target.name, exact: true, ...(filter === undefined ? {} : { filter }) },
          init,
        ),
    },
    signal,
  )
  return result.count
}

/** The size of the default vector. Refuses what could not give back the vectors that are written. */
function dimensionsOf(target: CollectionTarget, answer: CollectionAnswer): number {
  const vectors = answer.config.params.vectors
  const unnamed = vectors === undefined || isVectorParams(vectors) ? vectors : vectors['']
  if (unnamed === undefined) throw storeError('store_collection_unfit', { location: target.location, problem: 'has only named vectors' })
  if (unnamed.distance !== 'Cosine') throw storeError('store_collection_unfit', { location: target.location, problem: `compares by ${unnamed.distance}, not by Cosine` })
  if ((unnamed.multivector_config ?? null) !== null) throw storeError('store_collection_unfit', { location: target.location, problem: 'holds multivectors' })
  if ((unnamed.datatype ?? 'float32') !== 'float32') throw storeError('store_collection_unfit', { location: target.location, problem: `stores vectors as ${unnamed.datatype}` })
  return unnamed.size
}

type Vectors = NonNullable<CollectionAnswer['config']['params']['vectors']>

function isVectorParams(vectors: Vectors): vectors is Extract<Vectors, { size: number }> {
  return typeof vectors['size'] === 'number'
}

function newIdentity(spec: CollectionSpec): Identity {
  return { instance_id: randomUUID(), embedding_fingerprint: spec.embeddingFingerprint }
}

function opened(
  identity: Identity,
  dimensions: number,
  created: boolean,
  markerId: string | undefined,
): OpenedCollection {
  const { instance_id: instanceId, embedding_fingerprint: embeddingFingerprint } = identity
  return { instanceId, dimensions, created, embeddingFingerprint, markerId }
}
