import { randomUUID } from 'node:crypto'
import type { Scope } from '@qdrant-loader/connector-sdk'
import { countChunkRows, readChunks, readDonors, readOwnedPoints } from './tables/chunks.ts'
import { bury, countStagedDeletions, stage, unstage } from './tables/deletions.ts'
import { changeDocument, unknownDocument, writeCommits, writePresent, writeSeen, writeValidators, type DocumentChanges } from './tables/document-commits.ts'
import { countRedo, redoPage, stagedPage, unseenPage } from './tables/document-pages.ts'
import { countLiveDocuments, readDocument, readDocuments } from './tables/documents.ts'
import { countFailureRows, dropFailures, failurePage, readFailedAmong, writeFailures, type NewFailure } from './tables/failures.ts'
import { changeRun, insertRun, lastRun, type IngestionChanges } from './tables/runs.ts'
import type { IngestionState } from './ingestion-state.ts'
import { closeIntents, intentPage, settle, writeIntents } from './tables/intents.ts'
import { dropLease, renewLease, takeLease } from './tables/leases.ts'
import { deleteMetrics, insertMetrics, type MetricSampleInput } from './tables/metrics.ts'
import { openState, type StateAccess } from './open-state.ts'
import { liveIds, outside, pages } from './tables/paging.ts'
import { systemProcesses, type ProcessProbe } from './process-identity.ts'
import type {
  DocumentCommit,
  DocumentRecord,
  DocumentValidators,
  FailureRecord,
  Fingerprints,
  HeldLease,
  OpenIntent,
  OwnedPoint,
  RunCounters,
  SourceRef,
  StagedDeletion,
  WriteIntent,
} from './records.ts'
import type { ReportFilter, StateSnapshot } from './tables/reports.ts'
import { changeSource, deleteSource, emptySource, readSource, sourcesBeside, type SourceChanges } from './tables/sources.ts'
import type { StateManagerOptions } from './state-manager-options.ts'
import { StateSession } from './state-session.ts'
import { checkTablePrefix, DEFAULT_TABLE_PREFIX } from './tables.ts'
import { toUtcText } from './utc-date-time.ts'

/**
 * The state database: what was indexed, what is about to be written, what failed, who is writing.
 *
 * @example
 * ```ts
 * await using state = await StateManager.open({ path: '/home/me/state.db', now: Date.now, logger })
 * const last = await state.getLastIngestion({ project: 'default', sourceType: 'git', source: 'handbook' })
 * ```
 */
export class StateManager implements IngestionState {
  readonly #session: StateSession
  readonly #options: StateManagerOptions
  readonly #processes: ProcessProbe

  private constructor(session: StateSession, options: StateManagerOptions) {
    this.#session = session
    this.#options = options
    this.#processes = options.processes ?? systemProcesses()
  }

  /**
   * Opens the file and brings its tables up to date.
   * @throws DatabaseError (`state_corrupt`, `state_unwritable`, `state_locked`, `state_disk_full`),
   *   MigrationError (`state_newer_version`), StateValidationError for a prefix that cannot be used.
   */
  static async open(options: StateManagerOptions): Promise<StateManager> {
    return StateManager.#open(options, options.readOnly === true ? 'read' : 'write')
  }

  static async #open(options: StateManagerOptions, access: StateAccess): Promise<StateManager> {
    const { path, logger, migrations, tablePrefix: prefix = DEFAULT_TABLE_PREFIX, migrate = true } = options
    const pool = options.pool ?? { size: 5, timeoutMs: 30_000 }
    checkTablePrefix(prefix)
    const known = migrations === undefined ? {} : { migrations }
    const writer = await openState({ path, prefix, timeoutMs: pool.timeoutMs, access, migrate, logger, ...known })
    return new StateManager(new StateSession({ writer, path, prefix, pool, logger, access }), options)
  }

  /**
   * A copy of what the file holds now, for a dry run: it can be written like the file, nobody else sees it, and it is
   * gone when it is closed. Leases, history and metrics are not in it. The file is only read, also when it is of an
   * older version: the copy is of this one.
   * @throws DatabaseError, MigrationError (`state_newer_version`) as {@link StateManager.open}.
   */
  static async openScratch(options: StateManagerOptions): Promise<StateManager> {
    return StateManager.#open(options, 'scratch')
  }

  /** As {@link StateManager.openScratch}, of the file that this one has open. */
  async scratch(): Promise<StateManager> {
    return StateManager.openScratch(this.#options)
  }

  /** Waits for what is being written and closes every connection. Closing twice does nothing. */
  async close(): Promise<void> {
    await this.#session.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Reading connections that were opened so far; at most the pool's size. */
  get openedReaders(): number {
    return this.#session.openedReaders
  }

  /**
   * One transaction over everything that `work` calls on this object, also over `await`s: all of it is committed when
   * `work` resolves, nothing when it throws. Inside, reads see what was written; outside, they see it when it is
   * committed. Other writers wait meanwhile, so do nothing slow in it. A nested one joins the outer one.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.#session.transaction(work)
  }

  async acquireLease(ref: SourceRef): Promise<HeldLease> {
    const holder = (this.#options.newHolder ?? randomUUID)()
    return this.#session.writeNew('acquireLease', ref, (db, { sourceId }) =>
      takeLease(db, { ref, sourceId, holder, processes: this.#processes, now: this.#options.now() }),
    )
  }

  async heartbeat(lease: HeldLease): Promise<void> {
    await this.#session.writeLeased('heartbeat', lease, {}, (db, { sourceId }) =>
      renewLease(db, sourceId, lease, this.#options.now()),
    )
  }

  async releaseLease(lease: HeldLease): Promise<void> {
    await this.#session.writeKnown('releaseLease', lease.ref, (db, { sourceId }) => dropLease(db, sourceId, lease))
  }

  async startRun(lease: HeldLease, run: Parameters<IngestionState['startRun']>[1]): Promise<void> {
    await this.#session.writeLeased('startRun', lease, { run_id: run.runId, mode: run.mode }, (db, { sourceId }) =>
      insertRun(db, sourceId, { ...run, now: this.#options.now() }),
    )
  }

  async finishRun(lease: HeldLease, run: Parameters<IngestionState['finishRun']>[1]): Promise<void> {
    const { runId, mode, status, counters, cursorAfter, error } = run
    await this.#updateRun('finishRun', lease, runId, {
      mode,
      status,
      counters,
      finishedAt: new Date(this.#options.now()),
      ...(cursorAfter === undefined ? {} : { cursorAfter }),
      ...(error === undefined ? {} : { error }),
    })
  }

  /** Changes the history row of a run. @throws StateNotFoundError when the run was not started. */
  async updateIngestion(lease: HeldLease, runId: string, changes: IngestionChanges): Promise<void> {
    await this.#updateRun('updateIngestion', lease, runId, changes)
  }

  async getSource(ref: SourceRef) {
    return this.#session.readSource('getSource', ref, {}, undefined, (db, { sourceId }) => readSource(db, sourceId))
  }

  async updateSource(lease: HeldLease, changes: SourceChanges): Promise<void> {
    const fields = { changes: Object.keys(changes).join(',') }
    await this.#session.writeLeased('updateSource', lease, fields, (db, { sourceId }) =>
      changeSource(db, sourceId, changes),
    )
  }

  async resetSource(lease: HeldLease, storeInstance: string): Promise<void> {
    await this.#session.writeLeased('resetSource', lease, {}, (db, { sourceId }) =>
      emptySource(db, sourceId, storeInstance),
    )
  }

  async deleteSource(lease: HeldLease): Promise<void> {
    await this.#session.writeLeased('deleteSource', lease, {}, (db, { sourceId }) => deleteSource(db, sourceId))
    this.#session.forgetSource(lease.ref)
  }

  async sourcesBeside(refs: readonly SourceRef[]) {
    return this.#session.read('sourcesBeside', { sources: refs.length }, (db) => sourcesBeside(db, refs))
  }

  async getDocuments(ref: SourceRef, ids: readonly string[]): Promise<ReadonlyMap<string, DocumentRecord>> {
    const none: ReadonlyMap<string, DocumentRecord> = new Map()
    return this.#session.readSource('getDocuments', ref, { documents: ids.length }, none, (db, view) =>
      readDocuments(db, view, ids),
    )
  }

  /** One document, tombstones included; undefined when the state does not know it. */
  async getDocumentState(ref: SourceRef, documentId: string): Promise<DocumentRecord | undefined> {
    return this.#session.readSource('getDocumentState', ref, { documents: 1 }, undefined, (db, view) =>
      readDocument(db, view, documentId),
    )
  }

  /**
   * Changes one document if it still has the version that the caller read, and returns it as it is then.
   * @throws ConcurrentUpdateError (`state_version_stale`), StateNotFoundError
   */
  async updateDocumentState(
    lease: HeldLease,
    runId: string,
    expected: Pick<DocumentRecord, 'documentId' | 'version'>,
    changes: DocumentChanges,
  ): Promise<DocumentRecord> {
    return this.#session.writeLeased('updateDocumentState', lease, { run_id: runId, documents: 1 }, (db, view) =>
      changeDocument(db, view, { ...expected, runId }, changes),
    )
  }

  /** Makes a document a tombstone, as `commitDeletions` does. @throws StateNotFoundError for an unknown id. */
  async markDocumentDeleted(lease: HeldLease, runId: string, documentId: string): Promise<void> {
    await this.#session.writeLeased('markDocumentDeleted', lease, { run_id: runId, documents: 1 }, (db, view) => {
      if (readDocument(db, view, documentId) === undefined) throw unknownDocument(documentId)
      bury(db, view.sourceId, { runId, at: this.#at() }, [documentId])
    })
  }

  documentIds(ref: SourceRef, scope?: Scope): AsyncIterable<string> {
    return liveIds(this.#session, ref, scope)
  }

  async countDocuments(ref: SourceRef): Promise<number> {
    return this.#session.readSource('countDocuments', ref, {}, 0, (db, { sourceId }) => countLiveDocuments(db, sourceId))
  }

  unseenDocuments(ref: SourceRef, listing: string, scopes: readonly Scope[], pageSize: number) {
    return pages<DocumentRecord, string>(this.#session, 'unseenDocuments', ref, (db, view, after) =>
      unseenPage(db, view, { listing, scopes }, after, pageSize),
    )
  }

  documentsOutside(ref: SourceRef, scopes: readonly Scope[], pageSize: number) {
    return outside(this.#session, ref, scopes, pageSize)
  }

  async countToRedo(ref: SourceRef): Promise<number> {
    return this.#session.readSource('countToRedo', ref, {}, 0, (db, { sourceId }) => countRedo(db, sourceId))
  }

  documentsToRedo(ref: SourceRef, pageSize: number) {
    return pages<DocumentRecord, number>(this.#session, 'documentsToRedo', ref, (db, view, after) =>
      redoPage(db, view, after, pageSize),
    )
  }

  async getChunks(ref: SourceRef, documentIds: readonly string[]) {
    const none: ReturnType<typeof readChunks> = new Map()
    return this.#session.readSource('getChunks', ref, { documents: documentIds.length }, none, (db, { sourceId }) =>
      readChunks(db, sourceId, documentIds),
    )
  }

  async findDonors(inputHashes: readonly string[], embedding: string, storeInstance: string) {
    return this.#session.read('findDonors', { inputs: inputHashes.length }, (db) =>
      readDonors(db, { inputHashes, embedding, storeInstance }),
    )
  }

  async ownedPoints(ref: SourceRef, pointIds: readonly string[]): Promise<ReadonlyMap<string, OwnedPoint>> {
    const none: ReadonlyMap<string, OwnedPoint> = new Map()
    return this.#session.readSource('ownedPoints', ref, { points: pointIds.length }, none, (db, { sourceId }) =>
      readOwnedPoints(db, sourceId, pointIds),
    )
  }

  async countChunks(ref: SourceRef): Promise<number> {
    return this.#session.readSource('countChunks', ref, {}, 0, (db, { sourceId }) => countChunkRows(db, sourceId))
  }

  async recordIntents(lease: HeldLease, runId: string, intents: readonly WriteIntent[], fingerprints?: Fingerprints): Promise<void> {
    const fields = { run_id: runId, points: intents.length }
    await this.#session.writeLeased('recordIntents', lease, fields, (db, view) =>
      writeIntents(db, view, { runId, at: this.#at(), fingerprints }, intents),
    )
  }

  async commitDocuments(
    lease: HeldLease,
    runId: string,
    listing: string | undefined,
    commits: readonly DocumentCommit[],
  ): Promise<void> {
    const fields = { run_id: runId, documents: commits.length }
    await this.#session.writeLeased('commitDocuments', lease, fields, (db, view) =>
      writeCommits(db, view, { runId, listing }, commits),
    )
  }

  async markSeen(
    lease: HeldLease,
    runId: string,
    listing: string | undefined,
    documentIds: readonly string[],
  ): Promise<void> {
    const fields = { run_id: runId, documents: documentIds.length }
    await this.#session.writeLeased('markSeen', lease, fields, (db, { sourceId }) =>
      writeSeen(db, sourceId, { runId, listing }, documentIds),
    )
  }

  async recordValidators(lease: HeldLease, runId: string, documents: readonly DocumentValidators[]): Promise<void> {
    const fields = { run_id: runId, documents: documents.length }
    await this.#session.writeLeased('recordValidators', lease, fields, (db, view) => writeValidators(db, view, runId, documents))
  }

  openIntents(ref: SourceRef, pageSize: number) {
    return pages<OpenIntent, string>(this.#session, 'openIntents', ref, (db, { sourceId }, after) =>
      intentPage(db, sourceId, after, pageSize),
    )
  }

  async settleIntents(lease: HeldLease, intents: readonly WriteIntent[]): Promise<void> {
    await this.#session.writeLeased('settleIntents', lease, { points: intents.length }, (db, { sourceId }) =>
      settle(db, sourceId, intents),
    )
  }

  async closeIntents(lease: HeldLease, pointIds: readonly string[]): Promise<void> {
    await this.#session.writeLeased('closeIntents', lease, { points: pointIds.length }, (db, { sourceId }) =>
      closeIntents(db, sourceId, pointIds),
    )
  }

  async stageDeletions(lease: HeldLease, runId: string, deletions: readonly StagedDeletion[]): Promise<number> {
    const fields = { run_id: runId, documents: deletions.length }
    return this.#session.writeLeased('stageDeletions', lease, fields, (db, { sourceId }) =>
      stage(db, sourceId, { runId, at: this.#at() }, deletions),
    )
  }

  async unstageDeletions(lease: HeldLease, documentIds: readonly string[]): Promise<void> {
    await this.#session.writeLeased('unstageDeletions', lease, { documents: documentIds.length }, (db, { sourceId }) =>
      unstage(db, sourceId, documentIds),
    )
  }

  async countStaged(ref: SourceRef) {
    const none: ReturnType<typeof countStagedDeletions> = { guarded: 0, moves: 0, unknown: 0 }
    return this.#session.readSource('countStaged', ref, {}, none, (db, { sourceId }) =>
      countStagedDeletions(db, sourceId),
    )
  }

  stagedDocuments(ref: SourceRef, pageSize: number) {
    return pages<DocumentRecord, number>(this.#session, 'stagedDocuments', ref, (db, view, after) =>
      stagedPage(db, view, after, pageSize),
    )
  }

  async commitDeletions(lease: HeldLease, runId: string, documentIds: readonly string[]): Promise<void> {
    const fields = { run_id: runId, documents: documentIds.length }
    await this.#session.writeLeased('commitDeletions', lease, fields, (db, { sourceId }) =>
      bury(db, sourceId, { runId, at: this.#at() }, documentIds),
    )
  }

  async recordFailures(lease: HeldLease, runId: string, listing: string | undefined, failures: readonly NewFailure[]) {
    const fields = { run_id: runId, documents: failures.length }
    await this.#session.writeLeased('recordFailures', lease, fields, (db, { sourceId }) => {
      writePresent(db, sourceId, { runId, listing }, failures.map((failure) => failure.stub.id))
      writeFailures(db, sourceId, { runId, at: this.#at() }, failures.map((failure) => this.#redactedFailure(failure)))
    })
  }

  async failedAmong(ref: SourceRef, documentIds: readonly string[]): Promise<ReadonlySet<string>> {
    const none: ReadonlySet<string> = new Set()
    return this.#session.readSource('failedAmong', ref, { documents: documentIds.length }, none, (db, { sourceId }) =>
      readFailedAmong(db, sourceId, documentIds),
    )
  }

  async clearFailures(lease: HeldLease, documentIds: readonly string[]): Promise<void> {
    await this.#session.writeLeased('clearFailures', lease, { documents: documentIds.length }, (db, { sourceId }) =>
      dropFailures(db, sourceId, documentIds),
    )
  }

  failuresBefore(ref: SourceRef, runId: string, pageSize: number) {
    return pages<FailureRecord, string>(this.#session, 'failuresBefore', ref, (db, view, after) =>
      failurePage(db, view, runId, after, pageSize),
    )
  }

  async countFailures(ref: SourceRef): Promise<number> {
    return this.#session.readSource('countFailures', ref, {}, 0, (db, { sourceId }) => countFailureRows(db, sourceId))
  }

  async getLastIngestion(ref: SourceRef) {
    return this.#session.readSource('getLastIngestion', ref, {}, undefined, (db, { sourceId }) =>
      lastRun(db, ref, sourceId),
    )
  }

  async listHistory(filter: ReportFilter) {
    return this.#session.snapshot('listHistory', (view) => view.listHistory(filter))
  }

  async listFailures(filter: ReportFilter) {
    return this.#session.snapshot('listFailures', (view) => view.listFailures(filter))
  }

  async listSources() {
    return this.#session.snapshot('listSources', (view) => view.listSources())
  }

  /**
   * Several reports of one moment, over `await`s, while others write. Each snapshot holds a reading connection: as many
   * as the pool's size at once, further ones wait for at most its time-out.
   */
  async snapshot<T>(work: (view: StateSnapshot) => T | Promise<T>): Promise<T> {
    return this.#session.snapshot('snapshot', work)
  }

  async recordMetrics(samples: readonly MetricSampleInput[]): Promise<void> {
    await this.#session.write('recordMetrics', { samples: samples.length }, (db) => insertMetrics(db, samples))
  }

  async pruneMetrics(before: Date): Promise<void> {
    await this.#session.write('pruneMetrics', {}, (db) => deleteMetrics(db, before))
  }

  async #updateRun(operation: string, lease: HeldLease, runId: string, changes: IngestionChanges): Promise<void> {
    const fields = { run_id: runId, status: changes.status }
    await this.#session.writeLeased(operation, lease, fields, (db, { sourceId }) =>
      changeRun(db, sourceId, runId, this.#redactedRun(changes)),
    )
  }

  /** Whatever a connector forgot to take out does not get into the file. */
  #redactedFailure(failure: NewFailure): NewFailure {
    return { ...failure, message: this.#redact(failure.message), hint: this.#redact(failure.hint) }
  }

  #redactedRun(changes: IngestionChanges): IngestionChanges {
    const { error, counters } = changes
    const reasons = (counts: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(counts).map(([reason, count]) => [this.#redact(reason), count]))
    return {
      ...changes,
      ...(error === undefined ? {} : { error: this.#redact(error) }),
      ...(counters === undefined ? {} : { counters: { ...counters, skipped: reasons(counters.skipped), shortfalls: this.#redactedExamples(counters.shortfalls) } }),
    }
  }

  #redactedExamples(shortfalls: RunCounters['shortfalls']): RunCounters['shortfalls'] {
    return Object.fromEntries(
      Object.entries(shortfalls).map(([reason, { count, example }]) => [this.#redact(reason), { count, example: this.#redact(example) }]),
    )
  }

  #redact(text: string): string {
    return this.#options.redact?.(text) ?? text
  }

  #at(): string {
    return toUtcText(new Date(this.#options.now()))
  }
}
