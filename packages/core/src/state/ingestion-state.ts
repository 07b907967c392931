import type { DocumentStub, Json, Scope } from '@qdrant-loader/connector-sdk'
import type {
  ChunkRecord,
  DocumentCommit,
  DocumentRecord,
  DocumentValidators,
  FailureRecord,
  Fingerprints,
  HeldLease,
  IngestionRecord,
  LeftSource,
  OpenIntent,
  OwnedPoint,
  RunCounters,
  RunMode,
  RunStatus,
  SourceRecord,
  SourceRef,
  StagedDeletion,
  VectorDonor,
  WriteIntent,
} from './records.ts'

/**
 * The state as the pipeline sees it; `StateManager` implements it. Every writing method is one transaction, and
 * verifies in it that the lease passed to it is still held (`ConcurrentUpdateError` otherwise), so that a run that
 * lost its lease can no longer write. Reads see committed data only.
 */
export interface IngestionState {
  // ── leases (I8) ──
  /**
   * Takes the lease of a source. A lease of a dead process of this machine, or one without a heartbeat for 30 s, is
   * replaced. @throws LeaseHeldError naming the holder and since when.
   */
  acquireLease(ref: SourceRef): Promise<HeldLease>
  /** Call it at least every 10 s. @throws ConcurrentUpdateError when the lease was taken over. */
  heartbeat(lease: HeldLease): Promise<void>
  /** Gives the lease back; nothing when it was lost. */
  releaseLease(lease: HeldLease): Promise<void>

  // ── runs ──
  startRun(lease: HeldLease, run: { runId: string; mode: RunMode; cursorBefore: Json | undefined }): Promise<void>
  finishRun(
    lease: HeldLease,
    run: {
      runId: string
      mode: RunMode
      status: Exclude<RunStatus, 'running'>
      counters: RunCounters
      cursorAfter: Json | undefined
      error: string | undefined
    },
  ): Promise<void>

  // ── sources ──
  getSource(ref: SourceRef): Promise<SourceRecord | undefined>
  /** Creates or updates; keys that are absent stay as they are, `null` clears. */
  updateSource(
    lease: HeldLease,
    changes: {
      cursor?: Json | null
      fingerprints?: Fingerprints | null
      storeInstance?: string
      reconciled?: boolean
      storeMarks?: readonly string[]
      openListing?: string | null
      lastSuccessAt?: Date
      lastListingAt?: Date
      heldDeletions?: number
    },
  ): Promise<void>
  /**
   * Forgets every document, chunk, intent, failure and the cursor of the source, because the collection is another
   * one. History stays.
   */
  resetSource(lease: HeldLease, storeInstance: string): Promise<void>

  /** Forgets the source as if it had never been: its rows, its history and its lease. */
  deleteSource(lease: HeldLease): Promise<void>
  /**
   * Sources that are not among these and may have points in the collection: they hold documents, or their removal was
   * interrupted.
   */
  sourcesBeside(refs: readonly SourceRef[]): Promise<readonly LeftSource[]>

  // ── documents ──
  /** Tombstones included. */
  getDocuments(ref: SourceRef, ids: readonly string[]): Promise<ReadonlyMap<string, DocumentRecord>>
  /** Live documents (`indexed`), by ascending id (bytes of UTF-8), paged by key. */
  documentIds(ref: SourceRef, scope?: Scope): AsyncIterable<string>
  /** Number of documents that are not tombstones. */
  countDocuments(ref: SourceRef): Promise<number>
  /** Pages (up to `pageSize`) of live documents of `scopes` that `listing` did not see. Ordered by id, paged by key. */
  unseenDocuments(ref: SourceRef, listing: string, scopes: readonly Scope[], pageSize: number): AsyncIterable<readonly DocumentRecord[]>
  /** Pages of live documents whose scope is none of `scopes`. */
  documentsOutside(ref: SourceRef, scopes: readonly Scope[], pageSize: number): AsyncIterable<readonly DocumentRecord[]>
  /** Number of live documents with a redo reason. */
  countToRedo(ref: SourceRef): Promise<number>
  /** Pages of live documents with a redo reason. */
  documentsToRedo(ref: SourceRef, pageSize: number): AsyncIterable<readonly DocumentRecord[]>
  /** Chunk rows by document, ordered by position. Documents without chunks are absent. */
  getChunks(ref: SourceRef, documentIds: readonly string[]): Promise<ReadonlyMap<string, readonly ChunkRecord[]>>
  /**
   * One point for each hash that the given collection holds under this embedding fingerprint, of any source, owned or
   * left by an interrupted run.
   */
  findDonors(inputHashes: readonly string[], embedding: string, storeInstance: string): Promise<ReadonlyMap<string, VectorDonor>>
  /** Those of the ids that some chunk row of the source owns, by id. */
  ownedPoints(ref: SourceRef, pointIds: readonly string[]): Promise<ReadonlyMap<string, OwnedPoint>>
  /** Number of chunk rows of the source, which is that of its points. */
  countChunks(ref: SourceRef): Promise<number>

  // ── the commit protocol (design 7) ──
  /** Step 1 (I5). `fingerprints` are needed where intents have an `inputHash`. */
  recordIntents(lease: HeldLease, runId: string, intents: readonly WriteIntent[], fingerprints?: Fingerprints): Promise<void>
  /**
   * Step 3: documents, chunks, dependencies; clears this run's intents and the failures of these documents, their redo marks and
   * staged deletions; marks them seen by `listing`; marks documents that depend on a changed one for redoing.
   */
  commitDocuments(lease: HeldLease, runId: string, listing: string | undefined, commits: readonly DocumentCommit[]): Promise<void>
  /** Unchanged documents: seen by `listing`, not failed, not staged (status back to `indexed`). Writes only what differs. */
  markSeen(lease: HeldLease, runId: string, listing: string | undefined, documentIds: readonly string[]): Promise<void>
  /** What detectors want back of documents that did not change; nothing else of them is touched. Tombstones stay as they are. */
  recordValidators(lease: HeldLease, runId: string, documents: readonly DocumentValidators[]): Promise<void>
  /** Open intents of the source, whatever run left them, in pages. */
  openIntents(ref: SourceRef, pageSize: number): AsyncIterable<readonly OpenIntent[]>
  /**
   * After an interrupted run was looked into: forgets the chunk rows of points that are gone (`remove`), empties the
   * payload hash of those that are there (`payload`), and marks the documents `redo: 'intent'`. Points that nobody owns
   * (`left`, or `upsert` when they are not there) keep their intent. `verify --repair` tells the state by it what it
   * found missing (`remove`) or changed (`payload`), of points that have no intent.
   */
  settleIntents(lease: HeldLease, intents: readonly WriteIntent[]): Promise<void>
  /** Points that nobody owned were removed from the store: their intents are cleared. */
  closeIntents(lease: HeldLease, pointIds: readonly string[]): Promise<void>

  // ── deletions (I3, I4) ──
  /** Live documents become `staged`; unknown ids and tombstones are ignored. Clears failures of these ids. Returns how many became or stayed staged. */
  stageDeletions(lease: HeldLease, runId: string, deletions: readonly StagedDeletion[]): Promise<number>
  /** Staged documents are live again. */
  unstageDeletions(lease: HeldLease, documentIds: readonly string[]): Promise<void>
  countStaged(ref: SourceRef): Promise<{ readonly guarded: number; readonly moves: number; readonly unknown: number }>
  stagedDocuments(ref: SourceRef, pageSize: number): AsyncIterable<readonly DocumentRecord[]>
  /** The store no longer has their points: chunk rows go, documents become tombstones, dependents are marked for redoing, this run's intents are cleared. */
  commitDeletions(lease: HeldLease, runId: string, documentIds: readonly string[]): Promise<void>

  // ── failures (I10) ──
  /**
   * Documents that the source has and that could not be done. Those that are recorded are marked as seen by `listing`,
   * and their staged deletion is cancelled: failing is no evidence of absence (I3).
   */
  recordFailures(
    lease: HeldLease,
    runId: string,
    listing: string | undefined,
    failures: readonly { stub: DocumentStub; code: string; message: string; hint: string }[],
  ): Promise<void>
  /** Those of the documents that are in the ledger. */
  failedAmong(ref: SourceRef, documentIds: readonly string[]): Promise<ReadonlySet<string>>
  clearFailures(lease: HeldLease, documentIds: readonly string[]): Promise<void>
  /** Failures that `runId` has not touched. In pages. */
  failuresBefore(ref: SourceRef, runId: string, pageSize: number): AsyncIterable<readonly FailureRecord[]>
  countFailures(ref: SourceRef): Promise<number>

  // ── reports ──
  getLastIngestion(ref: SourceRef): Promise<IngestionRecord | undefined>
  listHistory(filter: { project?: string; sourceType?: string; source?: string; limit: number }): Promise<readonly IngestionRecord[]>
  listFailures(filter: { project?: string; sourceType?: string; source?: string; limit: number }): Promise<readonly FailureRecord[]>
  listSources(): Promise<readonly (SourceRecord & { readonly documents: number; readonly failures: number; readonly chunks: number; readonly shortfalls: RunCounters['shortfalls']; readonly lastRun: { readonly status: RunStatus; readonly at: Date } | undefined; readonly lease: { holder: string; acquiredAt: Date; heartbeatAt: Date } | undefined })[]>
  recordMetrics(samples: readonly { runId: string; name: string; value: number; at: Date }[]): Promise<void>
  /** Deletes samples older than `before`. */
  pruneMetrics(before: Date): Promise<void>
}
