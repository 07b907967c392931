import { randomUUID } from 'node:crypto'
import type { CollectionSpec } from '../vector-store.ts'
import type { CollectionTarget } from './qdrant-collection-requests.ts'
import { unappliedStatus } from './qdrant-collection-requests.ts'
import { type CollectionAnswer, doneAnswer, type Identity, identitySchema, recordsAnswer, updateAnswer } from './qdrant-answers.ts'

/**
 * The point that holds a collection's identity where the server is too old for collection metadata (before 1.16).
 * Its id is a constant of this software; every read leaves it out.
 */
export const MARKER_ID = '6d8f3c1e-52b7-5c0a-9a41-7d0c9be5a1f4'

/** A collection that is filled from now on. */
export function newIdentity(spec: CollectionSpec): Identity {
  return { instance_id: randomUUID(), embedding_fingerprint: spec.embeddingFingerprint }
}

/** Who the collection says it is: in its metadata, or in its marker. */
export async function readIdentity(
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

/** Keeps the identity in the metadata of the collection (Qdrant 1.16 or newer). */
export async function writeMetadata(target: CollectionTarget, identity: Identity, signal: AbortSignal): Promise<undefined> {
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

/** Keeps the identity in a point; gives its id. */
export async function writeMarker(
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
