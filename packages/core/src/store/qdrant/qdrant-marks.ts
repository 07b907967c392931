import { doneAnswer, recordsAnswer, updateAnswer } from './qdrant-answers.ts'
import type { OpenedCollection } from './qdrant-collection.ts'
import { type CollectionTarget, readCollection, unappliedStatus } from './qdrant-collection-requests.ts'

/** Marks stand beside the identity: in the collection's metadata, or in the payload of the marker point. */
function fieldOf(key: string): string {
  return `qdrant_loader_mark_${key}`
}

/** The mark under a key; undefined when there is none. */
export async function readMark(
  target: CollectionTarget,
  opened: OpenedCollection,
  key: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const kept = opened.markerId === undefined ? await metadataOf(target, signal) : await payloadOf(target, opened.markerId, signal)
  const value = kept?.[fieldOf(key)]
  return typeof value === 'string' ? value : undefined
}

/** Writes one key; the server merges it with the others, so that sources do not overwrite each other's. */
export async function writeMark(
  target: CollectionTarget,
  opened: OpenedCollection,
  key: string,
  value: string,
  signal: AbortSignal,
): Promise<void> {
  const fields = { [fieldOf(key)]: value }
  const { markerId } = opened
  if (markerId === undefined) {
    await target.connection.send(
      {
        doing: 'marking the collection',
        answer: doneAnswer,
        send: (api, init) => api.updateCollection({ collection_name: target.name, metadata: fields }, init),
      },
      signal,
    )
    return
  }
  await target.connection.send(
    {
      doing: 'marking the collection',
      answer: updateAnswer,
      unapplied: ({ result }) => unappliedStatus(result.status),
      send: (api, init) =>
        api.setPayload({ collection_name: target.name, wait: true, payload: fields, points: [markerId] }, init),
    },
    signal,
  )
}

async function metadataOf(target: CollectionTarget, signal: AbortSignal): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await readCollection(target, signal))?.config.metadata ?? undefined
}

async function payloadOf(
  target: CollectionTarget,
  markerId: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { result } = await target.connection.send(
    {
      doing: 'reading the marks of the collection',
      answer: recordsAnswer,
      send: (api, init) =>
        api.getPoints({ collection_name: target.name, ids: [markerId], with_payload: true, with_vector: false }, init),
    },
    signal,
  )
  return result[0]?.payload ?? undefined
}
