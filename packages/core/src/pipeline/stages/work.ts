import type { DocumentStub, Json, JsonObject, SourceDocument } from '@qdrant-loader/connector-sdk'
import type { ChunkRecord, DocumentRecord, StagedDeletion } from '../../state/records.ts'
import type { Point, PointPayload } from '../../store/vector-store.ts'
import type { ReportedError } from '../context/report.ts'

/** A document whose content has to be read. */
export interface ReadWork {
  readonly kind: 'read'
  readonly stub: DocumentStub
  /** The body, when the listing carried it. */
  readonly document: SourceDocument | undefined
  /** What is recorded, tombstones excluded. */
  readonly known: DocumentRecord | undefined
  readonly change: 'added' | 'updated' | 'moved'
  readonly reason: string
  /** For a move: the id whose deletion waits for this document. */
  readonly movedFrom: string | undefined
  /** The source answered for it: when it cannot be read all the same, what is indexed of it stays. */
  readonly vouchedFor?: true
}

/** A document whose content is the same and whose metadata is not. */
export interface RelabelWork {
  readonly kind: 'relabel'
  readonly stub: DocumentStub
  readonly known: DocumentRecord
}

/** What passes through every stage untouched and takes effect at the commit, in its place. */
export type PassingWork =
  | {
      readonly kind: 'seen'
      readonly documentId: string
      /** What the detector wants back next time, where it differs from what is recorded. */
      readonly validators?: Pick<DocumentStub, 'validators'>
    }
  | { readonly kind: 'remove'; readonly deletion: StagedDeletion }
  | { readonly kind: 'failed'; readonly stub: DocumentStub; readonly error: ReportedError }
  | { readonly kind: 'checkpoint'; readonly cursor: Json }
  /** Closes the batch, so that what is in flight gets committed. */
  | { readonly kind: 'flush' }

/** What classification makes of a change. */
export type Work = ReadWork | RelabelWork | PassingWork

/** What loading makes of it. */
export type LoadedWork =
  | { readonly kind: 'loaded'; readonly work: ReadWork; readonly document: SourceDocument }
  | RelabelWork
  | PassingWork

/** A chunk with its identity and payload. */
export interface PlannedChunk {
  readonly record: ChunkRecord
  readonly input: string
  readonly payload: PointPayload
}

/** A document cut into chunks. */
export interface ChunkedDocument {
  readonly kind: 'chunked'
  readonly work: ReadWork
  readonly document: Omit<SourceDocument, 'text'>
  readonly title: string
  readonly contentHash: string
  readonly contentMetadata: JsonObject | undefined
  readonly chunks: readonly PlannedChunk[]
}

export type ChunkedWork = ChunkedDocument | RelabelWork | PassingWork

/** A document with what its points need. */
export interface PlannedDocument {
  readonly kind: 'planned'
  readonly stub: DocumentStub
  readonly metadataVersion: string
  readonly change: 'added' | 'updated' | 'moved'
  readonly reason: string
  readonly movedFrom: string | undefined
  readonly known: DocumentRecord | undefined
  readonly title: string
  readonly contentHash: string
  readonly skipped: string | undefined
  readonly dependsOn: readonly string[] | 'kept'
  readonly chunks: readonly ChunkRecord[]
  readonly upserts: readonly PlannedChunk[]
  readonly payloads: readonly { readonly id: string; readonly payload: PointPayload }[]
  readonly removes: readonly string[]
}

export type PlannedWork = PlannedDocument | PassingWork

/** Where the vector of an input comes from. `document`: one before this one brings it. */
export type VectorSource =
  | { readonly from: 'embedder' }
  | { readonly from: 'point'; readonly vector: Float32Array }
  | { readonly from: 'document'; readonly vector: Promise<Float32Array> }

/** A document that knows where its vectors come from, by input hash. */
export interface SoughtDocument extends PlannedDocument {
  readonly vectors: ReadonlyMap<string, VectorSource>
}

export type SoughtWork = SoughtDocument | PassingWork

/** A batch that is ready to be written. */
export interface EmbeddedBatch {
  readonly works: readonly PlannedWork[]
  readonly points: readonly Point[]
  /** Ids of those that are in the store already. */
  readonly written: ReadonlySet<string>
  /** Input hashes whose claims this batch releases once it is committed. */
  readonly claimed: readonly string[]
  /** Inputs that the embedder was given. */
  readonly embedded: number
}
