import { describe, expect, it } from 'vitest'
import { collect, commitOf, openTestState, OTHER, REF } from '../../test/state/test-state.ts'

describe('a transaction', () => {
  it('commits everything that was called in it, or nothing', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const result = await state.transaction(async () => {
      await state.documents.commit(lease, 'r1', undefined, [commitOf('a', {})])
      await state.sources.update(lease, { cursor: 1 })
      return 'done'
    })
    expect(result).toBe('done')
    const mine = new Error('my own')
    const failing = state.transaction(async () => {
      await state.documents.commit(lease, 'r1', undefined, [commitOf('b', {})])
      await state.sources.update(lease, { cursor: 2 })
      throw mine
    })
    await expect(failing).rejects.toBe(mine)
    expect(await collect(state.documents.ids(REF))).toEqual(['a'])
    expect((await state.sources.get(REF))?.cursor).toBe(1)
  })

  it('is seen by itself, and by others when it is committed', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const inside = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const running = state.transaction(async () => {
      await state.documents.commit(lease, 'r1', undefined, [commitOf('a', {})])
      expect(await collect(state.documents.ids(REF))).toEqual(['a'])
      inside.resolve()
      await goOn.promise
    })
    await inside.promise
    expect(await collect(state.documents.ids(REF))).toEqual([])
    expect((await state.reports.sources())[0]?.documents).toBe(0)
    expect(state.openedReaders).toBe(1)
    goOn.resolve()
    await running
    expect(await collect(state.documents.ids(REF))).toEqual(['a'])
  })

  it('makes other writers wait their turn', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const order: string[] = []
    const running = state.transaction(async () => {
      await state.sources.update(lease, { cursor: 'first' })
      await new Promise((resolve) => setImmediate(resolve))
      order.push('transaction')
    })
    const waiting = state.sources.update(lease, { cursor: 'second' }).then(() => order.push('write'))
    await Promise.all([running, waiting])
    expect(order).toEqual(['transaction', 'write'])
    expect((await state.sources.get(REF))?.cursor).toBe('second')
  })

  it('goes on after a step in it failed, without what the step wrote', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    await state.transaction(async () => {
      await state.documents.commit(lease, 'r1', undefined, [commitOf('a', { points: ['p1'] })])
      const twice = [...(commitOf('b', { points: ['p2'] }).chunks as never[]), ...(commitOf('b', { points: ['p3'] }).chunks as never[])]
      const broken = { ...commitOf('b', {}), chunks: twice }
      await expect(state.documents.commit(lease, 'r1', undefined, [broken])).rejects.toMatchObject({ code: 'state_database' })
    })
    expect(await collect(state.documents.ids(REF))).toEqual(['a'])
  })

  it('cannot be committed when one inside it failed', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const outer = state.transaction(async () => {
      await state.sources.update(lease, { cursor: 1 })
      const inner = state.transaction(async () => {
        await state.sources.update(lease, { cursor: 2 })
        throw new Error('inner')
      })
      await expect(inner).rejects.toThrow('inner')
    })
    await expect(outer).rejects.toMatchObject({ code: 'state_transaction_failed' })
    expect((await state.sources.get(REF))?.cursor).toBeUndefined()
  })

  it('that was rolled back leaves no number of a source or a fingerprint behind', async () => {
    await using test = await openTestState()
    const { state } = test
    const failing = state.transaction(async () => {
      const lease = await state.leases.acquire(REF)
      await state.documents.commit(lease, 'r1', undefined, [commitOf('a', {})])
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    const other = await state.leases.acquire(OTHER)
    const lease = await state.leases.acquire(REF)
    const fingerprints = { selection: '1', extraction: '2', chunking: '3', embedding: '4', payload: '5' }
    await state.documents.commit(other, 'r1', undefined, [commitOf('x', { fingerprints })])
    await state.documents.commit(lease, 'r1', undefined, [commitOf('a', {})])
    expect((await state.getDocumentState(OTHER, 'x'))?.fingerprints).toEqual(fingerprints)
    expect((await state.getDocumentState(REF, 'a'))?.fingerprints.embedding).toBe('emb')
    expect(await collect(state.documents.ids(REF))).toEqual(['a'])
  })

  it('does not take in what is called after it ended', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.leases.acquire(REF)
    let late: Promise<void> | undefined
    const ended = Promise.withResolvers<void>()
    await state.transaction(async () => {
      late = ended.promise.then(() => state.sources.update(lease, { cursor: 'late' }))
    })
    ended.resolve()
    await late
    expect((await state.sources.get(REF))?.cursor).toBe('late')
  })
})

describe('the pool of readers', () => {
  it('opens nothing for plain reads, and at most its size for those that need a reader', async () => {
    await using test = await openTestState({ pool: { size: 2, timeoutMs: 5_000 } })
    const { state } = test
    await state.leases.acquire(REF)
    await state.sources.get(REF)
    expect(state.openedReaders).toBe(0)
    const inside = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const running = state.transaction(async () => {
      inside.resolve()
      await goOn.promise
    })
    await inside.promise
    await Promise.all(Array.from({ length: 6 }, () => state.reports.sources()))
    expect(state.openedReaders).toBe(2)
    goOn.resolve()
    await running
  })

  it('lets as many snapshots be open as its size, and the next one wait', async () => {
    await using test = await openTestState({ pool: { size: 1, timeoutMs: 40 } })
    const { state } = test
    const lease = await state.leases.acquire(REF)
    const [taken, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const first = state.reports.snapshot(async (view) => {
      const before = view.sources()[0]?.heldDeletions
      taken.resolve()
      await done.promise
      return [before, view.sources()[0]?.heldDeletions]
    })
    await taken.promise
    await state.sources.update(lease, { heldDeletions: 9 })
    await expect(state.reports.sources()).rejects.toMatchObject({ code: 'state_pool_exhausted', kind: 'transient' })
    const second = state.reports.sources()
    done.resolve()
    expect(await first).toEqual([0, 0])
    expect((await second)[0]?.heldDeletions).toBe(9)
  })
})

describe('a closed state', () => {
  it('says so', async () => {
    await using test = await openTestState()
    await test.state.close()
    await test.state.close()
    await expect(test.state.sources.get(REF)).rejects.toMatchObject({ name: 'DatabaseError', code: 'state_closed' })
  })

  it('waits for what is being written', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    const writing = test.state.sources.update(lease, { cursor: 7 })
    await test.state.close()
    await writing
    await using again = await test.open()
    expect((await again.sources.get(REF))?.cursor).toBe(7)
  })
})

describe('a state opened for reading', () => {
  it('is empty where there is no file, and creates none', async () => {
    await using test = await openTestState({ readOnly: true })
    expect(await test.state.sources.get(REF)).toBeUndefined()
    expect(await test.state.reports.sources()).toEqual([])
    await expect(test.state.leases.acquire(REF)).rejects.toMatchObject({ code: 'state_read_only' })
    expect(() => test.count('leases')).toThrow('unable to open database file')
  })

  it('reads what is there and writes nothing', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    await test.state.documents.commit(lease, 'r1', undefined, [commitOf('a', {})])
    await using reading = await test.open({ readOnly: true })
    expect(await collect(reading.documents.ids(REF))).toEqual(['a'])
    await expect(reading.metrics.record([])).rejects.toMatchObject({ code: 'state_read_only' })
  })
})
