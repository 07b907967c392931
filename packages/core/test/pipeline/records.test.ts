import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { failure, ScriptedSource } from './scripted-source.ts'
import { Workbench } from './workbench.ts'

let bench: Workbench
let source: ScriptedSource

beforeEach(async () => {
  bench = await Workbench.open()
  source = new ScriptedSource()
})

afterEach(async () => {
  await bench.close()
})

function lines(level: string, message: string): string[] {
  return bench.log.filter((line) => line.startsWith(`${level} ${message}`))
}

describe('the log', () => {
  it('says when a run starts and how it ends', async () => {
    source.put('a', 'text')
    await bench.sync(source)
    expect(lines('info', 'run started')).toEqual([expect.stringContaining('"mode":"full"')])
    expect(lines('info', 'run finished')).toEqual([expect.stringMatching(/"source":"main".*"status":"succeeded".*"added":1/)])
    expect(lines('debug', 'batch committed')).toHaveLength(1)
  })

  it('names every document that fails, with the code', async () => {
    source.put('a', 'text')
    source.onFetch = () => {
      throw failure('document', 'git_blob_unreadable')
    }
    await bench.sync(source)
    expect(lines('warn', 'document failed')).toEqual([expect.stringMatching(/"document":"a".*"code":"git_blob_unreadable"/)])
  })

  it('says why a run failed, once, and keeps the stack for debugging', async () => {
    source.put('a', 'text')
    source.onChange = () => {
      throw failure('transient', 'source_unreachable')
    }
    await bench.sync(source)
    expect(lines('error', 'run failed')).toEqual([expect.stringContaining('"code":"source_unreachable"')])
    expect(bench.log.filter((line) => line.includes('"stack"')).every((line) => line.startsWith('debug'))).toBe(true)
  })

  it('says that deletions are held', async () => {
    for (let index = 0; index < 40; index += 1) source.put(`doc${index}`, `text ${index}`)
    await bench.sync(source)
    for (let index = 0; index < 40; index += 1) source.delete(`doc${index}`)
    await bench.sync(source)
    expect(lines('warn', 'deletions are held')).toEqual([expect.stringContaining('"documents":40')])
  })
})

describe('the history', () => {
  it('keeps a row for each run, with counters, cursors and the error', async () => {
    source.put('a', 'text')
    await bench.sync(source)
    source.onChange = () => {
      throw failure('transient', 'source_unreachable')
    }
    await bench.sync(source)
    expect(await bench.state.reports.history({ limit: 10 })).toMatchObject([
      { mode: 'incremental', status: 'failed', error: expect.stringContaining('source_unreachable'), cursorBefore: { revision: 1 } },
      { mode: 'full', status: 'succeeded', counters: { documents: { added: 1 } }, cursorAfter: { revision: 1 } },
    ])
  })

  it('tells a stopped run from a failed one', async () => {
    for (let index = 0; index < 20; index += 1) source.put(`doc${index}`, `text ${index}`)
    const stop = new AbortController()
    source.onChange = (index) => {
      if (index === 10) stop.abort(new Error('stopped'))
    }
    const report = await bench.sync(source, { signal: stop.signal })
    expect(report.status).toBe('stopped')
    expect((await bench.state.reports.history({ limit: 1 }))[0]?.status).toBe('stopped')
    source.onChange = () => {}
    expect((await bench.sync(source)).status).toBe('succeeded')
  })
})

describe('the progress', () => {
  it('says how many changes there are before they are done, and ends with all of them, moves counted once', async () => {
    for (let index = 0; index < 20; index += 1) source.put(`doc${index}`, `text ${index}`)
    await bench.sync(source)
    for (let index = 0; index < 5; index += 1) source.move(`doc${index}`, `moved${index}`)
    bench.events.length = 0
    await bench.sync(source)
    const seen = bench.events.flatMap((event) => (event.type === 'documents' ? [{ done: event.done, total: event.total }] : []))
    expect(seen).toContainEqual({ done: 0, total: 5 })
    expect(seen.at(-1)).toEqual({ done: 5, total: 5 })
  })
})

describe('measurements', () => {
  function samples(): { name: string; recorded_at?: string }[] {
    const database = new DatabaseSync(join(bench.directory, 'state.db'), { readOnly: true })
    try {
      return database.prepare('SELECT * FROM qdrant_loader_metric_samples').all() as never
    } finally {
      database.close()
    }
  }

  it('are saved with each run', async () => {
    source.put('a', 'text')
    await bench.sync(source)
    expect(new Set(samples().map((sample) => sample.name))).toEqual(
      new Set(['document_load_ms', 'embed_ms', 'embed_inputs', 'store_write_ms'].flatMap((name) => [`${name}.count`, `${name}.mean`, `${name}.p95`])),
    )
  })

  it('are forgotten after the retention', async () => {
    source.put('a', 'text')
    await bench.sync(source)
    const before = samples().length
    bench.now += 2 * 86_400_000
    source.put('a', 'other text')
    await bench.sync(source)
    expect(samples().length).toBe(before)
  })
})

describe('the lease', () => {
  it('keeps a second run out and says who holds it', async () => {
    source.put('a', 'text')
    const gate = Promise.withResolvers<void>()
    const started = Promise.withResolvers<void>()
    source.onChange = async () => {
      started.resolve()
      await gate.promise
    }
    const first = bench.sync(source)
    await started.promise
    const second = await bench.sync(source)
    expect(second.sources[0]).toMatchObject({ status: 'failed', error: { code: 'lease_held', message: expect.stringContaining(String(process.pid)) } })
    gate.resolve()
    expect((await first).status).toBe('succeeded')
  })
})
