import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failure, ScriptedSource } from './scripted-source.ts'
import { named, SIGNAL, VerifyWorld } from './verify-world.ts'
import { cleanBuild } from './workbench.ts'

let world: VerifyWorld

afterEach(() => world.close())

describe('a repair', () => {
  beforeEach(async () => {
    world = await VerifyWorld.open()
  })

  it('leaves sources alone that are equal', async () => {
    const second = new ScriptedSource()
    second.put('x', 'in the second source')
    const jobs = [world.bench.job(world.source), world.bench.job(second, { source: 'second' })]
    await world.bench.sync(jobs)
    await world.bench.store.delete(await world.idsOf('x'), SIGNAL)
    const detections = world.source.detections.length
    const report = await world.repair(jobs)
    expect(report.sources.map(({ status }) => status)).toEqual(['equal', 'repaired'])
    expect(world.source.detections).toHaveLength(detections)
    expect(second.detections).toHaveLength(2)
  })

  it('tells how many documents it reads again', async () => {
    await world.bench.sync(world.source)
    await world.bench.store.delete([...(await world.idsOf('doc1')), ...(await world.idsOf('doc2'))], SIGNAL)
    world.bench.events.length = 0
    await world.repair()
    const done = world.bench.events.filter((event) => event.type === 'documents').at(-1)
    expect(done).toMatchObject({ detected: 2, done: 2, total: 2 })
  })

  it('holds the removal of many orphans until it is allowed', async () => {
    await world.bench.sync(world.source)
    for (let index = 0; index < 30; index += 1) await world.insertForeign(`foreign ${index}`)
    const held = await world.repair()
    expect(held.sources[0]).toMatchObject({
      status: 'different',
      repair: { sync: { status: 'held', documents: { held: 30 } }, left: { orphaned: 30 } },
    })
    expect((await world.bench.sync(world.source)).status).toBe('held')
    expect((await world.repair([world.bench.job(world.source)], true)).sources[0]).toMatchObject({ status: 'repaired' })
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('that cannot read a document counts it once, and a later sync mends it', async () => {
    await world.bench.sync(world.source)
    await world.bench.store.delete(await world.idsOf('doc1'), SIGNAL)
    world.source.onFetch = () => {
      throw failure('document')
    }
    const report = await world.repair()
    expect(report.sources[0]).toMatchObject({ repair: { sync: { status: 'partial', documents: { failed: 1 } } } })
    world.source.onFetch = () => {}
    expect((await world.bench.sync(world.source)).status).toBe('succeeded')
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('that cannot reach the source says so, and a later sync mends it', async () => {
    await world.bench.sync(world.source)
    await world.bench.store.delete(await world.idsOf('doc1'), SIGNAL)
    world.source.onChange = () => {
      throw failure('transient')
    }
    expect((await world.repair()).sources[0]).toMatchObject({ repair: { sync: { status: 'failed', error: { code: 'test_transient' } } } })
    world.source.onChange = () => {}
    await world.bench.sync(world.source)
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('brings what changed in the source meanwhile, too', async () => {
    await world.bench.sync(world.source)
    await world.bench.store.delete(await world.idsOf('doc1'), SIGNAL)
    world.source.put('doc1', 'another text')
    world.source.put('doc2', 'also changed')
    world.source.delete('doc3')
    expect((await world.repair()).status).toBe('repaired')
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('mends documents whose deletion is held as far as it can, and deletes them when it is allowed', async () => {
    for (let index = 8; index < 40; index += 1) world.source.put(`doc${index}`, `first of ${index}`)
    await world.bench.sync(world.source)
    for (let index = 1; index < 40; index += 1) world.source.delete(`doc${index}`)
    expect((await world.bench.sync(world.source)).status).toBe('held')
    await world.bench.store.delete(await world.idsOf('doc1'), SIGNAL)
    const [point] = await world.payloadsOf('doc2')
    if (point === undefined) throw new Error('there is no doc2')
    await world.bench.store.replacePayload([{ id: point.id, payload: { ...point.payload, title: 'changed by hand' } }], SIGNAL)
    expect(named(await world.verify()).filter((line) => line.startsWith('missing')).length).toBeGreaterThan(0)
    const report = await world.repair()
    expect(report.sources[0]).toMatchObject({ repair: { sync: { status: 'held' }, left: { missing: 0, orphaned: 0, different: 1 } } })
    await world.bench.sync(world.source, { allowMassDelete: true })
    expect((await world.verify()).status).toBe('equal')
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })

  it('that is cut off at any of its effects is finished by a sync', async () => {
    await world.bench.sync(world.source)
    const moments = ['before upsert', 'after upsert', 'before payload', 'after payload', 'before delete', 'after delete'] as const
    for (const moment of moments) {
      await world.bench.store.delete((await world.idsOf('doc1')).slice(0, 1), SIGNAL)
      await world.insertForeign('doc5')
      const [point] = await world.payloadsOf('doc2')
      if (point === undefined) throw new Error('there is no doc2')
      await world.bench.store.replacePayload([{ id: point.id, payload: { ...point.payload, title: 'changed by hand' } }], SIGNAL)
      world.bench.store.onEffect = (now) => {
        if (now === moment) throw new Error(`cut off ${moment}`)
      }
      const report = await world.repair()
      world.bench.store.onEffect = () => {}
      expect([moment, report.sources[0]?.repair?.sync.status]).toEqual([moment, 'failed'])
      await world.bench.sync(world.source)
      expect([moment, (await world.verify()).status]).toEqual([moment, 'equal'])
      expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
    }
  })

  it('settles what a killed sync left', async () => {
    await world.bench.sync(world.source)
    world.source.put('doc1', 'changed before the end')
    world.bench.store.onEffect = (moment) => {
      if (moment === 'after upsert') throw new Error('killed')
    }
    await world.bench.sync(world.source)
    world.bench.store.onEffect = () => {}
    expect(named(await world.verify())).toEqual(['orphaned doc1'])
    expect((await world.repair()).status).toBe('repaired')
    expect(await world.bench.export()).toEqual(await cleanBuild(world.source))
  })
})

it('a point of another program with a number as its id is removed', async () => {
  world = await VerifyWorld.open('1.19.0')
  await world.bench.sync(world.source)
  const [template] = await world.payloadsOf('doc0')
  world.server.collections.get('docs')?.put(42, Array.from({ length: 32 }, () => 1), { ...template?.payload, document_id: 'foreign' })
  expect(named(await world.verify())).toEqual(['orphaned foreign'])
  expect((await world.repair()).status).toBe('repaired')
  expect(world.server.collections.get('docs')?.get(42)).toBeUndefined()
})
