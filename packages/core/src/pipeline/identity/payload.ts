import type { DocumentStub, Json, JsonObject } from '@qdrant-loader/connector-sdk'
import type { SourceRef } from '../../state/records.ts'
import type { PointPayload } from '../../store/vector-store.ts'
import { isWellFormedJson, wellFormedPayload } from '../../store/well-formed-payload.ts'
import { canonical, sha256 } from './hashing.ts'

/** Raise it when the shape or meaning of the payload changes: every document's payload is then set again. */
export const PAYLOAD_VERSION = 1

/** What the points of one document have in common. */
export interface DocumentPayload {
  readonly title: string
  readonly url: string
  readonly contentType: string
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly metadata: JsonObject
}

/** What distinguishes one point of a document. */
export interface ChunkPayload {
  readonly content: string
  readonly headingPath: readonly string[]
  readonly index: number
  readonly count: number
}

/** Keys of `metadata` that repeat top-level fields for clients that show nothing else. */
const REPEATED = ['title', 'url', 'source'] as const

/** The title that a reader sees: the listing's, else the content's, else the last part of the path, else the id. */
export function titleOf(stub: DocumentStub, contentTitle: string | undefined): string {
  const name = stub.location.path?.split('/').at(-1)
  return [stub.location.title, contentTitle, name].find((title) => title !== undefined && title.trim() !== '') ?? stub.id
}

/** Builds the common part. `contentMetadata` is what the content itself says (`SourceDocument.metadata`). */
export function documentPayload(
  ref: SourceRef,
  stub: DocumentStub,
  content: { readonly title: string; readonly contentType: string; readonly metadata: JsonObject | undefined },
): DocumentPayload {
  const { title } = content
  return {
    title,
    url: stub.location.url,
    contentType: content.contentType,
    createdAt: stub.createdAt ?? null,
    updatedAt: stub.updatedAt ?? null,
    metadata: canonical({
      ...content.metadata,
      ...stub.metadata,
      title,
      url: stub.location.url,
      source: ref.source,
    }),
  }
}

/** The metadata in a stored payload that came from the content, given the stub that the payload was made from. */
export function contentMetadataOf(payload: PointPayload, stub: DocumentStub): JsonObject {
  const entries = Object.entries(payload.metadata).filter(
    ([key]) => !(REPEATED as readonly string[]).includes(key) && stub.metadata?.[key] === undefined,
  )
  return Object.fromEntries(entries)
}

/** A whole payload (design 8). */
export function pointPayload(
  ref: SourceRef,
  documentId: string,
  document: DocumentPayload,
  chunk: ChunkPayload,
  sync: Readonly<Record<string, Json>>,
): PointPayload {
  return {
    content: chunk.content,
    title: document.title,
    url: document.url,
    project_id: ref.project,
    source_type: ref.sourceType,
    source: ref.source,
    document_id: documentId,
    chunk_index: chunk.index,
    chunk_count: chunk.count,
    heading_path: chunk.headingPath,
    content_type: document.contentType,
    created_at: document.createdAt,
    updated_at: document.updatedAt,
    metadata: document.metadata,
    _sync: sync,
  }
}

/**
 * Hash of all that may not differ between two builds: the payload without `_sync`, as a store keeps it. For payloads
 * that were made here: {@link storedPayloadHash} gives the same for what a store gives back.
 */
export function payloadHash(payload: PointPayload): string {
  const { _sync, ...lasting } = payload
  const json = JSON.stringify(lasting)
  return isWellFormedJson(json) ? sha256(json) : storedPayloadHash(wellFormedPayload(payload).payload)
}

/** The same hash of a payload that was read back: its keys may be in another order, and there may be more of them. */
export function storedPayloadHash(stored: PointPayload): string {
  const { project_id: project, source_type: sourceType, source, document_id: documentId } = stored
  const { title, url, content_type: contentType, created_at: createdAt, updated_at: updatedAt, metadata } = stored
  const { content, heading_path: headingPath, chunk_index: index, chunk_count: count } = stored
  const common = { title, url, contentType, createdAt, updatedAt, metadata: canonical(metadata) }
  const { _sync, ...known } = pointPayload({ project, sourceType, source }, documentId, common, { content, headingPath, index, count }, {})
  const more = Object.entries(stored).filter(([key]) => key !== '_sync' && !Object.hasOwn(known, key)) as [string, Json][]
  return sha256(JSON.stringify({ ...known, ...canonical(Object.fromEntries(more)) }))
}

/** The version of a stub's metadata: its own, or a hash of what enters the payload from it. */
export function metadataVersionOf(stub: DocumentStub): string {
  if (stub.metadataVersion !== undefined) return stub.metadataVersion
  const { location, metadata, createdAt, updatedAt } = stub
  return sha256(
    JSON.stringify(
      canonical({
        // `canonical` leaves out what is undefined.
        location: { ...location } as JsonObject,
        metadata: metadata ?? null,
        createdAt: createdAt ?? null,
        updatedAt: updatedAt ?? null,
      }),
    ),
  )
}
