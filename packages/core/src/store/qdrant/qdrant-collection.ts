import { storeError } from '../codes.ts'
import type { CollectionInfo, CollectionSpec } from '../vector-store.ts'
import type { CollectionAnswer, Identity } from './qdrant-answers.ts'
import { type CollectionTarget, createCollection, ensureIndexes, isAtLeast, readCollection, serverVersion } from './qdrant-collection-requests.ts'
import { countPoints } from './qdrant-counts.ts'
import { newIdentity, readIdentity, writeMarker, writeMetadata } from './qdrant-identity.ts'

/** The instance id of a collection that no sync has opened yet. */
const NO_INSTANCE = '00000000-0000-0000-0000-000000000000'
const METADATA_SINCE = [1, 16] as const

/** An opened collection, and whether a marker point is in it. */
export interface OpenedCollection extends CollectionInfo {
  readonly embeddingFingerprint: string | undefined
  readonly markerId: string | undefined
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
  if ((await countPoints(target, markerId, {}, signal)) > 0) {
    throw storeError(identity === undefined ? 'store_collection_foreign' : 'store_embedding_mismatch', { location: target.location })
  }
  return { fitting: undefined, dimensions, markerId }
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

function opened(
  identity: Identity,
  dimensions: number,
  created: boolean,
  markerId: string | undefined,
): OpenedCollection {
  const { instance_id: instanceId, embedding_fingerprint: embeddingFingerprint } = identity
  return { instanceId, dimensions, created, embeddingFingerprint, markerId }
}
