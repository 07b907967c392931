import { randomUUID } from 'node:crypto'
import { openState } from './open-state.ts'
import { systemProcesses } from './process-identity.ts'
import type { DocumentRecord, HeldLease, IngestionRecord, SourceRef } from './records.ts'
import type { StateAccess, StateManagerOptions } from './state-manager-options.ts'
import { StateSession } from './state-session.ts'
import { checkTablePrefix, DEFAULT_TABLE_PREFIX } from './tables.ts'
import { Chunks } from './tables/chunks.ts'
import { Deletions } from './tables/deletions.ts'
import { Documents } from './tables/documents.ts'
import { Failures } from './tables/failures.ts'
import { Intents } from './tables/intents.ts'
import { Leases } from './tables/leases.ts'
import { Metrics } from './tables/metrics.ts'
import { Reports } from './tables/reports.ts'
import { type IngestionChanges, Runs } from './tables/runs.ts'
import { Sources } from './tables/sources.ts'

/**
 * The state database: what was indexed, what is about to be written, what failed, who is writing. The verbs of each table
 * are on a property of its name.
 *
 * @example
 * ```ts
 * await using state = await StateManager.open({ path: '/home/me/state.db', now: Date.now, logger })
 * const last = await state.runs.last({ project: 'default', sourceType: 'git', source: 'handbook' })
 * ```
 */
export class StateManager {
  readonly leases: Leases
  readonly runs: Runs
  readonly sources: Sources
  readonly documents: Documents
  readonly chunks: Chunks
  readonly intents: Intents
  readonly deletions: Deletions
  readonly failures: Failures
  readonly metrics: Metrics
  readonly reports: Reports
  readonly #session: StateSession
  readonly #options: StateManagerOptions

  private constructor(session: StateSession, options: StateManagerOptions) {
    this.#session = session
    this.#options = options
    this.leases = new Leases(session, options.processes ?? systemProcesses(), options.newHolder ?? randomUUID)
    this.runs = new Runs(session)
    this.sources = new Sources(session)
    this.documents = new Documents(session)
    this.chunks = new Chunks(session)
    this.intents = new Intents(session)
    this.deletions = new Deletions(session)
    this.failures = new Failures(session)
    this.metrics = new Metrics(session)
    this.reports = new Reports(session)
  }

  /**
   * Opens the file and brings its tables up to date.
   * @throws DatabaseError (`state_corrupt`, `state_unwritable`, `state_locked`, `state_disk_full`),
   *   MigrationError (`state_newer_version`), StateValidationError for a prefix that cannot be used.
   */
  static async open(options: StateManagerOptions): Promise<StateManager> {
    return StateManager.#open(options, options.readOnly === true ? 'read' : 'write')
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

  static async #open(options: StateManagerOptions, access: StateAccess): Promise<StateManager> {
    const { path, logger, now, redact = unchanged, migrations, tablePrefix: prefix = DEFAULT_TABLE_PREFIX, migrate = true } = options
    const pool = options.pool ?? { size: 5, timeoutMs: 30_000 }
    checkTablePrefix(prefix)
    const known = migrations === undefined ? {} : { migrations }
    const writer = await openState({ path, prefix, timeoutMs: pool.timeoutMs, access, migrate, logger, ...known })
    return new StateManager(new StateSession({ writer, path, prefix, pool, logger, access, now, redact }), options)
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

  /** `runs.last` by the name of the original plan (ADR 9), as the four below. */
  async getLastIngestion(ref: SourceRef): Promise<IngestionRecord | undefined> {
    return this.runs.last(ref)
  }

  /** `runs.update`. */
  async updateIngestion(lease: HeldLease, runId: string, changes: IngestionChanges): Promise<void> {
    await this.runs.update(lease, runId, changes)
  }

  /** `documents.get`. */
  async getDocumentState(ref: SourceRef, documentId: string): Promise<DocumentRecord | undefined> {
    return this.documents.get(ref, documentId)
  }

  /** `documents.update`. */
  async updateDocumentState(...given: Parameters<Documents['update']>): Promise<DocumentRecord> {
    return this.documents.update(...given)
  }

  /** `deletions.bury`. */
  async markDocumentDeleted(lease: HeldLease, runId: string, documentId: string): Promise<void> {
    await this.deletions.bury(lease, runId, documentId)
  }
}

function unchanged(text: string): string {
  return text
}
