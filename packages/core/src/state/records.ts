import type { DocumentStub, Json } from '@qdrant-loader/connector-sdk'
import type {
  ChunkStateRow,
  DocumentStateRow,
  FailureRow,
  IngestionHistoryRow,
  SourceStateRow,
  WriteIntentRow,
} from './entities/index.ts'
import type { Found } from './tables/table.ts'
import type { Fingerprints, StagedVerdict } from './values.ts'

export type { Fingerprints, RunCounters, RunMode } from './values.ts'

/** What a row holds, but for columns that only the state room knows. */
type RecordOf<Row, Hidden extends keyof Row> = Omit<Found<Row>, Hidden>

/** Names one source. Its three parts scope every row of state and every point (I9). */
export interface SourceRef {
  readonly project: string
  readonly sourceType: string
  readonly source: string
}

/** A row of `ingestion_history`. */
export type IngestionRecord = { readonly ref: SourceRef } & RecordOf<IngestionHistoryRow, 'id' | 'sourceId'>

/** A row of `source_states`. */
export type SourceRecord = { readonly ref: SourceRef; readonly storeMarks: readonly string[] } & RecordOf<
  SourceStateRow,
  'id' | 'project' | 'sourceType' | 'source' | 'storeMarks'
>

/** A row of `document_states`. */
export type DocumentRecord = {
  readonly ref: SourceRef
  readonly fingerprints: Fingerprints
  /** The stub as last committed, so that the document can be read again though the detector does not name it. */
  readonly stub: DocumentStub
} & RecordOf<DocumentStateRow, 'id' | 'sourceId' | 'fingerprintSet' | 'stub'>

/** A row of `chunk_states`. */
export type ChunkRecord = RecordOf<ChunkStateRow, 'documentKey' | 'pointKey' | 'inputKey'>

/** A point that a chunk row owns. */
export interface OwnedPoint {
  readonly documentId: string
  /** As {@link ChunkRecord.payloadHash}. */
  readonly payloadHash: string
}

/** What is about to be done to a point (I5). */
export type WriteIntent = Pick<WriteIntentRow, 'pointId' | 'documentId' | 'operation'> & {
  /** Of an upsert: SHA-256 (hex) of what its vector is made from. */
  readonly inputHash?: string
}

/** An intent that is not committed. */
export type OpenIntent = Omit<WriteIntent, 'inputHash'> & { readonly runId: string }

/** One document of a batch whose effects the store has acknowledged. */
export interface DocumentCommit {
  readonly document: Pick<
    DocumentRecord,
    'documentId' | 'scope' | 'contentVersion' | 'metadataVersion' | 'contentHash' | 'fingerprints' | 'stub' | 'title' | 'skipped'
  >
  /** All chunks of the document, in order; replaces what was recorded. `'kept'`: chunk rows stay as they are. */
  readonly chunks: readonly ChunkRecord[] | 'kept'
  /** Replaces what was recorded. `'kept'` leaves it. */
  readonly dependsOn: readonly string[] | 'kept'
  /** True when the text changed, so that documents which depend on this one are marked `redo: 'dependency'`. */
  readonly contentChanged: boolean
}

/** A row of `failures`. */
export type FailureRecord = { readonly ref: SourceRef } & RecordOf<FailureRow, 'sourceId'>

/** A deletion to stage. */
export interface StagedDeletion {
  readonly documentId: string
  readonly verdict: StagedVerdict
  /** For the deleting half of a move: the id that must be indexed first. Does not count for the guard. */
  readonly movedTo?: string
}

/** What a detector wants back of a document (`DocumentStub.validators`). */
export interface DocumentValidators {
  readonly documentId: string
  /** Absent: none any more. */
  readonly validators?: Json | undefined
}

/** A source that is no longer configured, and what the state holds of it. */
export interface LeftSource {
  readonly ref: SourceRef
  /** Tombstones not counted. */
  readonly documents: number
  /** Chunk rows. Fewer than the collection holds when its removal was interrupted. */
  readonly points: number
}

/** A lease that this process holds. */
export interface HeldLease {
  readonly ref: SourceRef
  readonly holder: string
  readonly acquiredAt: Date
}

/** Where a vector can be read back from. */
export interface VectorDonor {
  readonly inputHash: string
  readonly pointId: string
}
