import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commitOf, openTestState, REF, START } from '../../test/state/test-state.ts'
import type { SqlValue } from '../sqlite/sqlite-connection.ts'
import { Connection } from './connection.ts'
import { systemProcesses } from './process-identity.ts'
import { countChunkRows, readChunks, readDonors, readOwnedPoints } from './tables/chunks.ts'
import { bury, countStagedDeletions, stage, unstage } from './tables/deletions.ts'
import { writeCommits, writeSeen } from './tables/document-commits.ts'
import {
  countLiveDocuments,
  countRedo,
  nextDocumentIds,
  readDocument,
  readDocuments,
  readScopes,
  redoPage,
  scopePage,
  stagedPage,
  unseenPage,
} from './tables/document-rows.ts'
import { countFailureRows, dropFailures, failurePage, writeFailures } from './tables/failures.ts'
import { FingerprintSets } from './tables/fingerprint-sets.ts'
import { closeIntents, intentPage, settle, writeIntents } from './tables/intents.ts'
import { dropLease, renewLease, takeLease } from './tables/leases.ts'
import { changeRun, insertRun, lastRun } from './tables/runs.ts'
import { ensureSource, findSourceId, requireLease, type SourceView } from './tables/source-view.ts'
import { changeSource, emptySource, readSource } from './tables/sources.ts'

/** Notes how SQLite is going to run each statement. */
class ExplainingConnection extends Connection {
  readonly plans: string[] = []

  override get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    this.#explain(sql, values)
    return super.get(sql, ...values)
  }

  override all<Row>(sql: string, ...values: readonly SqlValue[]): Row[] {
    this.#explain(sql, values)
    return super.all(sql, ...values)
  }

  override run(sql: string, ...values: readonly SqlValue[]): number {
    this.#explain(sql, values)
    return super.run(sql, ...values)
  }

  #explain(sql: string, values: readonly SqlValue[]): void {
    const steps = super.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values)
    for (const { detail } of steps) this.plans.push(`${detail}  ⇐  ${sql.trim().replaceAll(/\s+/g, ' ')}`)
  }
}

const now = new Date(START)
const run = { runId: 'r2', at: now, listing: 'l2' }
const lease = { ref: REF, holder: 'me', acquiredAt: new Date(START) }
const stub = commitOf('a', {}).document.stub
const commits = [commitOf('a', { points: ['p1'], dependsOn: ['b'] }), commitOf('b', {})]
const processes = systemProcesses()

/** Everything that a run does to the state, each at least once. */
const OPERATIONS: Record<string, (db: Connection, view: SourceView) => unknown> = {
  findSourceId: (db) => findSourceId(db, REF),
  readSource: (db, { sourceId }) => readSource(db, sourceId),
  changeSource: (db, { sourceId }) => changeSource(db, sourceId, { cursor: 1 }),
  takeLease: (db, { sourceId }) => takeLease(db, { ref: REF, sourceId, holder: 'me', processes, now }),
  renewLease: (db, { sourceId }) => renewLease(db, sourceId, lease, now),
  requireLease: (db, { sourceId }) => requireLease(db, sourceId, lease),
  insertRun: (db, { sourceId }) => insertRun(db, sourceId, { runId: 'r2', mode: 'full', cursorBefore: 1, now }),
  changeRun: (db, { sourceId }) => changeRun(db, sourceId, 'r2', { status: 'failed' }),
  lastRun: (db, { sourceId }) => lastRun(db, REF, sourceId),
  closeIntents: (db, { sourceId }) => closeIntents(db, sourceId, ['p']),
  writeIntents: (db, view) => writeIntents(db, view, run, [{ pointId: 'p', documentId: 'a', operation: 'upsert' }]),
  intentPage: (db, { sourceId }) => intentPage(db, sourceId, 'a', 100),
  writeCommits: (db, view) => writeCommits(db, view, run, commits),
  writeSeen: (db, { sourceId }) => writeSeen(db, sourceId, run, ['a']),
  readDocument: (db, view) => readDocument(db, view, 'a'),
  readDocuments: (db, view) => readDocuments(db, view, ['a', 'b']),
  nextDocumentIds: (db, { sourceId }) => nextDocumentIds(db, sourceId, { scope: undefined, after: 'a', limit: 9 }),
  nextDocumentIdsOfScope: (db, { sourceId }) => nextDocumentIds(db, sourceId, { scope: 'main', after: 'a', limit: 9 }),
  readScopes: (db, { sourceId }) => readScopes(db, sourceId),
  scopePage: (db, view) => scopePage(db, view, 'main', 'a', 9),
  unseenPage: (db, view) => unseenPage(db, view, { listing: 'l2', scopes: ['main'] }, 'a', 9),
  redoPage: (db, view) => redoPage(db, view, undefined, 9),
  stagedPage: (db, view) => stagedPage(db, view, undefined, 9),
  countStagedDeletions: (db, { sourceId }) => countStagedDeletions(db, sourceId),
  countLiveDocuments: (db, { sourceId }) => countLiveDocuments(db, sourceId),
  readChunks: (db, { sourceId }) => readChunks(db, sourceId, ['a', 'b']),
  readDonors: (db) => readDonors(db, { inputHashes: ['h-p1'], embedding: 'emb', storeInstance: 's' }),
  readOwnedPoints: (db, { sourceId }) => readOwnedPoints(db, sourceId, ['p1']),
  countRedo: (db, { sourceId }) => countRedo(db, sourceId),
  countChunkRows: (db, { sourceId }) => countChunkRows(db, sourceId),
  settle: (db, { sourceId }) =>
    settle(db, sourceId, [
      { pointId: 'p', documentId: 'a', operation: 'upsert' },
      { pointId: 'p1', documentId: 'a', operation: 'remove' },
    ]),
  writeFailures: (db, { sourceId }) => writeFailures(db, sourceId, run, [{ stub, code: 'c', message: 'm', hint: 'h' }]),
  failurePage: (db, { sourceId }) => failurePage(db, { ref: REF, sourceId }, 'r2', undefined, 9),
  countFailureRows: (db, { sourceId }) => countFailureRows(db, sourceId),
  dropFailures: (db, { sourceId }) => dropFailures(db, sourceId, ['a']),
  stage: (db, { sourceId }) => stage(db, sourceId, run, [{ documentId: 'a', verdict: 'deleted' }]),
  unstage: (db, { sourceId }) => unstage(db, sourceId, ['a']),
  bury: (db, { sourceId }) => bury(db, sourceId, run, ['b', 'a']),
  emptySource: (db, { sourceId }) => emptySource(db, sourceId, 's'),
  dropLease: (db, { sourceId }) => dropLease(db, sourceId, lease),
}

/** Those that read rows in an order. */
const PAGES = [
  'redoPage',
  'stagedPage',
  'nextDocumentIds',
  'nextDocumentIdsOfScope',
  'scopePage',
  'unseenPage',
  'intentPage',
  'failurePage',
  'lastRun',
]

/** Those of a run that finds nothing changed. */
const UNCHANGED = ['readSource', 'lastRun', 'intentPage', 'redoPage', 'failurePage', 'countStagedDeletions', 'readScopes']

describe('what a run does to the state', () => {
  it('never reads a whole table: each step looks up an index', async () => {
    await using test = await openTestState()
    const db = new ExplainingConnection(join(test.folder, 'state.db'), { prefix: 'qdrant_loader_' })
    try {
      const view = { ref: REF, sourceId: ensureSource(db, REF), fingerprints: new FingerprintSets() }
      for (const operation of Object.values(OPERATIONS)) operation(db, view)
      // Lists that were given are read from start to end, which is what they are for.
      const scans = db.plans.filter((plan) => /^SCAN (?!.*VIRTUAL TABLE)(?!CONSTANT ROW)/.test(plan))
      expect(scans).toEqual([])
      expect(db.plans.filter((plan) => plan.startsWith('SEARCH')).length).toBeGreaterThan(40)
    } finally {
      db.close()
    }
  })

  it('names one source in every search of documents, and never sorts them', async () => {
    await using test = await openTestState()
    const db = new ExplainingConnection(test.path, { prefix: 'qdrant_loader_' })
    try {
      const view = { ref: REF, sourceId: ensureSource(db, REF), fingerprints: new FingerprintSets() }
      for (const name of PAGES) OPERATIONS[name]?.(db, view)
      expect(db.plans.filter((plan) => plan.includes('TEMP B-TREE FOR ORDER BY'))).toEqual([])
const searches = db.plans.filter((plan) => /^SEARCH (?!\S*source_states)/.test(plan))
      expect(searches.filter((plan) => !/\(source_id=\?/.test(plan))).toEqual([])
      expect(searches.length).toBeGreaterThan(8)
    } finally {
      db.close()
    }
  })
})

describe('the part of an unchanged run', () => {
  it('finds what has to be done again without walking the documents', async () => {
    await using test = await openTestState()
    const db = new ExplainingConnection(test.path, { prefix: 'qdrant_loader_' })
    const view = { ref: REF, sourceId: ensureSource(db, REF), fingerprints: new FingerprintSets() }
    redoPage(db, view, undefined, 9)
    // The partial index of what is marked has the source alone; that of the status has every document.
    expect(db.plans.filter((plan) => plan.includes('redo IS NOT NULL'))).toEqual([
      expect.stringMatching(/USING INDEX \S+ \(source_id=\? AND rowid>\?\)/),
    ])
    db.close()
  })

  it('reads no more rows with a hundred times as many documents', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const db = new CountingConnection(test.path, { prefix: 'qdrant_loader_' })
    const sourceId = findSourceId(db, REF) as number
    const view = { ref: REF, sourceId, fingerprints: new FingerprintSets() }
    const rows = () => {
      db.rows = 0
      for (const name of UNCHANGED) OPERATIONS[name]?.(db, view)
      return db.rows
    }
    await state.documents.commit(lease, 'r1', 'l1', Array.from({ length: 20 }, (_, n) => commitOf(`a${n}`, {})))
    const few = rows()
    await state.documents.commit(lease, 'r1', 'l1', Array.from({ length: 2_000 }, (_, n) => commitOf(`b${n}`, {})))
    expect(rows()).toBe(few)
    db.close()
  })
})

/** Counts the rows that come back. */
class CountingConnection extends Connection {
  rows = 0

  override get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    this.rows += 1
    return super.get(sql, ...values)
  }

  override all<Row>(sql: string, ...values: readonly SqlValue[]): Row[] {
    const found = super.all<Row>(sql, ...values)
    this.rows += found.length
    return found
  }
}
