import { describe, expect, it } from 'vitest'
import { collect, commitOf, openTestState, OTHER, REF, START } from '../../test/state/test-state.ts'
import type { RunCounters } from './records.ts'

const COUNTERS: RunCounters = {
  documents: { added: 1, updated: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0, held: 0, unconfirmed: 0 },
  skipped: { binary: 2 },
  verdicts: {},
  shortfalls: {},
  chunks: { embedded: 1, reused: 0, unfinished: 0 },
  points: { upserted: 1, payload_updated: 0, deleted: 0 },
  requests: { source: 0, content: 0, store: 2, embedder: 1 },
}

describe('the history', () => {
  it('holds a run from its start to its end', async () => {
    await using test = await openTestState()
    const { state, clock } = test
    const lease = await state.leases.acquire(REF)
    await state.runs.start(lease, { runId: 'r1', mode: 'incremental', cursorBefore: { commit: 'a' } })
    expect(await state.getLastIngestion(REF)).toMatchObject({ status: 'running', finishedAt: undefined, counters: undefined })
    clock.advance(5_000)
    const cursorAfter = { commit: 'b' }
    const end = { runId: 'r1', mode: 'full', status: 'partial', counters: COUNTERS, cursorAfter, error: 'x: y' } as const
    await state.runs.finish(lease, end)
    expect(await state.getLastIngestion(REF)).toEqual({
      runId: 'r1',
      ref: REF,
      mode: 'full',
      status: 'partial',
      startedAt: new Date(START),
      finishedAt: new Date(START + 5_000),
      counters: COUNTERS,
      cursorBefore: { commit: 'a' },
      cursorAfter: { commit: 'b' },
      error: 'x: y',
    })
  })

  it('says of a run whose process died that it was interrupted, when the next one starts', async () => {
    await using test = await openTestState()
    const { state } = test
    const [lease, other] = [await state.leases.acquire(REF), await state.leases.acquire(OTHER)]
    await state.runs.start(other, { runId: 'r0', mode: 'full', cursorBefore: undefined })
    await state.runs.start(lease, { runId: 'r1', mode: 'full', cursorBefore: undefined })
    await state.runs.start(lease, { runId: 'r2', mode: 'full', cursorBefore: undefined })
    const history = await state.reports.history({ limit: 9 })
    expect(history.map((run) => [run.runId, run.status])).toEqual([
      ['r2', 'running'],
      ['r1', 'interrupted'],
      ['r0', 'running'],
    ])
  })

  it('is filtered and limited', async () => {
    await using test = await openTestState()
    const { state } = test
    const [lease, other] = [await state.leases.acquire(REF), await state.leases.acquire(OTHER)]
    for (const runId of ['r1', 'r2']) await state.runs.start(lease, { runId, mode: 'full', cursorBefore: undefined })
    await state.runs.start(other, { runId: 'r3', mode: 'full', cursorBefore: undefined })
    const runs = async (filter: { project?: string; sourceType?: string; source?: string }, limit = 9) =>
      (await state.reports.history({ ...filter, limit })).map((run) => run.runId)
    expect(await runs({ project: 'default' })).toEqual(['r2', 'r1'])
    expect(await runs({ sourceType: 'git', source: 'handbook' }, 2)).toEqual(['r3', 'r2'])
    expect(await runs({ source: 'nothing' })).toEqual([])
  })

  it('refuses to change a run that was not started', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    await expect(test.state.updateIngestion(lease, 'r1', {})).rejects.toMatchObject({
      name: 'StateNotFoundError',
      code: 'state_run_unknown',
    })
  })

  it('takes a change of some columns and leaves the others', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.runs.start(lease, { runId: 'r1', mode: 'full', cursorBefore: 1 })
    await state.updateIngestion(lease, 'r1', { counters: COUNTERS })
    expect(await state.getLastIngestion(REF)).toMatchObject({ status: 'running', counters: COUNTERS, cursorBefore: 1 })
  })
})

describe('a source', () => {
  it('is unknown until somebody takes its lease', async () => {
    await using test = await openTestState()
    const { state } = test
    expect(await state.sources.get(REF)).toBeUndefined()
    expect(await state.getLastIngestion(REF)).toBeUndefined()
    expect(await state.documents.among(REF, ['a'])).toEqual(new Map())
    expect(await collect(state.documents.ids(REF))).toEqual([])
    await state.leases.acquire(REF)
    expect(await state.sources.get(REF)).toEqual({
      ref: REF,
      cursor: undefined,
      fingerprints: undefined,
      storeInstance: undefined,
      reconciled: false,
      storeMarks: [],
      openListing: undefined,
      lastSuccessAt: undefined,
      lastListingAt: undefined,
      heldDeletions: 0,
    })
  })

  it('changes only the keys that are given, and null clears', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const at = new Date(START)
    const fingerprints = commitOf('a', {}).document.fingerprints
    const all = { cursor: ['x'], fingerprints, storeInstance: 's1', reconciled: true, storeMarks: ['m1'], openListing: 'l1', heldDeletions: 3 }
    await state.sources.update(lease, { ...all, lastSuccessAt: at, lastListingAt: at })
    await state.sources.update(lease, {})
    expect(await state.sources.get(REF)).toEqual({ ref: REF, ...all, lastSuccessAt: at, lastListingAt: at })
    await state.sources.update(lease, { cursor: null, openListing: null, reconciled: false })
    expect(await state.sources.get(REF)).toMatchObject({ cursor: undefined, openListing: undefined, reconciled: false, storeInstance: 's1' })
  })

  it('forgets everything but its history when its collection is another one', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.runs.start(lease, { runId: 'r1', mode: 'full', cursorBefore: undefined })
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('a', { points: ['p1'], dependsOn: ['b'] })])
    await state.intents.record(lease, 'r1', [{ pointId: 'p2', documentId: 'b', operation: 'upsert' }])
    const stub = commitOf('c', {}).document.stub
    await state.failures.record(lease, 'r1', undefined, [{ stub, code: 'c', message: 'm', hint: 'h' }])
    await state.sources.update(lease, { cursor: 1, reconciled: true, storeMarks: ['m1'], openListing: 'l1', heldDeletions: 2 })
    await state.sources.reset(lease, 's2')
    expect(await state.sources.get(REF)).toMatchObject({
      cursor: undefined,
      storeInstance: 's2',
      reconciled: false,
      storeMarks: [],
      openListing: undefined,
      heldDeletions: 0,
    })
    expect(await state.getDocumentState(REF, 'a')).toBeUndefined()
    expect(test.count('chunk_states') + test.count('document_dependencies')).toBe(0)
    expect(await collect(state.intents.open(REF, 9))).toEqual([])
    expect(await state.failures.count(REF)).toBe(0)
    expect(await state.reports.history({ limit: 9 })).toHaveLength(1)
    // What depended on something before does not come back with a new document of the same number.
    await state.documents.commit(lease, 'r2', 'l1', [commitOf('x', {})])
    await state.documents.commit(lease, 'r2', 'l1', [commitOf('b', {})])
    expect(await collect(state.documents.toRedo(REF, 9))).toEqual([])
  })

  it('is reported with its counts and its lease', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const other = await state.leases.acquire(OTHER)
    await state.leases.release(other)
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('a', { points: ['p1', 'p2'] }), commitOf('b', { points: ['p3'] })])
    await state.deletions.commit(lease, 'r1', ['b'])
    const [first, second] = await state.reports.sources()
    expect(first).toMatchObject({ ref: REF, documents: 1, chunks: 2, failures: 0 })
    expect(first?.lease).toMatchObject({ acquiredAt: new Date(START), heartbeatAt: new Date(START) })
    expect(first?.lease?.holder).toContain(`pid ${process.pid} on `)
    expect(second).toMatchObject({ ref: OTHER, documents: 0, chunks: 0, lease: undefined })
  })
})

describe('metrics', () => {
  it('are kept until they are pruned', async () => {
    await using test = await openTestState()
    const at = (ms: number) => new Date(START + ms)
    const sample = (ms: number) => ({ runId: 'r1', name: 'documents_per_second', value: 12.5, at: at(ms) })
    await test.state.metrics.record([sample(0), sample(1), sample(2)])
    await test.state.metrics.prune(at(1))
    await expect(test.state.metrics.record([{ ...sample(0), at: new Date(Number.NaN) }])).rejects.toMatchObject({
      code: 'state_date_invalid',
    })
    expect(test.count('metric_samples')).toBe(2)
  })
})
