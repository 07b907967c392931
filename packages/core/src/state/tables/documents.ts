import type { Scope } from '@qdrant-loader/connector-sdk'
import type { DocumentCommit, DocumentRecord, DocumentValidators, HeldLease, SourceRef } from '../records.ts'
import type { StateSession } from '../state-session.ts'
import { changeDocument, type DocumentChanges, writeCommits, writeSeen, writeValidators } from './document-commits.ts'
import {
  countLiveDocuments,
  countRedo,
  nextDocumentIds,
  readDocument,
  readDocuments,
  readScopes,
  redoPage,
  scopePage,
  unseenPage,
} from './document-rows.ts'
import { pages, toPage } from './paging.ts'

const ID_PAGE = 1_000

/** Documents and tombstones. */
export class Documents {
  readonly #session: StateSession

  /** @internal */
  constructor(session: StateSession) {
    this.#session = session
  }

  /** One document, tombstones included; undefined when the state does not know it. */
  async get(ref: SourceRef, documentId: string): Promise<DocumentRecord | undefined> {
    return this.#session.readSource('documents.get', ref, { documents: 1 }, undefined, (db, view) =>
      readDocument(db, view, documentId),
    )
  }

  /** Those that are known, by id, tombstones included. */
  async among(ref: SourceRef, ids: readonly string[]): Promise<ReadonlyMap<string, DocumentRecord>> {
    const none: ReadonlyMap<string, DocumentRecord> = new Map()
    return this.#session.readSource('documents.among', ref, { documents: ids.length }, none, (db, view) => readDocuments(db, view, ids))
  }

  /** Ids of live documents (`indexed`), ascending (bytes of UTF-8), paged by key. */
  async *ids(ref: SourceRef, scope?: Scope): AsyncGenerator<string> {
    const ids = pages<string, string>(this.#session, 'documents.ids', ref, (db, { sourceId }, after) =>
      toPage(nextDocumentIds(db, sourceId, { scope, after, limit: ID_PAGE }), ID_PAGE, (id) => id),
    )
    for await (const page of ids) yield* page
  }

  /** Number of documents that are not tombstones. */
  async count(ref: SourceRef): Promise<number> {
    return this.#session.readSource('documents.count', ref, {}, 0, (db, { sourceId }) => countLiveDocuments(db, sourceId))
  }

  /** Pages (up to `pageSize`) of live documents of `scopes` that `listing` did not see. Ordered by id, paged by key. */
  unseen(ref: SourceRef, listing: string, scopes: readonly Scope[], pageSize: number): AsyncIterable<readonly DocumentRecord[]> {
    return pages<DocumentRecord, string>(this.#session, 'documents.unseen', ref, (db, view, after) =>
      unseenPage(db, view, { listing, scopes }, after, pageSize),
    )
  }

  /** Pages of live documents whose scope is none of `scopes`. Costs nothing for the documents of those. */
  async *outside(ref: SourceRef, scopes: readonly Scope[], pageSize: number): AsyncGenerator<readonly DocumentRecord[]> {
    const held = await this.#session.readSource<readonly Scope[]>('documents.outside', ref, {}, [], (db, { sourceId }) =>
      readScopes(db, sourceId),
    )
    for (const scope of held.filter((candidate) => !scopes.includes(candidate))) {
      yield* pages<DocumentRecord, string>(this.#session, 'documents.outside', ref, (db, view, after) =>
        scopePage(db, view, scope, after, pageSize),
      )
    }
  }

  /** Number of live documents with a redo reason. */
  async countToRedo(ref: SourceRef): Promise<number> {
    return this.#session.readSource('documents.countToRedo', ref, {}, 0, (db, { sourceId }) => countRedo(db, sourceId))
  }

  /** Pages of live documents with a redo reason. */
  toRedo(ref: SourceRef, pageSize: number): AsyncIterable<readonly DocumentRecord[]> {
    return pages<DocumentRecord, number>(this.#session, 'documents.toRedo', ref, (db, view, after) =>
      redoPage(db, view, after, pageSize),
    )
  }

  /**
   * Step 3 of the commit protocol (design 7): documents, chunks, dependencies; clears this run's intents and the failures
   * of these documents, their redo marks and staged deletions; marks them seen by `listing`; marks documents that depend
   * on a changed one for redoing.
   */
  async commit(lease: HeldLease, runId: string, listing: string | undefined, commits: readonly DocumentCommit[]): Promise<void> {
    await this.#session.writeLeased('documents.commit', lease, { run_id: runId, documents: commits.length }, (db, view) =>
      writeCommits(db, view, { runId, listing }, commits),
    )
  }

  /** Unchanged documents: seen by `listing`, not failed, not staged (status back to `indexed`). Writes only what differs. */
  async markSeen(lease: HeldLease, runId: string, listing: string | undefined, documentIds: readonly string[]): Promise<void> {
    const fields = { run_id: runId, documents: documentIds.length }
    await this.#session.writeLeased('documents.markSeen', lease, fields, (db, { sourceId }) =>
      writeSeen(db, sourceId, { runId, listing }, documentIds),
    )
  }

  /** What detectors want back of documents that did not change; nothing else of them is touched. Tombstones stay as they are. */
  async recordValidators(lease: HeldLease, runId: string, documents: readonly DocumentValidators[]): Promise<void> {
    const fields = { run_id: runId, documents: documents.length }
    await this.#session.writeLeased('documents.recordValidators', lease, fields, (db, view) => writeValidators(db, view, runId, documents))
  }

  /**
   * Changes one document if it still has the version that the caller read, and returns it as it is then.
   * @throws ConcurrentUpdateError (`state_version_stale`), StateNotFoundError
   */
  async update(
    lease: HeldLease,
    runId: string,
    expected: Pick<DocumentRecord, 'documentId' | 'version'>,
    changes: DocumentChanges,
  ): Promise<DocumentRecord> {
    return this.#session.writeLeased('documents.update', lease, { run_id: runId, documents: 1 }, (db, view) =>
      changeDocument(db, view, { ...expected, runId }, changes),
    )
  }
}
