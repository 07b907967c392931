import { describe, expect, it } from 'vitest'
import { collect, commitOf, FINGERPRINTS, openTestState, OTHER, REF } from '../../test/state/test-state.ts'

describe('documents', () => {
  it('come back as they were committed', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const commit = commitOf('a.md', { points: ['p1', 'p2'] })
    const stub = { ...commit.document.stub, metadataVersion: 'm1', metadata: { tags: ['x'] }, validators: { etag: '"1"' } }
    const document = { ...commit.document, stub, skipped: 'empty' }
    await state.documents.commit(lease, 'r1', 'l1', [{ ...commit, document }])
    const found = await state.documents.among(REF, ['a.md', 'b.md'])
    expect([...found.keys()]).toEqual(['a.md'])
    expect(found.get('a.md')).toEqual({
      ...document,
      ref: REF,
      chunkCount: 2,
      status: 'indexed',
      verdict: undefined,
      movedTo: undefined,
      stagedAt: undefined,
      deletedAt: undefined,
      redo: undefined,
      seenListing: 'l1',
      lastRunId: 'r1',
      version: 1,
    })
    expect(await state.getDocumentState(REF, 'a.md')).toEqual(found.get('a.md'))
    expect(await state.getDocumentState(REF, 'b.md')).toBeUndefined()
  })

  it('keep a stub whose identity differs from their columns', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    const commit = commitOf('a.md', {})
    const stub = { ...commit.document.stub, contentVersion: 'newer', scope: 'elsewhere' }
    await test.state.documents.commit(lease, 'r1', undefined, [{ ...commit, document: { ...commit.document, stub } }])
    expect((await test.state.getDocumentState(REF, 'a.md'))?.stub).toEqual(stub)
  })

  it('replace their chunks, or keep them when told to', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.documents.commit(lease, 'r1', undefined, [commitOf('a.md', { points: ['p2', 'p1'] })])
    const first = (await state.chunks.of(REF, ['a.md', 'none'])).get('a.md')
    expect(first?.map((chunk) => [chunk.pointId, chunk.position])).toEqual([['p2', 0], ['p1', 1]])
    await state.documents.commit(lease, 'r2', undefined, [commitOf('a.md', { points: 'kept', version: 'v2' })])
    expect((await state.chunks.of(REF, ['a.md'])).get('a.md')).toEqual(first)
    expect(await state.getDocumentState(REF, 'a.md')).toMatchObject({ chunkCount: 2, contentVersion: 'v2', version: 2 })
    await state.documents.commit(lease, 'r3', undefined, [commitOf('a.md', { points: ['p3'] })])
    expect((await state.chunks.of(REF, ['a.md'])).get('a.md')?.map((chunk) => chunk.pointId)).toEqual(['p3'])
    await state.documents.commit(lease, 'r4', undefined, [commitOf('a.md', { points: [] })])
    expect(await state.chunks.of(REF, ['a.md'])).toEqual(new Map())
  })

  it('are listed by ascending UTF-8 bytes, over more than one page', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    // UTF-16 code units would put the emoji (a surrogate pair) before the ligature.
    const ids = ['', 'A', 'Z', 'a', 'a b', 'a-b', 'é', '中', '\uFB01', '😀', ...Array.from({ length: 2_300 }, (_, n) => `n/${n}`)]
    await state.documents.commit(lease, 'r1', undefined, [...ids].reverse().map((id) => commitOf(id, {})))
    const bytes = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(await collect(state.documents.ids(REF))).toEqual(bytes)
    expect(await collect(state.documents.ids(REF, 'main'))).toEqual(bytes)
    expect(await collect(state.documents.ids(REF, 'another'))).toEqual([])
    expect(await state.documents.count(REF)).toBe(ids.length)
  })

  it('are found by more ids than SQLite has variables', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const commits = Array.from({ length: 300 }, (_, n) => commitOf(`d${n}`, { points: [`p${n}`] }))
    await state.documents.commit(lease, 'r1', undefined, commits)
    const asked = Array.from({ length: 40_000 }, (_, n) => `d${n}`)
    expect((await state.documents.among(REF, asked)).size).toBe(300)
    expect((await state.chunks.of(REF, asked)).size).toBe(300)
    expect((await state.chunks.owned(REF, asked.map((id) => id.replace('d', 'p')))).size).toBe(300)
  })

  it('of sources with the same ids never mix (I9)', async () => {
    await using test = await openTestState()
    const { state } = test
    const [lease, other] = [await state.leases.acquire(REF), await state.leases.acquire(OTHER)]
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('a.md', { points: ['p1'] }), commitOf('b.md', {})])
    await state.documents.commit(other, 'r2', 'l2', [commitOf('a.md', { points: ['p9'], version: 'v9' })])
    await state.intents.record(other, 'r2', [{ pointId: 'p1', documentId: 'a.md', operation: 'remove' }])
    await state.failures.record(other, 'r2', undefined, [{ stub: commitOf('b.md', {}).document.stub, code: 'c', message: 'm', hint: 'h' }])
    await state.deletions.commit(other, 'r2', ['b.md'])
    await state.deletions.stage(lease, 'r1', [{ documentId: 'b.md', verdict: 'deleted' }])
    expect((await state.getDocumentState(REF, 'a.md'))?.contentVersion).toBe('v1')
    expect((await state.getDocumentState(OTHER, 'a.md'))?.contentVersion).toBe('v9')
    expect([...(await state.chunks.owned(REF, ['p1', 'p9'])).keys()]).toEqual(['p1'])
    expect(await collect(state.intents.open(REF, 10))).toEqual([])
    expect(await state.failures.count(REF)).toBe(0)
    expect(await state.deletions.count(OTHER)).toEqual({ guarded: 0, moves: 0, unknown: 0 })
    await state.intents.settle(other, [{ pointId: 'p1', documentId: 'a.md', operation: 'remove' }])
    expect((await state.chunks.owned(REF, ['p1'])).size).toBe(1)
    await state.sources.reset(other, 's2')
    expect(await state.documents.count(OTHER)).toBe(0)
    expect((await state.chunks.of(REF, ['a.md'])).size).toBe(1)
  })
})

describe('what a listing saw', () => {
  it('marks unchanged documents and leaves rows that already say so unwritten', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('a', {}), commitOf('b', {})])
    await state.documents.markSeen(lease, 'r2', 'l1', ['a', 'b'])
    await state.documents.markSeen(lease, 'r2', undefined, ['a', 'b', 'unknown'])
    expect(await state.getDocumentState(REF, 'a')).toMatchObject({ version: 1, lastRunId: 'r1' })
    await state.documents.markSeen(lease, 'r2', 'l2', ['a'])
    expect(await state.getDocumentState(REF, 'a')).toMatchObject({ version: 2, seenListing: 'l2', lastRunId: 'r2' })
    expect(await state.getDocumentState(REF, 'b')).toMatchObject({ version: 1, seenListing: 'l1' })
  })

  it('cancels staged deletions and failures of what was seen', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('a', {})])
    await state.deletions.stage(lease, 'r1', [{ documentId: 'a', verdict: 'hidden', movedTo: 'b' }])
    await state.failures.record(lease, 'r1', undefined, [{ stub: commitOf('a', {}).document.stub, code: 'c', message: 'm', hint: 'h' }])
    await state.documents.markSeen(lease, 'r2', undefined, ['a'])
    expect(await state.getDocumentState(REF, 'a')).toMatchObject({
      status: 'indexed',
      verdict: undefined,
      movedTo: undefined,
      stagedAt: undefined,
      seenListing: 'l1',
    })
    expect(await state.failures.count(REF)).toBe(0)
  })

  it('records other validators of unchanged documents, and nothing else of them', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const { stub } = commitOf('a', {}).document
    await state.documents.commit(lease, 'r1', 'l1', [{ ...commitOf('a', {}), document: { ...commitOf('a', {}).document, stub: { ...stub, validators: { etag: '1' } } } }])
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('gone', {})])
    await state.deletions.commit(lease, 'r1', ['gone'])
    const before = await state.getDocumentState(REF, 'a')
    await state.documents.recordValidators(lease, 'r2', [{ documentId: 'a', validators: { etag: '2' } }, { documentId: 'gone', validators: 'x' }, { documentId: 'unknown', validators: 'x' }])
    const after = await state.getDocumentState(REF, 'a')
    expect(after).toEqual({ ...before, stub: { ...stub, validators: { etag: '2' } }, lastRunId: 'r2', version: 2 })
    expect((await state.getDocumentState(REF, 'gone'))?.stub.validators).toBeUndefined()
    await state.documents.recordValidators(lease, 'r3', [{ documentId: 'a' }])
    expect((await state.getDocumentState(REF, 'a'))?.stub).toEqual(stub)
  })

  it('does not bring tombstones back', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    await test.state.documents.commit(lease, 'r1', 'l1', [commitOf('a', {})])
    await test.state.deletions.commit(lease, 'r1', ['a'])
    await test.state.documents.markSeen(lease, 'r2', 'l2', ['a'])
    expect((await test.state.getDocumentState(REF, 'a'))?.status).toBe('deleted')
  })

  it('leaves the others unseen, in the scopes that are asked for, page by page', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const ids = ['a', 'b', 'c', 'd', 'e']
    await state.documents.commit(lease, 'r1', undefined, ids.map((id) => commitOf(id, { scope: 'one' })))
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('f', { scope: 'two' }), commitOf('g', { scope: 'two' })])
    await state.documents.commit(lease, 'r1', 'l2', [commitOf('h', { scope: 'two' }), commitOf('i', { scope: 'three' })])
    await state.documents.markSeen(lease, 'r1', 'l2', ['c'])
    await state.deletions.stage(lease, 'r1', [{ documentId: 'e', verdict: 'unknown' }])
    const pages = await collect(state.documents.unseen(REF, 'l2', ['one', 'two'], 2))
    expect(pages.map((page) => page.map((document) => document.documentId))).toEqual([['a', 'b'], ['d', 'f'], ['g']])
    expect(await collect(state.documents.unseen(REF, 'l2', [], 2))).toEqual([])
  })

  it('names documents of scopes that are no longer configured', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const scopes = ['', 'one', 'two', 'one', 'three']
    await state.documents.commit(lease, 'r1', 'l1', scopes.map((scope, n) => commitOf(`d${n}`, { scope })))
    const outside = async (...configured: string[]) =>
      (await collect(state.documents.outside(REF, configured, 1))).flat().map((document) => document.documentId)
    expect(await outside('one', 'gone')).toEqual(['d0', 'd4', 'd2'])
    expect(await outside('one', 'two', 'three', '')).toEqual([])
    expect(await outside()).toHaveLength(5)
  })
})

describe('documents to redo', () => {
  it('are those that depend on one whose text changed', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const toRedo = async () => (await collect(state.documents.toRedo(REF, 1))).flat().map((found) => found.documentId)
    await state.documents.commit(lease, 'r1', undefined, [commitOf('part', {}), commitOf('page', { dependsOn: ['part', 'part'] })])
    expect(await toRedo()).toEqual(['page'])
    const quiet = { dependsOn: 'kept', contentChanged: false } as const
    await state.documents.commit(lease, 'r1', undefined, [commitOf('page', quiet)])
    expect(await toRedo()).toEqual([])
    await state.documents.commit(lease, 'r2', undefined, [commitOf('part', { version: 'v2', contentChanged: false })])
    expect(await toRedo()).toEqual([])
    await state.documents.commit(lease, 'r2', undefined, [commitOf('part', { version: 'v3' })])
    expect((await state.getDocumentState(REF, 'page'))?.redo).toBe('dependency')
    await state.documents.commit(lease, 'r2', undefined, [commitOf('page', { contentChanged: false })])
    await state.documents.commit(lease, 'r3', undefined, [commitOf('part', { version: 'v4' })])
    expect(await toRedo()).toEqual([])
  })

  it('are those that depend on one that was deleted', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const page = commitOf('page', { dependsOn: ['part'], contentChanged: false })
    await state.documents.commit(lease, 'r1', undefined, [commitOf('part', {}), page])
    await state.documents.commit(lease, 'r1', undefined, [page])
    await state.deletions.commit(lease, 'r1', ['part'])
    expect((await collect(state.documents.toRedo(REF, 5))).flat()).toHaveLength(1)
  })
})

describe('vector donors', () => {
  it('are points of any source in the same collection, made with the same embedding', async () => {
    await using test = await openTestState()
    const { state } = test
    const [lease, other] = [await state.leases.acquire(REF), await state.leases.acquire(OTHER)]
    await state.sources.update(lease, { storeInstance: 's1' })
    await state.sources.update(other, { storeInstance: 's2' })
    await state.documents.commit(lease, 'r1', undefined, [commitOf('a', { points: ['p1', 'p2'] })])
    await state.documents.commit(other, 'r1', undefined, [commitOf('a', { points: ['q1'] })])
    const newer = { ...FINGERPRINTS, embedding: 'emb2' }
    await state.documents.commit(lease, 'r1', undefined, [commitOf('b', { points: ['p3'], fingerprints: newer })])
    const hashes = ['h-p1', 'h-p3', 'h-q1', 'h-none']
    expect(await state.chunks.donors(hashes, 'emb', 's1')).toEqual(new Map([['h-p1', { inputHash: 'h-p1', pointId: 'p1' }]]))
    expect([...(await state.chunks.donors(hashes, 'emb', 's2')).keys()]).toEqual(['h-q1'])
    expect([...(await state.chunks.donors(hashes, 'emb2', 's1')).keys()]).toEqual(['h-p3'])
    expect((await state.chunks.donors(hashes, 'emb', 's3')).size).toBe(0)
  })

  it('are compared in full, not by the part that the index holds', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.sources.update(lease, { storeInstance: 's1' })
    await state.documents.commit(lease, 'r1', undefined, [commitOf('a', { points: ['0123456789-one'] })])
    expect((await state.chunks.donors(['h-0123456789-two'], 'emb', 's1')).size).toBe(0)
    expect((await state.chunks.owned(REF, ['0123456789-two'])).size).toBe(0)
  })
})

describe('one document', () => {
  it('is changed by whoever read its newest version', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.documents.commit(lease, 'r1', undefined, [commitOf('a', {})])
    const read = await state.getDocumentState(REF, 'a')
    const expected = { documentId: 'a', version: read?.version ?? 0 }
    const changed = await state.updateDocumentState(lease, 'r2', expected, { title: 'New', redo: 'intent' })
    expect(changed).toEqual(await state.getDocumentState(REF, 'a'))
    expect(changed).toMatchObject({ title: 'New', redo: 'intent', version: 2, lastRunId: 'r2' })
    await expect(state.updateDocumentState(lease, 'r3', expected, { title: 'Newer' })).rejects.toMatchObject({
      name: 'ConcurrentUpdateError',
      code: 'state_version_stale',
    })
    expect((await state.getDocumentState(REF, 'a'))?.title).toBe('New')
  })

  it('has to be there to be changed or deleted', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    const missing = { name: 'StateNotFoundError', code: 'state_document_unknown' }
    await expect(test.state.markDocumentDeleted(lease, 'r1', 'a')).rejects.toMatchObject(missing)
    const expected = { documentId: 'a', version: 1 }
    await expect(test.state.updateDocumentState(lease, 'r1', expected, {})).rejects.toMatchObject(missing)
  })

  it('becomes a tombstone', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.documents.commit(lease, 'r1', undefined, [commitOf('a', { points: ['p1'] })])
    await state.markDocumentDeleted(lease, 'r2', 'a')
    expect(await state.getDocumentState(REF, 'a')).toMatchObject({
      status: 'deleted',
      verdict: 'deleted',
      chunkCount: 0,
      deletedAt: new Date(test.clock.now()),
    })
    expect((await state.chunks.owned(REF, ['p1'])).size).toBe(0)
    expect(await state.documents.count(REF)).toBe(0)
  })
})
