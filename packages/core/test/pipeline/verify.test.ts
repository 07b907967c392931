import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QdrantSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { repairSources, type SourceJob, type VerificationReport, verifySources } from '../../src/pipeline/index.ts'
import { StateManager } from '../../src/state/state-manager.ts'
import { QdrantVectorStore } from '../../src/store/qdrant/qdrant-vector-store.ts'
import type { PointPayload, VectorStore } from '../../src/store/vector-store.ts'
import { failure, ScriptedSource } from './scripted-source.ts'
import { cleanBuild, Workbench } from './workbench.ts'

const SIGNAL = new AbortController().signal
const REF = { project: 'default', sourceType: 'scripted', source: 'main' }
const NOTHING = { missing: 0, orphaned: 0, different: 0 }

let bench: Workbench
let source: ScriptedSource
let cleanUp: (() => Promise<void>)[]

interface Place {
  readonly name: string
  /** Another store on the collection of the bench, as another program would have it. */
  readonly prepare: () => Promise<() => VectorStore>
  /** Removes the whole collection. */
  readonly drop: () => Promise<void>
}

let server: QdrantSimulator
const embedded: Place = {
  name: 'the embedded store',
  prepare: async () => () => bench.store,
  drop: async () => {
    await bench.store.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${bench.store.location}${suffix}`, { force: true })
  },
}
const qdrant = (version: string): Place => ({
  name: `Qdrant ${version}`,
  prepare: async () => {
    server = await QdrantSimulator.start({ version })
    cleanUp.push(async () => {
      await bench.store.close()
      await server.close()
      expect(server.violations).toEqual([])
    })
    const store = new QdrantVectorStore({ url: server.url, collectionName: 'docs', sleep: async () => {} })
    Object.assign(bench, { store })
    return () => store
  },
  drop: async () => void server.collections.clear(),
})

async function verify(refs = [REF], filter = {}, configured = refs): Promise<VerificationReport> {
  bench.now += 1_000
  return verifySources(refs, bench.service().dependencies, { configured, filter, signal: SIGNAL })
}

async function repair(jobs: readonly SourceJob[] = [bench.job(source)], allowMassDelete = false): Promise<VerificationReport> {
  bench.now += 1_000
  const options = { configured: jobs.map((job) => job.ref), filter: {}, allowMassDelete, signal: SIGNAL }
  return repairSources(jobs, bench.service(), options)
}

/** What was found of each kind, as `kind document`. */
function named(report: VerificationReport): readonly string[] {
  return report.sources.flatMap(({ examples }) => examples.map(({ kind, document_id }) => `${kind} ${document_id}`)).sort()
}

async function payloadsOf(document_id: string): Promise<readonly { id: string; payload: PointPayload }[]> {
  const found: { id: string; payload: PointPayload }[] = []
  for await (const { id, payload } of bench.store.scroll({ document_id }, { vector: false, payload: true }, SIGNAL)) {
    if (payload !== undefined) found.push({ id, payload })
  }
  return found
}

async function idsOf(document_id: string): Promise<readonly string[]> {
  return (await payloadsOf(document_id)).map(({ id }) => id)
}

/** The same with its keys the other way round. */
function flipped<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).reverse()) as Value
}

/** A point of another program, under this source. */
async function insertForeign(document_id: string, ref = REF): Promise<string> {
  const [template] = await payloadsOf('doc0')
  if (template === undefined) throw new Error('there is no doc0')
  const id = randomUUID()
  const payload = { ...template.payload, project_id: ref.project, source_type: ref.sourceType, source: ref.source, document_id }
  await bench.store.upsert([{ id, vector: new Float32Array(32).fill(1), payload }], SIGNAL)
  return id
}

beforeEach(async () => {
  cleanUp = []
  bench = await Workbench.open()
  source = new ScriptedSource()
  for (let index = 0; index < 8; index += 1) source.put(`doc${index}`, `first of ${index}\n\nsecond of ${index}\n\n${'long '.repeat(70)}`)
})

afterEach(async () => {
  for (const step of cleanUp) await step()
  await bench.close()
})

describe.each([embedded, qdrant('1.15.5'), qdrant('1.19.0')])('with $name', ({ prepare, drop }) => {
  beforeEach(async () => {
    await prepare()
    await bench.sync(source)
    bench.embedder.given.length = 0
  })

  it('what a sync left is equal, and is read once', async () => {
    const before = bench.store.requests
    const report = await verify()
    const points = (await bench.export()).length
    expect(report).toMatchObject({
      status: 'equal',
      sources: [{ status: 'equal', documents: { checked: 8 }, points: { checked: points, ...NOTHING }, examples: [], error: null }],
      unconfigured: [],
    })
    expect(report.totals.requests.store).toBeLessThanOrEqual(3)
    expect(bench.store.requests - before).toBeLessThanOrEqual(12)
  })

  it('points that were deleted are missing, and are embedded again', async () => {
    const first = (await payloadsOf('doc1')).find(({ payload }) => payload.content.startsWith('first'))?.id
    const others = await idsOf('doc5')
    const texts = (await payloadsOf('doc5')).map(({ payload }) => payload.content).filter((text) => !text.includes('long'))
    if (first === undefined) throw new Error('doc1 has no such point')
    await bench.store.delete([first, ...others], SIGNAL)
    const report = await verify()
    expect(report.sources[0]).toMatchObject({ status: 'different', points: { missing: 1 + others.length, orphaned: 0, different: 0 } })
    expect(named(report)).toEqual(['missing doc1', ...others.map(() => 'missing doc5')])
    expect(report.sources[0]?.examples.map(({ point_id }) => point_id).sort()).toEqual([first, ...others].sort())

    source.fetched.length = 0
    expect((await repair()).sources[0]).toMatchObject({ status: 'repaired', repair: { left: NOTHING } })
    expect(source.fetched.sort()).toEqual(['doc1', 'doc5'])
    // The long second chunk stands in every document, so its vector is read back.
    expect(bench.embedder.given.sort()).toEqual(['first of 1', ...texts].sort())
    expect(await bench.export()).toEqual(await cleanBuild(source))
    expect((await verify()).status).toBe('equal')
  })

  it('points that nobody wrote are orphaned, and are removed', async () => {
    const ids = [await insertForeign('doc1'), await insertForeign('nobody')]
    const report = await verify()
    expect(report.sources[0]).toMatchObject({ points: { missing: 0, orphaned: 2, different: 0 } })
    expect(report.sources[0]?.examples.map(({ point_id }) => point_id).sort()).toEqual(ids.sort())
    expect(named(report)).toEqual(['orphaned doc1', 'orphaned nobody'])
    source.fetched.length = 0
    expect((await repair()).sources[0]).toMatchObject({ status: 'repaired', repair: { sync: { points: { deleted: 2 } } } })
    expect(source.fetched).toEqual([])
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('payloads that were changed are different, and are set again without embedding', async () => {
    const [point] = await payloadsOf('doc2')
    if (point === undefined) throw new Error('there is no doc2')
    await bench.store.replacePayload([{ id: point.id, payload: { ...point.payload, title: 'changed by hand' } }], SIGNAL)
    const report = await verify()
    expect(named(report)).toEqual(['different doc2'])
    expect((await repair()).sources[0]).toMatchObject({
      status: 'repaired',
      repair: { sync: { points: { payload_updated: 1, upserted: 0 }, chunks: { embedded: 0 } } },
    })
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('points that were put under another source are different', async () => {
    const [point] = await payloadsOf('doc3')
    if (point === undefined) throw new Error('there is no doc3')
    await bench.store.replacePayload([{ id: point.id, payload: { ...point.payload, source: 'elsewhere' } }], SIGNAL)
    const report = await verify()
    expect(named(report)).toEqual(['different doc3'])
    expect(report.unconfigured).toEqual([{ project_id: 'default', source_type: 'scripted', source: 'elsewhere', points: 1 }])
    expect((await repair()).status).toBe('repaired')
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('keys in another order are no difference, and one more key is', async () => {
    const [point] = await payloadsOf('doc2')
    if (point === undefined) throw new Error('there is no doc2')
    const reversed = flipped({ ...point.payload, metadata: flipped(point.payload.metadata) })
    await bench.store.replacePayload([{ id: point.id, payload: reversed }], SIGNAL)
    expect((await verify()).status).toBe('equal')
    const more = { ...point.payload, another: 1 } as PointPayload
    await bench.store.replacePayload([{ id: point.id, payload: more }], SIGNAL)
    expect(named(await verify())).toEqual(['different doc2'])
    expect((await repair()).status).toBe('repaired')
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('finds payloads equal that hold what a store cannot keep', async () => {
    const metadata = { key: 'cut \udc00', a: '1', 10: 'ten', 2: 'two', 'z\ud83d': '', 'z\uf000': '', __proto__: 'no' }
    source.put('broken', { text: 'half of a pair: \ud83d', metadata })
    await bench.sync(source)
    expect((await verify()).status).toBe('equal')
  })

  it('a collection that was removed is missing as a whole, and is filled again', async () => {
    const points = (await bench.export()).length
    await drop()
    expect((await verify()).sources[0]).toMatchObject({ points: { checked: points, missing: points, orphaned: 0, different: 0 } })
    expect((await repair()).status).toBe('repaired')
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('an older state shows what it does not know, and nothing is embedded that the collection holds', async () => {
    const copy = await copyOfState()
    source.put('added', 'added after the copy')
    source.put('doc1', 'changed after the copy')
    source.delete('doc2')
    const gone = [...(await idsOf('doc1')), ...(await idsOf('doc2'))]
    await bench.sync(source)
    const added = [...(await idsOf('added')), ...(await idsOf('doc1'))]
    await restoreState(copy)
    const report = await verify()
    expect(report.sources[0]).toMatchObject({ points: { missing: gone.length, orphaned: added.length, different: 0 } })
    bench.embedder.given.length = 0
    expect((await repair()).status).toBe('repaired')
    expect(bench.embedder.given).toEqual([])
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('points of sources that are not configured are listed and left alone', async () => {
    await insertForeign('x', { project: 'old', sourceType: 'git', source: 'gone' })
    await insertForeign('y', { project: 'old', sourceType: 'git', source: 'gone' })
    await insertForeign('z', { project: 'default', sourceType: 'jira', source: 'tickets' })
    const unconfigured = [
      { project_id: 'default', source_type: 'jira', source: 'tickets', points: 1 },
      { project_id: 'old', source_type: 'git', source: 'gone', points: 2 },
    ]
    expect(await verify()).toMatchObject({ status: 'equal', unconfigured })
    expect(await repair()).toMatchObject({ status: 'equal', unconfigured })
    expect((await verify([REF], { project_id: 'old' })).unconfigured).toEqual([unconfigured[1]])
    expect(await bench.store.count({}, SIGNAL)).toBe((await cleanBuild(source)).length + 3)
  })
})

/** The file of the state as it is now. */
async function copyOfState(): Promise<string> {
  const copy = join(mkdtempSync(join(tmpdir(), 'state-copy-')), 'state.db')
  await bench.state.close()
  cpSync(join(bench.directory, 'state.db'), copy)
  await reopenState()
  return copy
}

async function restoreState(copy: string): Promise<void> {
  await bench.state.close()
  cpSync(copy, join(bench.directory, 'state.db'))
  await reopenState()
}

async function reopenState(): Promise<void> {
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const state = await StateManager.open({ path: join(bench.directory, 'state.db'), now: () => bench.now, logger })
  Object.assign(bench, { state })
}

describe('a comparison', () => {
  it('changes nothing but the lease, which it gives back', async () => {
    await bench.sync(source)
    await bench.store.delete(await idsOf('doc1'), SIGNAL)
    await insertForeign('doc2')
    const writes: string[] = []
    const state = new Proxy(bench.state, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) => {
          if (!/^(get|count|owned|read|documents?|staged)/.test(String(key))) writes.push(String(key))
          return member.apply(target, args)
        }
      },
    })
    const deps = { ...bench.service().dependencies, state }
    const before = { ...bench.store.done }
    await verifySources([REF], deps, { configured: [REF], filter: {}, signal: SIGNAL })
    expect(writes).toEqual(['acquireLease', 'releaseLease'])
    expect(bench.store.done).toEqual(before)
    expect((await verify()).sources[0]?.status).toBe('different')
  })

  it('leaves a source alone that another run is writing, and says who', async () => {
    await bench.sync(source)
    const lease = await bench.state.acquireLease(REF)
    const report = await verify([REF, { ...REF, source: 'second' }])
    expect(report.sources[0]).toMatchObject({ status: 'failed', error: { code: 'lease_held' }, points: { checked: 0 } })
    expect(report.sources[1]).toMatchObject({ status: 'equal' })
    await bench.state.releaseLease(lease)
    expect((await verify()).status).toBe('equal')
  })

  it('makes no row for a source that was never synced, and finds what is under it', async () => {
    await bench.sync(source)
    const second = { ...REF, source: 'second' }
    await insertForeign('x', second)
    expect((await verify([second])).sources[0]).toMatchObject({ status: 'different', points: { orphaned: 1 } })
    expect(await bench.state.getSource(second)).toBeUndefined()
  })

  it('holds no more than a page of points', async () => {
    await bench.sync(source)
    const [template] = await payloadsOf('doc0')
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
    const ownedPoints: StateManager['ownedPoints'] = (...args) => {
      live = 0
      return bench.state.ownedPoints(...args)
    }
    const state = replacing(bench.state, { ownedPoints })
    const deps = { ...bench.service().dependencies, state, store: replacing(bench.store, { scroll }) }
    const report = await verifySources([REF], deps, { configured: [REF], filter: {}, signal: SIGNAL })
    expect(report.sources[0]).toMatchObject({ points: { orphaned: 10_000 } })
    expect(report.sources[0]?.examples).toHaveLength(20)
    expect(most).toBeLessThanOrEqual(501)
  })

  it('tells how far it is', async () => {
    await bench.sync(source)
    bench.events.length = 0
    await verify()
    const points = (await bench.export()).length
    expect(bench.events.map(({ type }) => type)).toEqual(['check-started', 'points', 'check-finished'])
    expect(bench.events[1]).toMatchObject({ checked: points, total: points })
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

describe('a repair', () => {
  it('leaves sources alone that are equal', async () => {
    const second = new ScriptedSource()
    second.put('x', 'in the second source')
    const jobs = [bench.job(source), bench.job(second, { source: 'second' })]
    await bench.sync(jobs)
    await bench.store.delete(await idsOf('x'), SIGNAL)
    const detections = source.detections.length
    const report = await repair(jobs)
    expect(report.sources.map(({ status }) => status)).toEqual(['equal', 'repaired'])
    expect(source.detections).toHaveLength(detections)
    expect(second.detections).toHaveLength(2)
  })

  it('tells how many documents it reads again', async () => {
    await bench.sync(source)
    await bench.store.delete([...(await idsOf('doc1')), ...(await idsOf('doc2'))], SIGNAL)
    bench.events.length = 0
    await repair()
    const done = bench.events.filter((event) => event.type === 'documents').at(-1)
    expect(done).toMatchObject({ detected: 2, done: 2, total: 2 })
  })

  it('holds the removal of many orphans until it is allowed', async () => {
    await bench.sync(source)
    for (let index = 0; index < 30; index += 1) await insertForeign(`foreign ${index}`)
    const held = await repair()
    expect(held.sources[0]).toMatchObject({
      status: 'different',
      repair: { sync: { status: 'held', documents: { held: 30 } }, left: { orphaned: 30 } },
    })
    expect((await bench.sync(source)).status).toBe('held')
    expect((await repair([bench.job(source)], true)).sources[0]).toMatchObject({ status: 'repaired' })
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('that cannot read a document counts it once, and a later sync mends it', async () => {
    await bench.sync(source)
    await bench.store.delete(await idsOf('doc1'), SIGNAL)
    source.onFetch = () => {
      throw failure('document')
    }
    const report = await repair()
    expect(report.sources[0]).toMatchObject({ repair: { sync: { status: 'partial', documents: { failed: 1 } } } })
    source.onFetch = () => {}
    expect((await bench.sync(source)).status).toBe('succeeded')
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('that cannot reach the source says so, and a later sync mends it', async () => {
    await bench.sync(source)
    await bench.store.delete(await idsOf('doc1'), SIGNAL)
    source.onChange = () => {
      throw failure('transient')
    }
    expect((await repair()).sources[0]).toMatchObject({ repair: { sync: { status: 'failed', error: { code: 'test_transient' } } } })
    source.onChange = () => {}
    await bench.sync(source)
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('brings what changed in the source meanwhile, too', async () => {
    await bench.sync(source)
    await bench.store.delete(await idsOf('doc1'), SIGNAL)
    source.put('doc1', 'another text')
    source.put('doc2', 'also changed')
    source.delete('doc3')
    expect((await repair()).status).toBe('repaired')
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('mends documents whose deletion is held as far as it can, and deletes them when it is allowed', async () => {
    for (let index = 8; index < 40; index += 1) source.put(`doc${index}`, `first of ${index}`)
    await bench.sync(source)
    for (let index = 1; index < 40; index += 1) source.delete(`doc${index}`)
    expect((await bench.sync(source)).status).toBe('held')
    await bench.store.delete(await idsOf('doc1'), SIGNAL)
    const [point] = await payloadsOf('doc2')
    if (point === undefined) throw new Error('there is no doc2')
    await bench.store.replacePayload([{ id: point.id, payload: { ...point.payload, title: 'changed by hand' } }], SIGNAL)
    expect(named(await verify()).filter((line) => line.startsWith('missing')).length).toBeGreaterThan(0)
    const report = await repair()
    expect(report.sources[0]).toMatchObject({ repair: { sync: { status: 'held' }, left: { missing: 0, orphaned: 0, different: 1 } } })
    await bench.sync(source, { allowMassDelete: true })
    expect((await verify()).status).toBe('equal')
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('that is cut off at any of its effects is finished by a sync', async () => {
    await bench.sync(source)
    const moments = ['before upsert', 'after upsert', 'before payload', 'after payload', 'before delete', 'after delete'] as const
    for (const moment of moments) {
      await bench.store.delete((await idsOf('doc1')).slice(0, 1), SIGNAL)
      await insertForeign('doc5')
      const [point] = await payloadsOf('doc2')
      if (point === undefined) throw new Error('there is no doc2')
      await bench.store.replacePayload([{ id: point.id, payload: { ...point.payload, title: 'changed by hand' } }], SIGNAL)
      bench.store.onEffect = (now) => {
        if (now === moment) throw new Error(`cut off ${moment}`)
      }
      const report = await repair()
      bench.store.onEffect = () => {}
      expect([moment, report.sources[0]?.repair?.sync.status]).toEqual([moment, 'failed'])
      await bench.sync(source)
      expect([moment, (await verify()).status]).toEqual([moment, 'equal'])
      expect(await bench.export()).toEqual(await cleanBuild(source))
    }
  })

  it('settles what a killed sync left', async () => {
    await bench.sync(source)
    source.put('doc1', 'changed before the end')
    bench.store.onEffect = (moment) => {
      if (moment === 'after upsert') throw new Error('killed')
    }
    await bench.sync(source)
    bench.store.onEffect = () => {}
    expect(named(await verify())).toEqual(['orphaned doc1'])
    expect((await repair()).status).toBe('repaired')
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })
})

it('a point of another program with a number as its id is removed', async () => {
  await qdrant('1.19.0').prepare()
  await bench.sync(source)
  const [template] = await payloadsOf('doc0')
  server.collections.get('docs')?.put(42, Array.from({ length: 32 }, () => 1), { ...template?.payload, document_id: 'foreign' })
  expect(named(await verify())).toEqual(['orphaned foreign'])
  expect((await repair()).status).toBe('repaired')
  expect(server.collections.get('docs')?.get(42)).toBeUndefined()
})
