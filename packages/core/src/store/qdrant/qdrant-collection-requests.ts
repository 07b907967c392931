import { storeError } from '../codes.ts'
import { type CollectionAnswer, collectionAnswer, doneAnswer, type Identity, updateAnswer, versionAnswer } from './qdrant-answers.ts'
import type { QdrantConnection } from './qdrant-connection.ts'
import { FILTER_FIELDS } from './qdrant-points.ts'

const OLDEST = [1, 15] as const

/** Where the collection is, and how it is reached. */
export interface CollectionTarget {
  readonly connection: QdrantConnection
  readonly name: string
  /** URL and name, for messages. */
  readonly location: string
}

/** Major and minor version. Refuses a server that is too old. */
export async function serverVersion(target: CollectionTarget, signal: AbortSignal): Promise<readonly [number, number]> {
  const { version } = await target.connection.send(
    { doing: 'asking for its version', answer: versionAnswer, send: (api, init) => api.root({}, init) },
    signal,
  )
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  if (isAtLeast([major, minor], OLDEST)) return [major, minor]
  throw storeError('store_server_too_old', { location: target.connection.location, version })
}

/** Whether a version is this one or newer. */
export function isAtLeast(version: readonly [number, number], wanted: readonly [number, number]): boolean {
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
export async function createCollection(
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

/** Makes the payload indexes that are missing. */
export async function ensureIndexes(
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
