import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HashEmbedder } from '../../src/embedding/hash-embedder.ts'
import type { DocumentChange, SyncOptions, SyncReport } from '../../src/pipeline/index.ts'
import { markKey } from '../../src/pipeline/context/store-mark.ts'
import { failure, ScriptedSource } from './scripted-source.ts'
import { Workbench } from './workbench.ts'

/** Histories that are tried for each kind of source; more with PLAN_HISTORIES. */
const HISTORIES = Number(process.env['PLAN_HISTORIES'] ?? 8)

const SIGNAL = new AbortController().signal

/** What a run did, or would do, of which everything must agree. */
interface Outcome {
  readonly status: SyncReport['status']
  readonly mode: string | undefined
  readonly error: unknown
  readonly documents: unknown
  readonly verdicts: unknown
  readonly skipped: unknown
  readonly points: unknown
  readonly changes: readonly DocumentChange[]
}

function outcomeOf(report: SyncReport, changes: readonly DocumentChange[]): Outcome {
  const { documents, verdicts, skipped, points } = report.totals
  const [source] = report.sources
  return {
    status: report.status,
    mode: source?.mode,
    error: source?.error,
    documents,
    verdicts,
    skipped,
    points,
    changes: changes.toSorted((a, b) => (a.document_id < b.document_id ? -1 : 1)),
  }
}

type World = { readonly bench: Workbench; readonly source: ScriptedSource; readonly failing: Set<string>; readonly gone: Set<string> }
type Step = { readonly name: string; readonly run: (world: World) => void | Promise<void> }

const IDS = Array.from({ length: 9 }, (_none, at) => `doc${at}`)
const TEXTS = ['one text\n\nand more of it', 'another', 'a text that many share', '', 'x {{doc1}} y', 'z {{doc2}} z']
const id = fc.constantFrom(...IDS)
const text = fc.constantFrom(...TEXTS, ...TEXTS.map((each) => `${each} again`))

/** Something happens to the source, or to what reads it. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(id, text).map(([name, content]) => named(`put ${name} ${JSON.stringify(content)}`, ({ source }) => put(source, name, content))) },
  { weight: 3, arbitrary: fc.tuple(id, fc.constantFrom('a', 'b')).map(([name, label]) => named(`label ${name} ${label}`, ({ source }) => relabel(source, name, label))) },
  { weight: 3, arbitrary: id.map((name) => named(`delete ${name}`, ({ source }) => has(source, name) && source.delete(name))) },
  { weight: 3, arbitrary: id.map((name) => named(`vanish ${name}`, ({ source }) => source.vanish(name))) },
  { weight: 3, arbitrary: fc.tuple(id, id).map(([from, to]) => named(`move ${from} ${to}`, ({ source }) => has(source, from) && !has(source, to) && source.move(from, to))) },
  { weight: 1, arbitrary: id.map((name) => named(`reading ${name} fails or not`, ({ failing }) => toggle(failing, name))) },
  { weight: 1, arbitrary: id.map((name) => named(`${name} is gone when it is read or not`, ({ gone }) => toggle(gone, name))) },
  { weight: 1, arbitrary: fc.constant(named('the scope cannot be read or can', ({ source }) => toggle(source.unreadable, 'all'))) },
  { weight: 1, arbitrary: fc.constant(named('extraction', ({ source }) => void (source.extraction += 1))) },
  { weight: 1, arbitrary: fc.constantFrom(16, 64).map((chunkSize) => named(`chunk size ${chunkSize}`, ({ bench }) => void Object.assign(bench.settings, { chunking: { chunkSize, chunkOverlap: 0 } }))) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 }).map((at) => named(`a sync that breaks off at change ${at}`, (world) => breakOff(world, at))) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4 }).map((at) => named(`a sync that dies at effect ${at}`, (world) => die(world, at))) },
  { weight: 1, arbitrary: fc.constant(named('somebody else writes to the collection', writtenByOthers)) },
  { weight: 1, arbitrary: fc.constantFrom(0, 2).map((every) => named(`checkpoints ${every}`, ({ source }) => void (source.checkpointEvery = every))) },
)

function named(name: string, run: (world: World) => unknown): Step {
  return { name, run: async (world) => void (await run(world)) }
}

function has(source: ScriptedSource, name: string): boolean {
  return source.documents.has(name)
}

function put(source: ScriptedSource, name: string, content: string): void {
  const dependsOn = [...content.matchAll(/\{\{(\w+)\}\}/g)].map(([, other = '']) => other)
  source.put(name, { text: content, dependsOn })
}

function relabel(source: ScriptedSource, name: string, label: string): void {
  const document = source.documents.get(name)
  if (document !== undefined) source.put(name, { ...document, metadata: { label } })
}

function toggle(set: Set<string>, name: string): void {
  if (!set.delete(name)) set.add(name)
}

async function breakOff({ bench, source }: World, at: number): Promise<void> {
  source.onChange = (index) => {
    if (index === at) throw failure('transient', 'source_unreachable')
  }
  await bench.sync(source)
  source.onChange = () => {}
}

/** The next run trusts nothing of what the state says, and loads the source anew. */
async function writtenByOthers({ bench, source }: World): Promise<void> {
  if ((await bench.store.peek(SIGNAL)) !== undefined) await bench.store.writeMark(markKey(bench.job(source).ref), 'somebody else', SIGNAL)
}

async function die({ bench, source }: World, at: number): Promise<void> {
  let effects = 0
  bench.store.onEffect = () => {
    if (effects++ >= at) throw failure('transient', 'store_unreachable')
  }
  await bench.sync(source)
  bench.store.onEffect = () => {}
}

/** Guards that hold something in a source of nine documents. */
const SETTINGS = { maxDeleteRatio: 0.3, maxDeleteCount: 1 }

async function planThenSync(world: World, options: Partial<SyncOptions>): Promise<void> {
  const { bench, source } = world
  const jobs = [bench.job(source, { settings: SETTINGS })]
  const stored = async (): Promise<unknown> => ((await bench.store.peek(SIGNAL)) === undefined ? 'no collection' : await bench.export())
  const before = await stored()
  const rows = await bench.state.reports.sources()
  const given = bench.embedder.given.length
  const planned = await bench.sync(jobs, { ...options, dryRun: true })
  const plan = outcomeOf(planned, bench.changes())
  expect(bench.embedder.given).toHaveLength(given)
  expect(await stored()).toEqual(before)
  expect(await bench.state.reports.sources()).toEqual(rows)

  const synced = await bench.sync(jobs, options)
  expect(plan).toEqual(outcomeOf(synced, bench.changes()))
  expect(planned.totals.chunks).toEqual(synced.totals.chunks)
  expect(planned.estimate?.inputs).toBe(bench.embedder.given.length - given)
}

/** One batch holds everything, so that no text is looked for in the store while it is being moved there. */
const BATCH = { batchSize: 100, queueSize: 200, maxWorkers: 1 }

describe.each([
  { kind: 'that answers for single documents', judges: true },
  { kind: 'that does not', judges: false },
])('a plan of a connector $kind', ({ judges }) => {
  it('equals what the next sync does, per document, after any history', { timeout: 120_000 }, async () => {
    const rounds: fc.Arbitrary<Round[]> = fc.array(
      fc.record({
        steps: fc.array(step, { minLength: 1, maxLength: 8 }),
        mode: fc.constantFrom<SyncOptions['mode']>('incremental', 'incremental', 'full'),
        allowMassDelete: fc.boolean(),
      }),
      { minLength: 2, maxLength: 5 },
    )
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        const bench = await Workbench.open({ settings: BATCH })
        const source = new ScriptedSource()
        source.judges = judges
        const world: World = { bench, source, failing: new Set(), gone: new Set() }
        source.onFetch = (name) => {
          if (world.failing.has(name)) throw failure('document')
          return world.gone.has(name) ? 'gone' : undefined
        }
        try {
          for (const name of IDS.slice(0, 6)) put(source, name, `text of ${name}`)
          for (const { steps, mode, allowMassDelete } of all) {
            for (const { run } of steps) await run(world)
            await planThenSync(world, { mode, allowMassDelete })
          }
        } finally {
          await bench.close()
        }
      }),
      { numRuns: HISTORIES, reporter: reportSteps },
    )
  })
})

type Round = { steps: Step[]; mode: SyncOptions['mode']; allowMassDelete: boolean }

function reportSteps(details: fc.RunDetails<[Round[]]>): void {
  if (!details.failed) return
  const steps = details.counterexample?.[0].map(({ steps: taken, mode, allowMassDelete }) => `${taken.map(({ name }) => name).join(' · ')} => ${mode}${allowMassDelete ? ', allowed' : ''}`)
  const cause = details.errorInstance
  throw new Error(`seed ${details.seed}:\n${steps?.join('\n')}\n${cause instanceof Error ? cause.message : String(cause)}`, { cause })
}

describe('a plan', () => {
  let bench: Workbench
  let source: ScriptedSource
  beforeEach(async () => {
    bench = await Workbench.open({ settings: { batchSize: 20 } })
    source = new ScriptedSource()
  })
  afterEach(() => bench.close())

  function fill(count: number): void {
    for (let index = 0; index < count; index += 1) source.put(`doc${index}`, `text of ${index}`)
  }

  it('U5: after an embedding change it refuses as the sync does', async () => {
    fill(3)
    await bench.sync(source)
    const service = bench.service(new HashEmbedder({ dimensions: 16 }))
    const options = { mode: 'incremental', allowMassDelete: false, signal: SIGNAL } as const
    const refused = async (dryRun: boolean): Promise<unknown> => service.sync([bench.job(source)], { ...options, dryRun }).catch((error: unknown) => error)
    const [plan, sync] = [await refused(true), await refused(false)]
    expect(plan).toMatchObject({ kind: 'config', code: 'store_dimensions_mismatch' })
    expect(plan).toEqual(sync)
  })

  it('U5: a document that waits for a second listing is to be deleted by the one that confirms it', async () => {
    source.judges = false
    fill(4)
    await bench.sync(source)
    source.vanish('doc1')
    expect(await bench.sync(source, { mode: 'full', dryRun: true })).toMatchObject({ totals: { documents: { unconfirmed: 1, deleted: 0 } } })
    expect(bench.changes()).toMatchObject([{ document_id: 'doc1', action: 'wait', reason: 'unknown' }])
    await bench.sync(source, { mode: 'full' })
    expect(await bench.sync(source, { mode: 'full', dryRun: true })).toMatchObject({ totals: { documents: { unconfirmed: 0, deleted: 1 } } })
    expect(bench.changes()).toMatchObject([{ document_id: 'doc1', action: 'delete', reason: 'deleted' }])
  })

  it('U5: after chunk_size changed it names the documents whose chunks change, and no other', async () => {
    fill(4)
    source.put('long', Array.from({ length: 30 }, (_none, at) => `Paragraph ${at} of a long text.`).join('\n\n'))
    await bench.sync(source)
    Object.assign(bench.settings, { chunking: { chunkSize: 200, chunkOverlap: 0 } })
    expect(await bench.sync(source, { dryRun: true })).toMatchObject({ totals: { documents: { updated: 1, unchanged: 4 } } })
    expect(bench.changes()).toMatchObject([{ document_id: 'long', action: 'update', reason: 'the configuration changed' }])
  })

  it('says that a mass deletion would be held, and with the flag that it would not', async () => {
    fill(100)
    await bench.sync(source)
    for (let index = 0; index < 60; index += 1) source.delete(`doc${index}`)
    expect(await bench.sync(source, { dryRun: true })).toMatchObject({ status: 'held', totals: { documents: { held: 60, deleted: 0 } } })
    expect(bench.changes().map(({ action }) => action)).toEqual(Array.from({ length: 60 }, () => 'hold'))
    expect(await bench.sync(source, { dryRun: true, allowMassDelete: true })).toMatchObject({ status: 'succeeded', totals: { documents: { held: 0, deleted: 60 } } })
  })

  it('counts what the embedder will be given: not what the collection holds, and equal texts once', async () => {
    source.put('a', 'a text that is held')
    await bench.sync(source)
    source.put('b', 'a text that is held')
    source.put('c', 'a new text')
    source.put('d', 'a new text')
    const report = await bench.sync(source, { dryRun: true })
    expect(report.estimate).toEqual({ inputs: 1, tokens: 3 })
    expect(report.sources[0]?.estimate).toEqual(report.estimate)
    expect((await bench.sync(source)).totals.chunks.embedded).toBe(1)
  })

  it('is of the moment at which it began, and needs no lease', async () => {
    fill(3)
    await bench.sync(source)
    source.put('doc1', 'changed')
    const lease = await bench.state.leases.acquire(bench.job(source).ref)
    expect(await bench.sync(source, { dryRun: true })).toMatchObject({ status: 'succeeded', totals: { documents: { updated: 1 } } })
    await bench.state.leases.heartbeat(lease)
    expect((await bench.sync(source)).sources[0]?.error?.code).toBe('lease_held')
  })
})
