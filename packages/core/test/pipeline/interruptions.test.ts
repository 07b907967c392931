import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import type { DocumentStub } from '@qdrant-loader/connector-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { markKey } from '../../src/pipeline/context/store-mark.ts'
import { failure, ScriptedSource } from './scripted-source.ts'
import { expectConverged, Workbench } from './workbench.ts'

let bench: Workbench
let source: ScriptedSource

beforeEach(async () => {
  bench = await Workbench.open({ settings: { batchSize: 1, retry: { ...DEFAULT_RETRY, attempts: 0 } } })
  source = new ScriptedSource()
})

afterEach(async () => {
  await bench.close()
})

function failing(...ids: string[]): (id: string) => void {
  return (id) => {
    if (ids.includes(id)) throw failure('document')
  }
}

async function ids(): Promise<string[]> {
  return Object.keys(await bench.texts()).sort()
}

describe('a move whose target could not be read', () => {
  beforeEach(async () => {
    source.put('a', 'text of a')
    source.put('z', 'text of z')
    await bench.sync(source)
    source.move('a', 'b')
    source.onFetch = failing('b')
    expect((await bench.sync(source)).status).toBe('partial')
    expect(await ids()).toEqual(['a', 'z'])
    source.onFetch = () => {}
  })

  it('ends when the target is deleted', async () => {
    source.delete('b')
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })

  it('ends when the target moves on', async () => {
    source.move('b', 'c')
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })
})

describe('a move whose deleting half was not applied', () => {
  beforeEach(async () => {
    source.put('a', 'text of a')
    source.put('z', 'text of z')
    await bench.sync(source)
    source.move('a', 'b')
    bench.store.onEffect = (moment) => {
      if (moment === 'before delete') throw failure('transient')
    }
    expect((await bench.sync(source)).status).toBe('failed')
    bench.store.onEffect = () => {}
    expect(await ids()).toEqual(['a', 'b', 'z'])
  })

  it('ends when the target is deleted', async () => {
    source.delete('b')
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })

  it('ends when the target moves on', async () => {
    source.move('b', 'c')
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })
})

describe('a document that fails while a complete listing names it', () => {
  it('is not taken for absent', async () => {
    source.judges = false
    source.put('a', 'old text')
    source.put('b', 'text of b')
    await bench.sync(source)
    source.documents.set('a', { text: 'new text' })
    source.onFetch = failing('a')
    for (let run = 0; run < 3; run += 1) {
      const report = await bench.sync(source, { mode: 'full' })
      expect(report).toMatchObject({ status: 'partial', totals: { documents: { failed: 1, unconfirmed: 0, deleted: 0 } } })
    }
    source.onFetch = () => {}
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })

  it('is not deleted by what was staged before it came back', async () => {
    source.judges = false
    for (let index = 0; index < 60; index += 1) source.put(`d${index}`, `text ${index}`)
    await bench.sync(source)
    for (let index = 0; index < 40; index += 1) source.delete(`d${index}`)
    expect((await bench.sync(source)).status).toBe('held')
    source.put('d1', 'back with another text')
    source.onFetch = failing('d1')
    await bench.sync(source, { allowMassDelete: true })
    expect(await ids()).toContain('d1')
    source.onFetch = () => {}
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })
})

describe('a configuration that is changed back after an interrupted run', () => {
  /** Ends the run when it comes to the last document. */
  const interrupted = (id: string): void => {
    if (id === 'z') throw failure('auth')
  }

  it('leaves nothing of the other chunk size', async () => {
    source.put('long', Array.from({ length: 40 }, (_, at) => `sentence number ${at} says something.`).join('\n\n'))
    source.put('z', 'last')
    await bench.sync(source)
    const before = await bench.export()
    Object.assign(bench.settings.chunking, { chunkSize: 32 })
    source.onFetch = interrupted
    expect((await bench.sync(source)).status).toBe('failed')
    expect(await bench.export()).not.toEqual(before)
    Object.assign(bench.settings.chunking, { chunkSize: 64 })
    source.onFetch = () => {}
    expect((await bench.sync(source)).status).toBe('succeeded')
    expect(await bench.export()).toEqual(before)
  })

  it('leaves nothing of the other selection', async () => {
    source.put('a', 'text of a')
    source.documents.set('b', { text: 'text of b', scope: 'more' })
    source.documents.set('z', { text: 'text of z', scope: 'more' })
    await bench.sync(source)
    source.configured = ['all', 'more']
    source.selection = 'more'
    source.onFetch = interrupted
    expect((await bench.sync(source)).status).toBe('failed')
    expect(await ids()).toEqual(['a', 'b'])
    source.onFetch = () => {}
    source.configured = ['all']
    source.selection = 'all'
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })
})

describe('a document that has to be done again', () => {
  it('is not kept by that when the source has it no longer', async () => {
    source.put('a', 'text of a')
    source.documents.set('b', { text: 'text of b', scope: 'all' })
    await bench.sync(source)
    source.put('b', 'another text of b')
    bench.store.onEffect = (moment) => {
      if (moment === 'after upsert') throw failure('transient')
    }
    expect((await bench.sync(source)).status).toBe('failed')
    bench.store.onEffect = () => {}
    source.vanish('b')
    source.selection = 'without b'
    const report = await bench.sync([{ ...bench.job(source), plugin: readingWhatIsGone(source) }] as never)
    expect(report.status).toBe('succeeded')
    await expectConverged(bench, source)
  })
})

/** As git does: contents stay readable by their version. */
function readingWhatIsGone(scripted: ScriptedSource) {
  const plugin = scripted.plugin()
  const open: typeof plugin.open = async (config, context) => {
    const opened = await plugin.open(config, context)
    const read = async (stub: DocumentStub) => ({ stub, text: stub.contentVersion, format: 'text', contentType: 'text/plain' }) as const
    return { ...opened, reader: { read } }
  }
  return { ...plugin, open }
}

it('a folder that was moved by an interrupted run is not a mass deletion for the next', async () => {
  for (let index = 0; index < 60; index += 1) source.put(`a${index}`, `text ${index}`)
  source.put('z', 'stays')
  await bench.sync(source)
  for (let index = 0; index < 60; index += 1) source.move(`a${index}`, `b${index}`)
  source.onFetch = (id) => {
    if (id === 'b50') throw failure('auth')
  }
  expect((await bench.sync(source)).status).toBe('failed')
  source.onFetch = () => {}
  // A detector that looks up what is known cannot tell these from deletions any more.
  const report = await bench.sync([{ ...bench.job(source), plugin: withoutStagedMoves(source) }] as never)
  expect(report).toMatchObject({ status: 'succeeded', totals: { documents: { held: 0 } } })
  await expectConverged(bench, source)
})

function withoutStagedMoves(scripted: ScriptedSource) {
  const plugin = scripted.plugin()
  const open: typeof plugin.open = async (config, context) => {
    const opened = await plugin.open(config, context)
    return {
      ...opened,
      detector: {
        ...opened.detector,
        async *detect(request, signal) {
          for await (const change of opened.detector.detect(request, signal)) {
            if (change.kind !== 'move' || (await request.known.of(change.from)) !== undefined) yield change
            else {
              yield { kind: 'delete', id: change.from, verdict: 'deleted' }
              yield { kind: 'upsert', stub: change.stub }
            }
          }
        },
      },
    }
  }
  return { ...plugin, open }
}

it('tells a source whose run failed that no cursor was saved', async () => {
  source.put('a', 'text of a')
  await bench.sync(source)
  source.put('b', 'text of b')
  source.onChange = (index) => {
    if (index === 1) throw failure('transient')
  }
  await bench.sync(source)
  expect(source.closedWith).toEqual([{ revision: 1 }, undefined])
})

describe('a run that slept until another one had taken its lease', () => {
  /** Puts the run to sleep at a moment, and lets another one do all that is to be done meanwhile. */
  function sleepAt(moment: Parameters<typeof bench.store.onEffect>[0], meanwhile: () => void): void {
    bench.store.onEffect = async (now) => {
      if (now !== moment) return
      bench.store.onEffect = () => {}
      meanwhile()
      source.onFetch = () => {}
      const other = await Workbench.open({ directory: bench.directory })
      bench.now += 60_000
      other.now = bench.now
      try {
        expect((await other.sync(source)).status).toBe('succeeded')
        await expectConverged(bench, source)
      } finally {
        await other.close()
      }
    }
  }

  beforeEach(async () => {
    source.put('a', 'text of a')
    source.put('b', 'text of b')
    await bench.sync(source)
    source.put('a', 'second text of a')
  })

  it('does nothing more to the collection', async () => {
    sleepAt('after upsert', () => source.put('a', 'third text of a'))
    const { deleted } = bench.store.done
    expect((await bench.sync(source)).sources[0]?.error?.code).toBe('lease_lost')
    expect(bench.store.done.deleted).toBe(deleted)
    bench.now += 60_000
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })

  it.each(['before upsert', 'before delete'] as const)('makes the next run mend what it did after it woke (%s)', async (moment) => {
    sleepAt(moment, () => source.put('a', moment === 'before delete' ? 'text of a' : 'third text of a'))
    expect((await bench.sync(source)).sources[0]?.error?.code).toBe('lease_lost')
    bench.now += 60_000
    bench.embedder.given.length = 0
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
    expect(bench.embedder.given).toEqual(moment === 'before delete' ? ['text of a'] : [])
  })

  it('is noticed by a run that had begun and not written yet', async () => {
    source.onFetch = async () => {
      source.onFetch = () => {}
      await bench.store.writeMark(markKey(bench.job(source).ref), 'of another run', new AbortController().signal)
    }
    expect((await bench.sync(source)).sources[0]?.error?.code).toBe('store_written_meanwhile')
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })
})
