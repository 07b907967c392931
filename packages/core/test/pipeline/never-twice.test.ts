import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failure, ScriptedSource } from './scripted-source.ts'
import { cleanBuild, CountingEmbedder, Workbench } from './workbench.ts'

// A run that ends between the store's answer and the commit, as a killed one does: points are there, nobody owns them.

let bench: Workbench
let source: ScriptedSource

beforeEach(async () => {
  bench = await Workbench.open({ settings: { batchSize: 50, chunking: { chunkSize: 32, chunkOverlap: 0 }, retry: { ...DEFAULT_RETRY, attempts: 0 } } })
  source = new ScriptedSource()
  for (let index = 0; index < 8; index += 1) source.put(`doc${index}`, text(index, 5))
})

afterEach(async () => {
  await bench.close()
})

function text(document: number, paragraphs: number): string {
  const words = 'with words enough to make it a chunk of its own when chunks are small'
  return Array.from({ length: paragraphs }, (_, at) => `paragraph ${at} of document ${document}, ${words}`).join('\n\n')
}

async function cutOff(moment: 'before upsert' | 'after upsert' | 'before delete' = 'after upsert'): Promise<void> {
  bench.store.onEffect = (now) => {
    if (now === moment) throw failure('transient')
  }
  expect((await bench.sync(source)).status).toBe('failed')
  bench.store.onEffect = () => {}
}

/** What the embedder was given by the runs of `work`. */
async function givenBy(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = bench.embedder.given.length
  await work()
  return bench.embedder.given.slice(before)
}

async function expectConverged(): Promise<void> {
  expect(await bench.export()).toEqual(await cleanBuild(source, bench.settings))
  for await (const open of bench.state.openIntents(bench.job(source).ref, 100)) expect(open).toEqual([])
}

describe('U3: a run that ended after the store applied its points and before the commit', () => {
  it('is gone on with, and nothing that is there is embedded again', async () => {
    await cutOff()
    expect(await givenBy(() => bench.sync(source))).toEqual([])
    await expectConverged()
  })

  it('gives its vectors to documents that were renamed meanwhile', async () => {
    await cutOff()
    for (let index = 0; index < 8; index += 1) source.move(`doc${index}`, `folder/doc${index}`)
    expect(await givenBy(() => bench.sync(source))).toEqual([])
    await expectConverged()
  })

  it('gives its vectors to another source with the same texts', async () => {
    await cutOff()
    const other = bench.job(source, { source: 'other' })
    await bench.sync(source)
    expect(await givenBy(() => bench.sync([other]))).toEqual([])
  })

  it('leaves nothing of what the source took back: that is removed when everything else is done', async () => {
    await bench.sync(source)
    source.put('doc0', text(10, 5))
    source.put('new', text(11, 5))
    await cutOff()
    source.put('doc0', text(0, 5))
    source.delete('new')
    expect(await givenBy(() => bench.sync(source))).toEqual([])
    await expectConverged()
  })

  it('leaves nothing of a document that changed on, and reuses what stayed of it', async () => {
    source.put('doc0', text(10, 5))
    await cutOff()
    source.put('doc0', `${text(10, 4)}\n\nsomething else at its end, so that the last of its chunks is another one, and that one is embedded`)
    expect(await givenBy(() => bench.sync(source))).toHaveLength(1)
    await expectConverged()
  })

  it('is gone on with after a second run that ended like it, and a third', async () => {
    await cutOff()
    expect(await givenBy(() => cutOff('before upsert'))).toEqual([])
    source.put('doc1', text(12, 5))
    await cutOff()
    expect(await givenBy(() => bench.sync(source))).toEqual([])
    await expectConverged()
  })

  it('I7: shows readers its points until the next run has written its own', async () => {
    await bench.sync(source)
    source.put('doc0', text(10, 5))
    // The stale points are gone, the new ones are there, and the state knows neither.
    bench.store.onEffect = (now) => {
      if (now === 'after delete') throw failure('transient')
    }
    expect((await bench.sync(source)).status).toBe('failed')
    const seen: number[] = []
    bench.store.onEffect = async () => void seen.push((await bench.texts())['doc0']?.length ?? 0)
    source.onFetch = async () => void seen.push((await bench.texts())['doc0']?.length ?? 0)
    expect(await givenBy(() => bench.sync(source))).toEqual([])
    expect(seen.length).toBeGreaterThan(1)
    expect(Math.min(...seen)).toBe(5)
    await expectConverged()
  })

  it('keeps the vectors of a document that cannot be read in the run after it, for the one after that', async () => {
    await cutOff()
    source.onFetch = (id) => {
      if (id === 'doc3') throw failure('document')
    }
    expect((await bench.sync(source)).status).toBe('partial')
    source.onFetch = () => {}
    expect(await givenBy(() => bench.sync(source))).toEqual([])
    await expectConverged()
  })

  it('keeps the vectors of a part of the source that cannot be read in the run after it', async () => {
    source.configured = ['all', 'more']
    source.documents.set('far', { text: text(20, 5), scope: 'more' })
    await cutOff()
    source.unreadable.add('more')
    expect((await bench.sync(source)).status).toBe('partial')
    source.unreadable.clear()
    expect(await givenBy(() => bench.sync(source, { mode: 'full' }))).toEqual([])
    await expectConverged()
  })

  it('has no vectors for another model: with another collection everything is embedded', async () => {
    await cutOff()
    const other = new CountingEmbedder({ dimensions: 48 })
    bench.now += 1_000
    const options = { mode: 'incremental', dryRun: false, allowMassDelete: false, signal: new AbortController().signal } as const
    await expect(bench.service(other).sync([bench.job(source)], options)).rejects.toMatchObject({ kind: 'config' })
    expect(other.given).toEqual([])
    expect(await givenBy(() => bench.sync(source))).toEqual([])
    await expectConverged()
  })
})
