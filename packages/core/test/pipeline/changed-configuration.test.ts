import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ScriptedSource } from './scripted-source.ts'
import { cleanBuild, expectConverged, Workbench } from './workbench.ts'

let bench: Workbench
let source: ScriptedSource

beforeEach(async () => {
  bench = await Workbench.open()
  source = new ScriptedSource()
})

afterEach(async () => {
  await bench.close()
})

describe('a changed configuration', () => {
  it('re-chunks every document when the chunk size changes, and embeds only new inputs', async () => {
    for (let index = 0; index < 5; index += 1) {
      source.put(`doc${index}`, Array.from({ length: 30 }, (_, line) => `paragraph ${line} of document ${index} with a few words`).join('\n\n'))
    }
    await bench.sync(source)
    const changed = await Workbench.open({ directory: bench.directory, settings: { chunking: { chunkSize: 200, chunkOverlap: 0 } } })
    try {
      const report = await changed.sync(source)
      expect(report.sources[0]).toMatchObject({ mode: 'full', documents: { updated: 5 } })
      expect(await changed.export()).toEqual(await cleanBuild(source, { chunking: { chunkSize: 200, chunkOverlap: 0 } }))
    } finally {
      await changed.close()
    }
  })

  it('reads every document again when the extraction changes, without embedding what is the same', async () => {
    source.fill(4)
    await bench.sync(source)
    source.extraction = 2
    source.fetched = []
    bench.embedder.given.length = 0
    const report = await bench.sync(source)
    expect(source.fetched).toHaveLength(4)
    expect(bench.embedder.given).toEqual([])
    expect(report.sources[0]?.documents).toMatchObject({ unchanged: 4, updated: 0 })
  })

  it('lists everything when the selection changes, and drops what is out of scope', async () => {
    source.configured = ['one', 'two']
    source.put('a', { text: 'in one', scope: 'one' })
    source.put('b', { text: 'in two', scope: 'two' })
    await bench.sync(source)
    source.configured = ['one']
    source.selection = 'one only'
    const report = await bench.sync(source)
    expect(report.sources[0]?.documents.deleted).toBe(1)
    expect(Object.keys(await bench.texts())).toEqual(['a'])
  })

  it('lists everything when the cursor cannot be read any more', async () => {
    source.fill(3)
    await bench.sync(source)
    const ref = { project: 'default', sourceType: 'scripted', source: 'main' }
    const lease = await bench.state.leases.acquire(ref)
    await bench.state.sources.update(lease, { cursor: { from: 'an older version' } })
    await bench.state.leases.release(lease)
    const report = await bench.sync(source)
    expect(report.sources[0]).toMatchObject({ mode: 'full', status: 'succeeded', documents: { unchanged: 3 } })
  })
})

describe('a document that includes another', () => {
  it('is refreshed when the other changes, though its own version does not', async () => {
    source.put('page', { text: 'before {{part}} after', dependsOn: ['part'], version: '1' })
    source.put('part', 'the old part')
    await bench.sync(source)
    source.put('part', 'the new part')
    await bench.sync(source)
    expect((await bench.texts())['page']?.join()).toContain('the new part')
    await expectConverged(bench, source)
  })

  it('is refreshed when the other is deleted', async () => {
    source.put('page', { text: 'before {{part}} after', dependsOn: ['part'], version: '1' })
    source.put('part', 'the old part')
    await bench.sync(source)
    source.delete('part')
    await bench.sync(source)
    expect((await bench.texts())['page']?.join()).not.toContain('old part')
    await expectConverged(bench, source)
  })

  it('may be part of a cycle', async () => {
    source.put('a', { text: 'a {{b}}', dependsOn: ['b'], version: '1' })
    source.put('b', { text: 'b {{a}}', dependsOn: ['a'], version: '1' })
    await bench.sync(source)
    source.put('b', { text: 'new b {{a}}', dependsOn: ['a'], version: '2' })
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })
})
