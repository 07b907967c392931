import type { DeletionVerdict, DocumentStub, Json, Scope } from '@qdrant-loader/connector-sdk'

/** Names one source. Its three parts scope every row of state and every point (I9). */
export interface SourceRef {
  readonly project: string
  readonly sourceType: string
  readonly source: string
}

/** Hashes of what decides the results (I12). */
export interface Fingerprints {
  readonly selection: string
  readonly extraction: string
  readonly chunking: string
  readonly embedding: string
  readonly payload: string
}

/** What a run of one source counts. The names are those of the report (design 9). */
export interface RunCounters {
  documents: {
    added: number
    updated: number
    moved: number
    deleted: number
    unchanged: number
    failed: number
    held: number
    unconfirmed: number
  }
  /** Things in the source that are no documents, by reason, as far as this run saw them. */
  skipped: Record<string, number>
  /** Why documents are deleted, by verdict: those of this run, and those that are held or unconfirmed. */
  verdicts: Record<string, number>
  /** What the source has and this run could not show, or left out, by reason, each with one example. */
  shortfalls: Record<string, { count: number; example: string }>
  /**
   * `embedded`: inputs that the embedder made vectors of. `unfinished`: chunks that are in the collection, of documents
   * that were not finished when the run ended; the next run takes their vectors.
   */
  chunks: { embedded: number; reused: number; unfinished: number }
  points: { upserted: number; payload_updated: number; deleted: number }
  requests: { source: number; content: number; store: number; embedder: number }
}

export type RunMode = 'full' | 'incremental'
/** `stopped`: by the user. `interrupted`: its process or its lease was lost. */
export type RunStatus = 'running' | 'succeeded' | 'partial' | 'held' | 'failed' | 'stopped' | 'interrupted'

/** A row of `ingestion_history`. */
export interface IngestionRecord {
  readonly runId: string
  readonly ref: SourceRef
  readonly mode: RunMode
  readonly status: RunStatus
  readonly startedAt: Date
  readonly finishedAt: Date | undefined
  readonly counters: RunCounters | undefined
  readonly cursorBefore: Json | undefined
  readonly cursorAfter: Json | undefined
  /** `code: message` of what ended it. */
  readonly error: string | undefined
}

/** A row of `source_states`. */
export interface SourceRecord {
  readonly ref: SourceRef
  /** The last safe cursor, undefined before the first. */
  readonly cursor: Json | undefined
  /** What the last *complete* run was made with. A difference makes the next detection full. */
  readonly fingerprints: Fingerprints | undefined
  /** `CollectionInfo.instanceId` that the chunk rows speak of. */
  readonly storeInstance: string | undefined
  /** True once every point that the store holds for this source is known to be owned by the state. */
  readonly reconciled: boolean
  /**
   * The marks that the collection may carry for this source if nobody else wrote to it: the last one, and while a new
   * one is being written both. Another mark means that this state is an older copy, or that there are two states.
   */
  readonly storeMarks: readonly string[]
  /** The open listing whose marks are kept, when `cursor` is a checkpoint inside a listing. */
  readonly openListing: string | undefined
  readonly lastSuccessAt: Date | undefined
  readonly lastListingAt: Date | undefined
  /** Number of staged deletions that the guard holds back. */
  readonly heldDeletions: number
}

/**
 * - `indexed`: its chunks are in the store.
 * - `staged`: its deletion is staged (`verdict`, `movedTo`, `stagedAt`); its points are still there.
 * - `deleted`: a tombstone.
 */
export type DocumentStatus = 'indexed' | 'staged' | 'deleted'

/** A row of `document_states`. */
export interface DocumentRecord {
  readonly ref: SourceRef
  readonly documentId: string
  readonly scope: Scope
  readonly contentVersion: string
  readonly metadataVersion: string
  /** SHA-256 (hex) of the loaded text, format and language. */
  readonly contentHash: string
  readonly fingerprints: Fingerprints
  /** The stub as last committed, so that the document can be read again though the detector does not name it. */
  readonly stub: DocumentStub
  readonly title: string
  readonly chunkCount: number
  readonly skipped: string | undefined
  readonly status: DocumentStatus
  readonly verdict: DeletionVerdict | 'unknown' | undefined
  readonly movedTo: string | undefined
  readonly stagedAt: Date | undefined
  readonly deletedAt: Date | undefined
  /** Why the next run must do it again though its version is unchanged: `intent`, `dependency`; else undefined. */
  readonly redo: RedoReason | undefined
  /** The listing that last saw it. */
  readonly seenListing: string | undefined
  readonly lastRunId: string
  /** Optimistic version, incremented by each update. */
  readonly version: number
}

export type RedoReason = 'intent' | 'dependency'

/** A row of `chunk_states`. */
export interface ChunkRecord {
  readonly pointId: string
  readonly position: number
  /** SHA-256 (hex) of the embedder input. */
  readonly inputHash: string
  /** SHA-256 (hex) of the payload without `_sync`; empty when the stored payload is in doubt. */
  readonly payloadHash: string
}

/** A point that a chunk row owns. */
export interface OwnedPoint {
  readonly documentId: string
  /** As {@link ChunkRecord.payloadHash}. */
  readonly payloadHash: string
}

/**
 * What is about to be done to a point (I5). `left`: an interrupted run wrote it, and nobody owns it; its vector serves
 * whoever needs one of the same input, until it is removed.
 */
export interface WriteIntent {
  readonly pointId: string
  readonly documentId: string
  readonly operation: 'upsert' | 'payload' | 'remove' | 'left'
  /** Of an upsert: SHA-256 (hex) of what its vector is made from. */
  readonly inputHash?: string
}

/** An intent that is not committed. */
export interface OpenIntent extends WriteIntent {
  readonly runId: string
}

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
export interface FailureRecord {
  readonly ref: SourceRef
  readonly documentId: string
  readonly stub: DocumentStub
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly attempts: number
  readonly firstFailedAt: Date
  readonly lastFailedAt: Date
  readonly lastRunId: string
}

/** A deletion to stage. */
export interface StagedDeletion {
  readonly documentId: string
  /** `textless`: it is there, and what it held of text is gone. */
  readonly verdict: DeletionVerdict | 'unknown' | 'textless'
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
