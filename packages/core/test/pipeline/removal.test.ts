import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeSource, type SourceJob } from '../../src/pipeline/index.ts'
import type { Removal } from '../../src/pipeline/removal/remove-source.ts'
import { failure, ScriptedSource } from './scripted-source.ts'
import { cleanBuild, Workbench } from './workbench.ts'

const SIGNAL = new AbortController().signal
/** Two pages of points. */
const LARGE = 600

let bench: Workbench
let source: ScriptedSource
let job: SourceJob

beforeEach(async () => {
  bench = await Workbench.open({ settings: { batchSize: 400, queueSize: 800 } })
  source = new ScriptedSource()
  job = bench.job(source)
})

afterEach(() => bench.close())

function fill(count: number): void {
  for (let index = 0; index < count; index += 1) source.put(`doc${index}`, `text of ${index}`)
}

async function remove(on: Workbench = bench): Promise<Removal> {
  const collection = await on.store.peek(SIGNAL)
  return removeSource(job.ref, { state: on.state, store: on.store, logger: QUIET, now: () => on.now }, { collection, signal: SIGNAL })
}

const QUIET = { debug() {}, info() {}, warn() {}, error() {} }

/** Another state of the same collection. */
async function otherState(): Promise<Workbench> {
  const other = await Workbench.open({ directory: mkdtempSync(join(tmpdir(), 'other-state-')) })
  Object.assign(other, { store: bench.store })
  return other
}

describe('U6: a source that is removed', () => {
  it('takes its points and its rows with it, and nothing of another source', async () => {
    const other = new ScriptedSource()
    other.put('doc1', 'text of 1')
    fill(5)
    await bench.sync([job, bench.job(other, { source: 'other' })])
    const kept = (await bench.export()).filter(({ payload }) => payload.source === 'other')
    expect(await remove()).toEqual({ documents: 5, points: 5 })
    expect(await bench.export()).toEqual(kept)
    expect((await bench.state.reports.sources()).map(({ ref }) => ref.source)).toEqual(['other'])
    expect((await bench.state.reports.history({ limit: 9 })).map(({ ref }) => ref.source)).toEqual(['other'])
    // A later one of the same name begins at the beginning.
    expect(await bench.sync([job])).toMatchObject({ status: 'succeeded', totals: { documents: { added: 5 } } })
  })

  it('is named as left while it holds documents, and no longer after that', async () => {
    fill(3)
    await bench.sync(source)
    expect(await bench.state.sources.beside([job.ref])).toEqual([])
    expect(await bench.state.sources.beside([])).toEqual([{ ref: job.ref, documents: 3, points: 3 }])
    await remove()
    expect(await bench.state.sources.beside([])).toEqual([])
  })

  it.each([0, 1, 2, 3])('and whose removal dies at effect %i is still named, and the next removal ends it', async (at) => {
    fill(LARGE)
    await bench.sync(source)
    await dieAt(at)
    expect((await bench.state.sources.beside([])).map(({ ref }) => ref)).toEqual([job.ref])
    await remove()
    expect(await bench.export()).toEqual([])
    expect(await bench.state.reports.sources()).toEqual([])
  })

  it.each([0, 1, 2, 3])('and whose removal dies at effect %i is loaded again by a sync, without embedding what is left', async (at) => {
    fill(LARGE)
    await bench.sync(source)
    await dieAt(at)
    const left = (await bench.export()).length
    const given = bench.embedder.given.length
    expect((await bench.sync(source)).status).toBe('succeeded')
    expect(bench.embedder.given.length - given).toBe(LARGE - left)
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  async function dieAt(at: number): Promise<void> {
    let effects = 0
    bench.store.onEffect = () => {
      if (effects++ >= at) throw failure('transient', 'store_unreachable')
    }
    await expect(remove()).rejects.toMatchObject({ code: 'store_unreachable' })
    bench.store.onEffect = () => {}
  }

  it('is noticed by another state that had it, which loads it again', async () => {
    fill(6)
    await bench.sync(source)
    const other = await otherState()
    try {
      await other.sync(source)
      await remove()
      expect(await other.sync(source)).toMatchObject({ status: 'succeeded', totals: { documents: { added: 6 } } })
      expect(await other.export()).toEqual(await cleanBuild(source))
    } finally {
      await other.state.close()
    }
  })

  it('need not be known to the state', async () => {
    fill(6)
    await bench.sync(source)
    const other = await otherState()
    try {
      expect(await remove(other)).toEqual({ documents: 0, points: 6 })
      expect(await other.export()).toEqual([])
      expect(await other.state.reports.sources()).toEqual([])
    } finally {
      await other.state.close()
    }
  })

  it('is left alone while a run is writing it', async () => {
    fill(2)
    await bench.sync(source)
    await bench.state.leases.acquire(job.ref)
    await expect(remove()).rejects.toMatchObject({ code: 'lease_held' })
    expect(await bench.export()).toHaveLength(2)
  })
})
