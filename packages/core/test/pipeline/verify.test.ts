import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifySources } from '../../src/pipeline/index.ts'
import type { PointPayload } from '../../src/store/vector-store.ts'
import { named, NOTHING, REF, SIGNAL, VerifyWorld } from './verify-world.ts'
import { watchedState } from './watched-state.ts'
import { cleanBuild } from './workbench.ts'

let world: VerifyWorld

afterEach(() => world.close())

/** The same with its keys the other way round. */
function flipped<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).reverse()) as Value
}

describe.each([undefined, '1.15.5', '1.19.0'])('with the embedded store, or Qdrant of version %s', (version) => {
  beforeEach(async () => {
    world = await VerifyWorld.open(version)
    await world.bench.sync(world.source)
    world.bench.embedder.given.length = 0
  })

  it('what a sync left is equal, and is read once', async () => {
    const before = world.bench.store.requests
    const report = await world.verify()
    const points = (await world.bench.export()).length
    expect(report).toMatchObject({
      status: 'equal',
      sources: [{ status: 'equal', documents: { checked: 8 }, points: { checked: points, ...NOTHING }, examples: [], error: null }],
      unconfigured: [],
    })
    expect(report.totals.requests.store).toBeLessThanOrEqual(3)
    expect(world.bench.store.requests - before).toBeLessThanOrEqual(12)
  })

  it('points that were deleted are missing, and are embedded again', async () => {
    const first = (await world.payloadsOf('doc1')).find(({ payload }) => payload.content.startsWith('first'))?.id
    const others = await world.idsOf('doc5')
    const texts = (await world.payloadsOf('doc5')).map(({ payload }) => payload.content).filter((text) => !text.includes('long'))
    if (first === undefined) throw new Error('doc1 has no such point')
    await world.bench.store.delete([first, ...others], SIGNAL)
    const report = await world.verify()
    expect(report.sources[0]).toMatchObject({ status: 'different', points: { missing: 1 + others.length, orphaned: 0, different: 0 } })
    expect(named(report)).toEqual(['missing doc1', ...others.map(() => 'missing doc5')])
    expect(report.sources[0]?.examples.map(({ point_id }) => point_id).sort()).toEqual([first, ...others].sort())

    world.source.fetched.length = 0
    expect((await world.repair()).sources[0]).toMatchObject({ status: 'repaired', repair: { left: NOTHING } })
    expect(world.source.fetched.sort()).toEqual(['doc1', 'doc5'])
    // The long second chunk stands in every document, so its vector is read back.
    expect(world.bench.embedder.given.sort()).toEqual(['first of 1', ...texts].sort())
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
    expect((await world.verify()).status).toBe('equal')
  })

  it('points that nobody wrote are orphaned, and are removed', async () => {
    const ids = [await world.insertForeign('doc1'), await world.insertForeign('nobody')]
    const report = await world.verify()
    expect(report.sources[0]).toMatchObject({ points: { missing: 0, orphaned: 2, different: 0 } })
    expect(report.sources[0]?.examples.map(({ point_id }) => point_id).sort()).toEqual(ids.sort())
    expect(named(report)).toEqual(['orphaned doc1', 'orphaned nobody'])
    world.source.fetched.length = 0
    expect((await world.repair()).sources[0]).toMatchObject({ status: 'repaired', repair: { sync: { points: { deleted: 2 } } } })
    expect(world.source.fetched).toEqual([])
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('payloads that were changed are different, and are set again without embedding', async () => {
    const [point] = await world.payloadsOf('doc2')
    if (point === undefined) throw new Error('there is no doc2')
    await world.bench.store.replacePayload([{ id: point.id, payload: { ...point.payload, title: 'changed by hand' } }], SIGNAL)
    const report = await world.verify()
    expect(named(report)).toEqual(['different doc2'])
    expect((await world.repair()).sources[0]).toMatchObject({
      status: 'repaired',
      repair: { sync: { points: { payload_updated: 1, upserted: 0 }, chunks: { embedded: 0 } } },
    })
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('points that were put under another source are different', async () => {
    const [point] = await world.payloadsOf('doc3')
    if (point === undefined) throw new Error('there is no doc3')
    await world.bench.store.replacePayload([{ id: point.id, payload: { ...point.payload, source: 'elsewhere' } }], SIGNAL)
    const report = await world.verify()
    expect(named(report)).toEqual(['different doc3'])
    expect(report.unconfigured).toEqual([{ project: 'default', source_type: 'scripted', source: 'elsewhere', points: 1 }])
    expect((await world.repair()).status).toBe('repaired')
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('keys in another order are no difference, and one more key is', async () => {
    const [point] = await world.payloadsOf('doc2')
    if (point === undefined) throw new Error('there is no doc2')
    const reversed = flipped({ ...point.payload, metadata: flipped(point.payload.metadata) })
    await world.bench.store.replacePayload([{ id: point.id, payload: reversed }], SIGNAL)
    expect((await world.verify()).status).toBe('equal')
    const more = { ...point.payload, another: 1 } as PointPayload
    await world.bench.store.replacePayload([{ id: point.id, payload: more }], SIGNAL)
    expect(named(await world.verify())).toEqual(['different doc2'])
    expect((await world.repair()).status).toBe('repaired')
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('finds payloads equal that hold what a store cannot keep', async () => {
    const metadata = { key: 'cut \udc00', a: '1', 10: 'ten', 2: 'two', 'z\ud83d': '', 'z\uf000': '', __proto__: 'no' }
    world.source.put('broken', { text: 'half of a pair: \ud83d', metadata })
    await world.bench.sync(world.source)
    expect((await world.verify()).status).toBe('equal')
  })

  it('a collection that was removed is missing as a whole, and is filled again', async () => {
    const points = (await world.bench.export()).length
    await world.drop()
    expect((await world.verify()).sources[0]).toMatchObject({ points: { checked: points, missing: points, orphaned: 0, different: 0 } })
    expect((await world.repair()).status).toBe('repaired')
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('an older state shows what it does not know, and nothing is embedded that the collection holds', async () => {
    const copy = await world.copyOfState()
    world.source.put('added', 'added after the copy')
    world.source.put('doc1', 'changed after the copy')
    world.source.delete('doc2')
    const gone = [...(await world.idsOf('doc1')), ...(await world.idsOf('doc2'))]
    await world.bench.sync(world.source)
    const added = [...(await world.idsOf('added')), ...(await world.idsOf('doc1'))]
    await world.restoreState(copy)
    const report = await world.verify()
    expect(report.sources[0]).toMatchObject({ points: { missing: gone.length, orphaned: added.length, different: 0 } })
    world.bench.embedder.given.length = 0
    expect((await world.repair()).status).toBe('repaired')
    expect(world.bench.embedder.given).toEqual([])
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('points of sources that are not configured are listed and left alone', async () => {
    await world.insertForeign('x', { project: 'old', sourceType: 'git', source: 'gone' })
    await world.insertForeign('y', { project: 'old', sourceType: 'git', source: 'gone' })
    await world.insertForeign('z', { project: 'default', sourceType: 'jira', source: 'tickets' })
    const unconfigured = [
      { project: 'default', source_type: 'jira', source: 'tickets', points: 1 },
      { project: 'old', source_type: 'git', source: 'gone', points: 2 },
    ]
    expect(await world.verify()).toMatchObject({ status: 'equal', unconfigured })
    expect(await world.repair()).toMatchObject({ status: 'equal', unconfigured })
    expect((await world.verify([REF], { project_id: 'old' })).unconfigured).toEqual([unconfigured[1]])
    expect(await world.bench.store.count({}, SIGNAL)).toBe((await cleanBuild(world.source)).length + 3)
  })
})

describe('a comparison', () => {
  beforeEach(async () => {
    world = await VerifyWorld.open()
  })

  it('changes nothing but the lease, which it gives back', async () => {
    await world.bench.sync(world.source)
    await world.bench.store.delete(await world.idsOf('doc1'), SIGNAL)
    await world.insertForeign('doc2')
    const writes: string[] = []
    const state = watchedState(world.bench.state, (verb, call) => {
      if (!/^(documents\.(get|among|ids|count|unseen|outside|toRedo|countToRedo)|chunks|deletions\.(count|staged)|(sources|runs)\.(get|last)|failures\.count)/.test(verb)) writes.push(verb)
      return call()
    })
    const deps = { ...world.bench.service().dependencies, state }
    const before = { ...world.bench.store.done }
    await verifySources([REF], deps, { configured: [REF], filter: {}, signal: SIGNAL })
    expect(writes).toEqual(['leases.acquire', 'leases.release'])
    expect(world.bench.store.done).toEqual(before)
    expect((await world.verify()).sources[0]?.status).toBe('different')
  })

  it('leaves a source alone that another run is writing, and says who', async () => {
    await world.bench.sync(world.source)
    const lease = await world.bench.state.leases.acquire(REF)
    const report = await world.verify([REF, { ...REF, source: 'second' }])
    expect(report.sources[0]).toMatchObject({ status: 'failed', error: { code: 'lease_held' }, points: { checked: 0 } })
    // Nobody ever synced that one.
    expect(report.sources[1]).toMatchObject({ status: 'unsynced' })
    await world.bench.state.leases.release(lease)
    expect((await world.verify()).status).toBe('equal')
  })

  it('makes no row for a source that was never synced, and finds what is under it', async () => {
    await world.bench.sync(world.source)
    const second = { ...REF, source: 'second' }
    await world.insertForeign('x', second)
    expect((await world.verify([second])).sources[0]).toMatchObject({ status: 'different', points: { orphaned: 1 } })
    expect(await world.bench.state.sources.get(second)).toBeUndefined()
  })

  it('holds no more than a page of points', async () => {
    await world.bench.sync(world.source)
    const [template] = await world.payloadsOf('doc0')
    if (template === undefined) throw new Error('there is no doc0')
    let live = 0
    let most = 0
    const { payload } = template
    async function* scroll() {
      for (let index = 0; index < 10_000; index += 1) {
        live += 1
        most = Math.max(most, live)
        yield { id: randomUUID(), payload }
      }
    }
    const state = watchedState(world.bench.state, (verb, call) => {
      if (verb === 'chunks.owned') live = 0
      return call()
    })
    const deps = { ...world.bench.service().dependencies, state, store: replacing(world.bench.store, { scroll }) }
    const report = await verifySources([REF], deps, { configured: [REF], filter: {}, signal: SIGNAL })
    expect(report.sources[0]).toMatchObject({ points: { orphaned: 10_000 } })
    expect(report.sources[0]?.examples).toHaveLength(20)
    expect(most).toBeLessThanOrEqual(501)
  })

  it('lets timers and signals have their turn', async () => {
    for (let index = 0; index < 600; index += 1) world.source.put(`more${index}`, `text ${index}`)
    await world.bench.sync(world.source)
    await world.drop()
    let turns = 0
    const timer = setInterval(() => (turns += 1))
    const report = await world.verify()
    clearInterval(timer)
    expect(report.totals.points.missing).toBeGreaterThan(600)
    expect(turns).toBeGreaterThan(0)
  })

  it('tells how far it is', async () => {
    await world.bench.sync(world.source)
    world.bench.events.length = 0
    await world.verify()
    const points = (await world.bench.export()).length
    expect(world.bench.events.map(({ type }) => type)).toEqual(['check-started', 'points', 'check-finished'])
    expect(world.bench.events[1]).toMatchObject({ checked: points, total: points })
  })
})

/** The same object with other methods. */
function replacing<Target extends object>(target: Target, methods: Partial<Target>): Target {
  return new Proxy(target, {
    get(object, key) {
      if (Object.hasOwn(methods, key)) return Reflect.get(methods, key) as unknown
      const member: unknown = Reflect.get(object, key)
      return typeof member === 'function' ? member.bind(object) : member
    },
  })
}
