import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failure, ScriptedSource } from './scripted-source.ts'
import { cleanBuild, Workbench } from './workbench.ts'

let bench: Workbench
let source: ScriptedSource

beforeEach(async () => {
  bench = await Workbench.open({ settings: { batchSize: 20 } })
  source = new ScriptedSource()
})

afterEach(async () => {
  await bench.close()
})

function fill(count: number, scope = 'all'): void {
  for (let index = 0; index < count; index += 1) source.put(`${scope}${index}`, { text: `text of ${scope} ${index}`, scope })
}

async function ids(): Promise<string[]> {
  return Object.keys(await bench.texts()).sort()
}

describe('the guard', () => {
  it('holds a mass deletion, keeps it pending, and lets it through with the flag', async () => {
    fill(100)
    await bench.sync(source)
    for (let index = 0; index < 60; index += 1) source.delete(`all${index}`)
    source.put('new', 'added in the same run')

    const first = await bench.sync(source)
    expect(first).toMatchObject({ status: 'held', totals: { documents: { held: 60, deleted: 0, added: 1 } } })
    expect(await ids()).toHaveLength(101)

    const second = await bench.sync(source)
    expect(second).toMatchObject({ status: 'held', totals: { documents: { held: 60, deleted: 0 } } })
    expect((await bench.state.reports.sources())[0]?.heldDeletions).toBe(60)

    const third = await bench.sync(source, { allowMassDelete: true })
    expect(third).toMatchObject({ status: 'succeeded', totals: { documents: { held: 0, deleted: 60 } } })
    expect((await bench.state.reports.sources())[0]?.heldDeletions).toBe(0)
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it.each([
    { documents: 100, deleted: 25, held: false, why: 'no more than the count' },
    { documents: 200, deleted: 50, held: false, why: 'no more than the ratio' },
    { documents: 100, deleted: 26, held: true, why: 'more than both' },
    { documents: 20, deleted: 20, held: false, why: 'few documents' },
  ])('with $deleted of $documents deleted: held is $held ($why)', async ({ documents, deleted, held }) => {
    fill(documents)
    await bench.sync(source)
    for (let index = 0; index < deleted; index += 1) source.delete(`all${index}`)
    expect((await bench.sync(source)).status).toBe(held ? 'held' : 'succeeded')
  })

  it('holds it when many documents lose their text, and reads them again when it is back', async () => {
    fill(100)
    await bench.sync(source)
    for (let index = 0; index < 60; index += 1) source.put(`all${index}`, ' ')
    expect(await bench.sync(source)).toMatchObject({ status: 'held', totals: { documents: { held: 60, deleted: 0 }, verdicts: { textless: 60 } } })
    expect(await ids()).toHaveLength(100)
    for (let index = 0; index < 30; index += 1) source.put(`all${index}`, { text: `text of all ${index}`, scope: 'all' })
    expect(await bench.sync(source, { allowMassDelete: true })).toMatchObject({ status: 'succeeded', totals: { documents: { deleted: 30 } } })
    expect(await ids()).toHaveLength(70)
    expect(await bench.export()).toEqual(await cleanBuild(source))
    source.put('all45', 'text again')
    await bench.sync(source)
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('obeys its configuration', async () => {
    fill(10)
    const settings = { maxDeleteRatio: 0.1, maxDeleteCount: 1 }
    await bench.sync([bench.job(source, { settings })])
    source.delete('all0')
    source.delete('all1')
    expect((await bench.sync([bench.job(source, { settings })])).status).toBe('held')
  })

  it('does not count moves', async () => {
    fill(100)
    await bench.sync(source)
    for (let index = 0; index < 90; index += 1) source.move(`all${index}`, `moved${index}`)
    const report = await bench.sync(source)
    expect(report).toMatchObject({ status: 'succeeded', totals: { documents: { moved: 90, deleted: 0, held: 0 } } })
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('lets moves pass while it holds deletions', async () => {
    fill(100)
    await bench.sync(source)
    for (let index = 0; index < 40; index += 1) source.delete(`all${index}`)
    for (let index = 40; index < 50; index += 1) source.move(`all${index}`, `moved${index}`)
    expect(await bench.sync(source)).toMatchObject({ status: 'held', totals: { documents: { held: 40, moved: 10 } } })
    const now = await ids()
    expect(now).toContain('moved45')
    expect(now).not.toContain('all45')
    expect(now).toContain('all3')
  })

  it('forgets a held deletion when the document is back', async () => {
    fill(100)
    await bench.sync(source)
    for (let index = 0; index < 60; index += 1) source.delete(`all${index}`)
    await bench.sync(source)
    for (let index = 0; index < 60; index += 1) source.put(`all${index}`, { text: `text of all ${index}`, scope: 'all' })
    const report = await bench.sync(source)
    expect(report).toMatchObject({ status: 'succeeded', totals: { documents: { held: 0 } } })
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('judges held deletions again, so that what came back unnoticed is kept and read again', async () => {
    fill(100)
    await bench.sync(source)
    for (let index = 0; index < 60; index += 1) source.delete(`all${index}`)
    await bench.sync(source)
    for (let index = 0; index < 60; index += 1) source.documents.set(`all${index}`, { text: `came back ${index}` })
    expect((await bench.sync(source)).status).toBe('succeeded')
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })
})

describe('evidence', () => {
  it('a detection that breaks off deletes nothing, wherever it breaks off', async () => {
    fill(12)
    await bench.sync(source)
    const before = await bench.export()
    for (let at = 0; at <= 11; at += 1) {
      source.onChange = (index) => {
        if (index === at) throw failure('transient', 'source_unreachable')
      }
      const report = await bench.sync(source, { mode: 'full' })
      expect(report).toMatchObject({ status: 'failed', totals: { documents: { deleted: 0 } } })
    }
    expect(await bench.export()).toEqual(before)
  })

  it('a detector that ends without saying that it is complete deletes nothing', async () => {
    fill(5)
    await bench.sync(source)
    const plugin = source.plugin()
    const job = {
      ...bench.job(source),
      plugin: {
        ...plugin,
        open: async (...args: Parameters<typeof plugin.open>) => {
          const opened = await plugin.open(...args)
          // eslint-disable-next-line require-yield
          return { ...opened, detector: { detect: async function* () {} } }
        },
      },
    }
    const report = await bench.sync([job as never], { mode: 'full' })
    expect(report.sources[0]).toMatchObject({ status: 'failed', error: { code: 'detector_broken', kind: 'internal' } })
    expect(await ids()).toHaveLength(5)
  })

  it('an unreadable scope keeps its documents while the others are swept', async () => {
    source.configured = ['one', 'two']
    fill(4, 'one')
    fill(4, 'two')
    await bench.sync(source)
    source.unreadable.add('one')
    for (const [id] of source.documents) if (id.endsWith('3')) source.vanish(id)
    expect(await bench.sync(source, { mode: 'full', dryRun: true })).toMatchObject({ status: 'partial', sources: [{ error: { code: 'test_scope_unreadable' } }] })
    const report = await bench.sync(source, { mode: 'full' })
    expect(await ids()).toEqual(['one0', 'one1', 'one2', 'one3', 'two0', 'two1', 'two2'])
    // I10: not a success without a trace.
    expect(report).toMatchObject({ status: 'partial', sources: [{ status: 'partial', error: { code: 'test_scope_unreadable', kind: 'auth' } }] })
    source.unreadable.clear()
    expect(await bench.sync(source, { mode: 'full' })).toMatchObject({ status: 'succeeded', sources: [{ error: null }] })
  })

  it('without a judge, absence has to be seen by two complete listings', async () => {
    source.judges = false
    fill(4)
    await bench.sync(source)
    source.vanish('all1')
    const first = await bench.sync(source, { mode: 'full' })
    expect(first).toMatchObject({ status: 'succeeded', totals: { documents: { unconfirmed: 1, deleted: 0 } } })
    expect(await ids()).toHaveLength(4)
    expect((await bench.sync(source)).totals.documents).toMatchObject({ unconfirmed: 1, deleted: 0 })
    const second = await bench.sync(source, { mode: 'full' })
    expect(second.totals.documents).toMatchObject({ unconfirmed: 0, deleted: 1 })
    expect(await ids()).toHaveLength(3)
  })

  it('J12: absence is not confirmed while a configured scope is unreadable, into which the document may have been moved', async () => {
    source.judges = false
    source.configured = ['one', 'two']
    fill(4, 'one')
    fill(4, 'two')
    await bench.sync(source)
    source.unreadable.add('two')
    source.vanish('one1')
    for (let run = 0; run < 3; run += 1) {
      expect((await bench.sync(source, { mode: 'full' })).totals.documents).toMatchObject({ unconfirmed: 1, deleted: 0 })
    }
    expect(await ids()).toHaveLength(8)
    source.unreadable.clear()
    expect((await bench.sync(source, { mode: 'full' })).totals.documents).toMatchObject({ unconfirmed: 0, deleted: 1 })
  })

  it('absence that was not confirmed ends when the document is seen again', async () => {
    source.judges = false
    fill(4)
    await bench.sync(source)
    const document = source.documents.get('all1')
    source.vanish('all1')
    await bench.sync(source, { mode: 'full' })
    source.documents.set('all1', document ?? { text: '' })
    expect((await bench.sync(source, { mode: 'full' })).totals.documents).toMatchObject({ unconfirmed: 0, deleted: 0 })
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('a document that is gone when it is read waits for a verdict', async () => {
    source.judges = false
    fill(3)
    await bench.sync(source)
    source.put('all1', { text: 'edited', scope: 'all' })
    source.onFetch = () => 'gone'
    expect((await bench.sync(source)).totals.documents).toMatchObject({ unconfirmed: 1, deleted: 0 })
    expect(await ids()).toContain('all1')
  })
})

describe('a listing that was interrupted', () => {
  it('goes on from its checkpoint and keeps what it has seen', async () => {
    fill(20)
    await bench.sync(source)
    source.checkpointEvery = 5
    source.vanish('all3')
    source.extraction = 2
    source.onChange = (index) => {
      if (index === 12) throw failure('transient')
    }
    await bench.sync(source)
    source.onChange = () => {}
    source.fetched = []
    const report = await bench.sync(source)
    expect(report.sources[0]).toMatchObject({ mode: 'incremental', status: 'succeeded' })
    expect(source.fetched.length).toBeLessThan(12)
    expect(await ids()).toHaveLength(19)
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })
})

describe('a state that does not belong to the collection', () => {
  it('is rebuilt when the collection was removed', async () => {
    fill(5)
    await bench.sync(source)
    const other = await Workbench.open()
    try {
      Object.assign(bench, { store: other.store })
      const report = await bench.sync(source)
      expect(report.sources[0]).toMatchObject({ mode: 'full', status: 'succeeded', documents: { added: 5 } })
      expect(await bench.export()).toEqual(await cleanBuild(source))
    } finally {
      await other.close()
    }
  })

  it('removes what a lost state left in the collection', async () => {
    fill(10)
    await bench.sync(source)
    source.delete('all1')
    const fresh = await Workbench.open()
    try {
      Object.assign(fresh, { store: bench.store })
      await fresh.sync(source)
      expect(await fresh.export()).toEqual(await cleanBuild(source))
    } finally {
      await fresh.close()
    }
  })

  it('holds the removal when it is a mass deletion', async () => {
    fill(60)
    await bench.sync(source)
    for (let index = 0; index < 40; index += 1) source.delete(`all${index}`)
    const fresh = await Workbench.open()
    try {
      Object.assign(fresh, { store: bench.store })
      expect(await fresh.sync(source)).toMatchObject({ status: 'held', totals: { documents: { held: 40 } } })
      expect(await fresh.sync(source)).toMatchObject({ status: 'held' })
      expect(await fresh.sync(source, { allowMassDelete: true })).toMatchObject({ status: 'succeeded' })
      expect(await fresh.export()).toEqual(await cleanBuild(source))
    } finally {
      await fresh.close()
    }
  })
})
