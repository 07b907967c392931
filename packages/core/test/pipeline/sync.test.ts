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

describe('a sync', () => {
  it('indexes every document of a new source', async () => {
    source.fill(10)
    const report = await bench.sync(source)
    expect(report.status).toBe('succeeded')
    expect(report.sources[0]).toMatchObject({ mode: 'full', documents: { added: 10 } })
    expect(Object.keys(await bench.texts())).toHaveLength(10)
    await expectConverged(bench, source)
  })

  it('does nothing when nothing changed', async () => {
    source.fill(10)
    await bench.sync(source)
    source.fetched = []
    bench.embedder.given.length = 0
    const before = { ...bench.store.done }
    const report = await bench.sync(source)
    expect(report.sources[0]).toMatchObject({ mode: 'incremental', status: 'succeeded', documents: { unchanged: 0 } })
    expect(source.fetched).toEqual([])
    expect(bench.embedder.given).toEqual([])
    expect(bench.store.done).toEqual(before)
  })

  it('touches only what was added, edited and deleted', async () => {
    source.fill(10)
    await bench.sync(source)
    source.fetched = []
    bench.embedder.given.length = 0
    source.put('new', 'a new document')
    source.put('doc3', 'first of 3\n\nanother second\n\nthird of 3')
    source.delete('doc5')
    const report = await bench.sync(source)
    expect(report.sources[0]?.documents).toMatchObject({ added: 1, updated: 1, deleted: 1, unchanged: 0 })
    expect(source.fetched.sort()).toEqual(['doc3', 'new'])
    expect(bench.embedder.given).toHaveLength(2)
    await expectConverged(bench, source)
  })

  it('sets payloads without reading or embedding when only metadata changed', async () => {
    source.fill(3)
    await bench.sync(source)
    source.fetched = []
    bench.embedder.given.length = 0
    source.put('doc1', { text: 'first of 1\n\nsecond of 1\n\nthird of 1', title: 'A title', metadata: { labels: 'new' } })
    const report = await bench.sync(source)
    expect(report.sources[0]).toMatchObject({ documents: { updated: 1 }, points: { upserted: 0, deleted: 0 } })
    expect(report.totals.points.payload_updated).toBeGreaterThan(0)
    expect(source.fetched).toEqual([])
    expect(bench.embedder.given).toEqual([])
    await expectConverged(bench, source)
  })

  it('lists when the clock was set back, instead of waiting until it has caught up', async () => {
    source.fill(1)
    await bench.sync(source)
    await bench.sync(source)
    bench.now -= 86_400_000
    await bench.sync(source)
    expect(source.detections).toEqual(['full listing', 'incremental', 'incremental listing'])
  })

  it('remembers other validators of an unchanged document without touching anything else', async () => {
    const seen: unknown[] = []
    source.put('a', { text: 'one', validators: 'first' })
    await bench.sync(source)
    source.fetched = []
    const before = { ...bench.store.done }
    source.put('a', { text: 'one', validators: 'second' })
    const report = await bench.sync(source)
    expect(report.sources[0]?.documents).toMatchObject({ unchanged: 1, updated: 0 })
    expect([source.fetched, bench.store.done]).toEqual([[], before])
    source.onKnown = (known) => seen.push(known?.validators)
    await bench.sync(source)
    expect(seen).toEqual(['second'])
  })

  it('reads a document again when points of it are missing where metadata is to be set', async () => {
    source.fill(2)
    await bench.sync(source)
    const ids = (await bench.export()).filter((point) => point.payload.document_id === 'doc1').map((point) => point.id)
    await bench.store.delete(ids.slice(0, 1), new AbortController().signal)
    source.put('doc1', { ...source.documents.get('doc1'), text: source.documents.get('doc1')?.text ?? '', title: 'T' })
    await bench.sync(source)
    await expectConverged(bench, source)
  })

  it('moves a document without embedding anything', async () => {
    source.fill(4)
    await bench.sync(source)
    bench.embedder.given.length = 0
    source.move('doc1', 'elsewhere')
    const report = await bench.sync(source)
    expect(report.sources[0]?.documents).toMatchObject({ moved: 1, deleted: 0, added: 0 })
    expect(bench.embedder.given).toEqual([])
    await expectConverged(bench, source)
  })

  it('embeds an equal text once, within a run and across documents', async () => {
    source.put('a', 'the same words')
    source.put('b', 'the same words')
    for (let index = 0; index < 20; index += 1) source.put(`c${index}`, 'the same words')
    await bench.sync(source)
    expect(bench.embedder.given).toHaveLength(1)
    source.put('late', 'the same words')
    await bench.sync(source)
    expect(bench.embedder.given).toHaveLength(1)
    await expectConverged(bench, source)
  })

  it('gives every occurrence of a repeated paragraph a point of its own', async () => {
    const long = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ')
    source.put('a', [long, long, long].join('\n\n'))
    await bench.sync(source)
    await expectConverged(bench, source)
  })

  it('may be moved from an id that nobody knows, and that is named again', async () => {
    source.put('a', 'text')
    source.move('a', 'b')
    source.delete('a')
    source.put('other', 'text')
    await bench.sync(source)
    source.put('c', 'more text')
    source.move('c', 'd')
    source.delete('c')
    expect((await bench.sync(source)).status).toBe('succeeded')
    expect(await bench.export()).toEqual(await cleanBuild(source))
  })

  it('takes the last change when a document is named more than once', async () => {
    source.fill(3)
    await bench.sync(source)
    source.delete('doc1')
    source.put('doc1', 'back with another text')
    source.put('doc2', 'edited once')
    source.put('doc2', 'edited twice')
    source.put('short-lived', 'x')
    source.delete('short-lived')
    await bench.sync(source)
    await expectConverged(bench, source)
  })

  it('records documents without text and does not look at them again', async () => {
    source.put('blank', '   ')
    const first = await bench.sync(source)
    expect(first.sources[0]?.skipped).toEqual({ empty: 1 })
    source.fetched = []
    await bench.sync(source, { mode: 'full' })
    expect(source.fetched).toEqual([])
    source.put('blank', 'now with words')
    await bench.sync(source)
    await expectConverged(bench, source)
    source.put('blank', ' ')
    await bench.sync(source)
    expect(await bench.export()).toEqual([])
  })

  it('lists everything with --full, and re-does nothing that is right', async () => {
    source.fill(8)
    await bench.sync(source)
    source.fetched = []
    const before = { ...bench.store.done }
    const report = await bench.sync(source, { mode: 'full' })
    expect(report.sources[0]).toMatchObject({ mode: 'full', documents: { unchanged: 8, added: 0, updated: 0 } })
    expect(source.fetched).toEqual([])
    expect(bench.store.done).toEqual(before)
  })

  it('asks for a complete listing when the interval has passed', async () => {
    source.fill(3)
    const settings = { fullListingIntervalMs: 3_600_000 }
    await bench.sync([bench.job(source, { settings })])
    source.vanish('doc1')
    await bench.sync([bench.job(source, { settings })])
    expect(Object.keys(await bench.texts())).toContain('doc1')
    bench.now += 3_600_000
    await bench.sync([bench.job(source, { settings })])
    expect(source.detections).toEqual(['full listing', 'incremental', 'incremental listing'])
    await expectConverged(bench, source)
  })
})

describe('sources side by side', () => {
  it('never touch each other, also with the same paths in the same project', async () => {
    source.fill(5)
    const other = new ScriptedSource()
    for (const [id, document] of source.documents) other.put(id, document)
    const jobs = () => [
      bench.job(source),
      bench.job(other, { source: 'other' }),
      bench.job(other, { project: 'second' }),
    ]
    await bench.sync(jobs())
    expect(await bench.export()).toHaveLength(3 * (await cleanBuild(source)).length)
    for (const id of [...source.documents.keys()].slice(0, 4)) source.delete(id)
    await bench.sync(jobs())
    const sources = (await bench.export()).map(({ payload }) => `${payload.project_id}/${payload.source}`)
    expect(sources.filter((name) => name === 'default/main')).toHaveLength(1)
    expect(sources.filter((name) => name === 'default/other')).toHaveLength(5)
    expect(sources.filter((name) => name === 'second/main')).toHaveLength(5)
  })

  it('report their own requests', async () => {
    source.fill(4)
    const other = new ScriptedSource()
    other.put('x', 'one')
    const report = await bench.sync([bench.job(source), bench.job(other, { source: 'other' })])
    const requests = report.sources.map((part) => part.requests)
    expect(requests[0]?.embedder).toBeGreaterThan(0)
    expect(report.totals.requests.embedder).toBe(bench.embedder.requests)
    expect(requests[0]?.content).toBe(4)
    expect(requests[1]?.content).toBe(1)
  })
})

describe('a dry run', () => {
  it('says what would happen and why, and changes nothing', async () => {
    source.fill(6)
    await bench.sync(source)
    source.put('new', 'n')
    source.put('doc1', 'edited')
    source.delete('doc2')
    source.move('doc3', 'moved')
    const before = { points: await bench.export(), source: (await bench.state.reports.sources())[0], done: { ...bench.store.done } }
    const given = bench.embedder.given.length
    source.fetched = []
    const report = await bench.sync(source, { dryRun: true })
    expect(report).toMatchObject({ dry_run: true, status: 'succeeded', totals: { documents: { added: 1, updated: 1, moved: 1, deleted: 1 } } })
    const points = { upserted: 1, payload_updated: 0, deleted: 0 }
    expect(bench.changes()).toEqual([
      { document_id: 'new', action: 'add', reason: 'new in the source', points },
      { document_id: 'doc1', action: 'update', reason: 'its version changed', points: { ...points, deleted: 1 } },
      { document_id: 'moved', action: 'move', reason: 'moved from doc3', from: 'doc3', points: { ...points, deleted: 1 } },
      { document_id: 'doc2', action: 'delete', reason: 'deleted', points: { ...points, upserted: 0, deleted: 1 } },
    ])
    expect(source.fetched).toEqual(['new', 'doc1', 'moved'])
    expect(report.estimate).toMatchObject({ inputs: 2 })
    expect(bench.embedder.given).toHaveLength(given)
    expect({ points: await bench.export(), source: (await bench.state.reports.sources())[0], done: bench.store.done }).toEqual(before)
    expect((await bench.sync(source)).totals.documents).toMatchObject(report.totals.documents)
  })

  it('of a new source says that everything would be added', async () => {
    source.fill(3)
    const report = await bench.sync(source, { dryRun: true })
    expect(report.totals.documents.added).toBe(3)
    expect(await bench.state.reports.sources()).toEqual([])
  })
})
