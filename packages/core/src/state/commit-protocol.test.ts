import { describe, expect, it } from 'vitest'
import { collect, commitOf, FINGERPRINTS, openTestState, REF } from '../../test/state/test-state.ts'
import type { WriteIntent } from './records.ts'

const stubOf = (id: string) => commitOf(id, {}).document.stub
const intent = (pointId: string, documentId: string, operation: WriteIntent['operation']): WriteIntent => ({
  pointId,
  documentId,
  operation,
})

describe('write intents (I5)', () => {
  it('are open until their documents are committed, whatever run left them', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const intents = [intent('p1', 'a', 'upsert'), intent('p2', 'a', 'remove'), intent('p3', 'b', 'payload')]
    await state.intents.record(lease, 'r1', intents)
    expect(await collect(state.intents.open(REF, 2))).toMatchObject([intents.slice(0, 2), intents.slice(2)])
    await state.documents.commit(lease, 'r1', undefined, [commitOf('a', { points: ['p1'] })])
    expect((await collect(state.intents.open(REF, 2))).flat()).toMatchObject([intents[2]])
    await state.deletions.commit(lease, 'r1', ['b'])
    expect(await collect(state.intents.open(REF, 2))).toEqual([])
  })

  it('of another run than the one that commits the document stay open: its points are still to be removed', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.intents.record(lease, 'killed', [intent('p1', 'a', 'upsert'), intent('p2', 'a', 'upsert')])
    await state.intents.record(lease, 'r2', [intent('p1', 'a', 'upsert'), intent('p3', 'a', 'upsert')])
    await state.documents.commit(lease, 'r2', undefined, [commitOf('a', { points: ['p1', 'p3'] })])
    expect((await collect(state.intents.open(REF, 9))).flat()).toMatchObject([{ ...intent('p2', 'a', 'upsert'), runId: 'killed' }])
    await state.deletions.commit(lease, 'r3', ['a'])
    expect((await collect(state.intents.open(REF, 9))).flat()).toMatchObject([{ pointId: 'p2' }])
    await state.intents.close(lease, ['p2'])
    expect(await collect(state.intents.open(REF, 9))).toEqual([])
  })

  it('of an earlier try of the same document in this run stay open, also when the document is deleted', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.intents.record(lease, 'r1', [intent('failed', 'a', 'upsert')])
    await state.intents.record(lease, 'r1', [intent('p1', 'a', 'upsert')])
    await state.documents.commit(lease, 'r1', undefined, [commitOf('a', { points: ['p1'] })])
    expect((await collect(state.intents.open(REF, 9))).flat()).toMatchObject([intent('failed', 'a', 'upsert')])
    await state.intents.record(lease, 'r1', [intent('p1', 'a', 'remove')])
    await state.deletions.commit(lease, 'r1', ['a'])
    expect((await collect(state.intents.open(REF, 9))).flat()).toMatchObject([intent('failed', 'a', 'upsert')])
  })

  it('give the vectors of points that were left to any source that has the same input, under the same embedding only', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.sources.update(lease, { storeInstance: 's1' })
    const left = { ...intent('p1', 'a', 'upsert'), inputHash: 'h1' }
    await state.intents.record(lease, 'killed', [left, { ...intent('p2', 'a', 'upsert'), inputHash: 'h2' }, intent('p3', 'a', 'remove')], FINGERPRINTS)
    expect((await state.chunks.donors(['h1', 'h2'], 'emb', 's1')).size).toBe(0)
    await state.intents.settle(lease, [{ ...left, operation: 'left' }])
    expect([...(await state.chunks.donors(['h1', 'h2'], 'emb', 's1')).values()]).toEqual([{ inputHash: 'h1', pointId: 'p1' }])
    expect((await state.chunks.donors(['h1'], 'another model', 's1')).size).toBe(0)
    expect((await state.chunks.donors(['h1'], 'emb', 'another collection')).size).toBe(0)
  })

  it('of one point are replaced by the newer one', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    await test.state.intents.record(lease, 'r1', [intent('p1', 'a', 'upsert')])
    await test.state.intents.record(lease, 'r1', [intent('p1', 'a', 'remove')])
    expect((await collect(test.state.intents.open(REF, 9))).flat()).toMatchObject([intent('p1', 'a', 'remove')])
  })

  it('leave doubt behind when they are settled: rows of removed points go, payloads are unknown, documents are redone, and what nobody owns stays open', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.documents.commit(lease, 'r1', undefined, [commitOf('a', { points: ['p1', 'p2', 'p3'] }), commitOf('b', {})])
    await state.deletions.commit(lease, 'r1', ['b'])
    const intents = [
      intent('p1', 'a', 'payload'),
      intent('p2', 'a', 'remove'),
      intent('new', 'a', 'upsert'),
      intent('old', 'b', 'upsert'),
      intent('x', 'never committed', 'upsert'),
    ]
    await state.intents.record(lease, 'r2', intents)
    await state.intents.settle(lease, intents.map((each) => (each.pointId === 'new' ? { ...each, operation: 'left' } : each)))
    const chunks = (await state.chunks.of(REF, ['a'])).get('a')
    expect(chunks?.map((chunk) => [chunk.pointId, chunk.payloadHash])).toEqual([['p1', ''], ['p3', 'p-p3']])
    expect((await collect(state.documents.toRedo(REF, 9))).flat()).toMatchObject([{ documentId: 'a', redo: 'intent' }])
    expect((await collect(state.intents.open(REF, 9))).flat()).toMatchObject([
      { pointId: 'new', operation: 'left' },
      { pointId: 'old', operation: 'upsert' },
      { pointId: 'x', operation: 'upsert' },
    ])
    await state.documents.commit(lease, 'r3', undefined, [commitOf('a', { points: ['p1'] })])
    expect(await collect(state.documents.toRedo(REF, 9))).toEqual([])
  })
})

describe('deletions (I3, I4)', () => {
  it('are staged, counted by kind, and kept with the time they were first known', async () => {
    await using test = await openTestState()
    const { state, clock } = test
    const lease = await state.leases.acquire(REF)
    await state.documents.commit(lease, 'r1', 'l1', ['a', 'b', 'c', 'd', 'e'].map((id) => commitOf(id, {})))
    await state.deletions.commit(lease, 'r1', ['e'])
    const staged = await state.deletions.stage(lease, 'r1', [
      { documentId: 'a', verdict: 'deleted' },
      { documentId: 'b', verdict: 'deleted', movedTo: 'z' },
      { documentId: 'c', verdict: 'unknown' },
      { documentId: 'e', verdict: 'deleted' },
      { documentId: 'unknown', verdict: 'deleted' },
    ])
    expect(staged).toBe(3)
    expect(await state.deletions.count(REF)).toEqual({ guarded: 1, moves: 1, unknown: 1 })
    expect(await state.documents.count(REF)).toBe(4)
    expect(await collect(state.documents.ids(REF))).toEqual(['d'])
    const first = new Date(clock.now())
    clock.advance(60_000)
    expect(await state.deletions.stage(lease, 'r2', [{ documentId: 'c', verdict: 'archived' }])).toBe(1)
    expect(await state.getDocumentState(REF, 'c')).toMatchObject({ verdict: 'archived', stagedAt: first, status: 'staged' })
    const pages = await collect(state.deletions.staged(REF, 2))
    expect(pages.map((page) => page.map((document) => document.documentId))).toEqual([['a', 'b'], ['c']])
    expect(pages[0]?.[1]?.movedTo).toBe('z')
  })

  it('are cancelled by an upsert, and by unstaging', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('a', {}), commitOf('b', {})])
    await state.deletions.stage(lease, 'r1', [
      { documentId: 'a', verdict: 'deleted' },
      { documentId: 'b', verdict: 'hidden' },
    ])
    await state.documents.commit(lease, 'r2', 'l2', [commitOf('a', { version: 'v2' })])
    await state.deletions.unstage(lease, ['b'])
    expect(await state.deletions.count(REF)).toEqual({ guarded: 0, moves: 0, unknown: 0 })
    for (const id of ['a', 'b']) {
      expect(await state.getDocumentState(REF, id)).toMatchObject({ status: 'indexed', verdict: undefined, stagedAt: undefined })
    }
  })

  it('leave a tombstone that an upsert brings back to life', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('a', { points: ['p1'] })])
    await state.deletions.stage(lease, 'r1', [{ documentId: 'a', verdict: 'archived' }])
    await state.deletions.commit(lease, 'r1', ['a', 'unknown'])
    const tombstone = await state.getDocumentState(REF, 'a')
    expect(tombstone).toMatchObject({ status: 'deleted', verdict: 'archived', chunkCount: 0, stagedAt: undefined })
    expect(await state.chunks.of(REF, ['a'])).toEqual(new Map())
    await state.documents.commit(lease, 'r2', 'l2', [commitOf('a', { points: ['p1'] })])
    expect(await state.getDocumentState(REF, 'a')).toMatchObject({ status: 'indexed', deletedAt: undefined, chunkCount: 1 })
  })
})

describe('failures (I10)', () => {
  it('count attempts, keep the first time, and name what a run has not touched', async () => {
    await using test = await openTestState()
    const { state, clock } = test
    const lease = await state.leases.acquire(REF)
    const failure = (id: string, code: string) => ({ stub: stubOf(id), code, message: `${id} failed`, hint: 'Look.' })
    await state.failures.record(lease, 'r1', undefined, [failure('a', 'one'), failure('b', 'one'), failure('c', 'one')])
    const first = new Date(clock.now())
    clock.advance(1_000)
    await state.failures.record(lease, 'r2', undefined, [failure('a', 'two')])
    expect(await state.reports.failures({ limit: 1 })).toEqual([
      {
        ref: REF,
        documentId: 'a',
        stub: stubOf('a'),
        code: 'two',
        message: 'a failed',
        hint: 'Look.',
        attempts: 2,
        firstFailedAt: first,
        lastFailedAt: new Date(clock.now()),
        lastRunId: 'r2',
      },
    ])
    const pages = await collect(state.failures.before(REF, 'r2', 1))
    expect(pages.map((page) => page.map((found) => found.documentId))).toEqual([['b'], ['c']])
    await state.failures.clear(lease, ['b', 'unknown'])
    await state.documents.commit(lease, 'r2', undefined, [commitOf('c', {})])
    expect(await state.failures.count(REF)).toBe(1)
    await state.deletions.stage(lease, 'r2', [{ documentId: 'a', verdict: 'deleted' }])
    expect(await state.failures.count(REF)).toBe(0)
  })
})
