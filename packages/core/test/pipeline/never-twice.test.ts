import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OnAnswer } from '../../src/embedding/embedder.ts'
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
  for await (const open of bench.state.intents.open(bench.job(source).ref, 100)) expect(open).toEqual([])
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

/** Answers so many inputs at once, as a server does. */
class AnsweringEmbedder extends CountingEmbedder {
  readonly #most: number

  constructor(most: number) {
    super({ dimensions: 32 })
    this.#most = most
  }

  override async embed(inputs: readonly string[], signal: AbortSignal, answered?: OnAnswer): Promise<readonly Float32Array[]> {
    const vectors: Float32Array[] = []
    for (let at = 0; at < inputs.length; at += this.#most) {
      vectors.push(...(await super.embed(inputs.slice(at, at + this.#most), signal, (_from, part) => answered?.(at, part) ?? Promise.resolve())))
    }
    return vectors
  }
}

describe('U3: an answer of the embedder', () => {
  const options = { mode: 'incremental', dryRun: false, allowMassDelete: false, signal: new AbortController().signal } as const

  function sync(embedder: CountingEmbedder) {
    bench.now += 1_000
    return bench.service(embedder).sync([bench.job(source)], options)
  }

  it('is not lost because a neighbour of the same batch failed, nor in a document that is not whole', async () => {
    source.put('long', text(30, 40))
    const embedder = new AnsweringEmbedder(4)
    let answers = 0
    embedder.onEmbed = () => {
      answers += 1
      if (answers > 12) throw failure('transient')
    }
    expect((await sync(embedder)).status).toBe('failed')
    embedder.onEmbed = () => {}
    const made = embedder.given.length
    expect(made).toBe(48)
    expect((await sync(embedder)).status).toBe('succeeded')
    // Every input once: 8 documents of 5 chunks and one of 40.
    expect(embedder.given).toHaveLength(80)
    expect(new Set(embedder.given).size).toBe(80)
    await expectConverged()
  })

  it('is not asked for again when the embedder refuses another input of the batch, which fails its own document alone', async () => {
    source.put('doc5', `${text(5, 4)}\n\nrefused, ${text(40, 1)}`)
    const embedder = new AnsweringEmbedder(1)
    embedder.onEmbed = (inputs) => {
      if (inputs.some((input) => input.includes('refused'))) throw failure('document')
    }
    const report = await sync(embedder)
    expect(report).toMatchObject({ status: 'partial', totals: { documents: { added: 7, failed: 1 } } })
    expect(Object.keys(await bench.texts())).not.toContain('doc5')
    expect(new Set(embedder.given).size).toBe(embedder.given.length)
  })

  it('that a document shared with one that failed is made for it', async () => {
    source.put('a', `refused, ${text(40, 1)}\n\n${text(41, 1)}`)
    source.put('b', text(41, 1))
    Object.assign(bench.settings, { batchSize: 1 })
    const embedder = new AnsweringEmbedder(50)
    embedder.onEmbed = (inputs) => {
      if (inputs.some((input) => input.includes('refused'))) throw failure('document')
    }
    expect(await sync(embedder)).toMatchObject({ totals: { documents: { added: 9, failed: 1 } } })
    expect(Object.keys(await bench.texts())).toContain('b')
  })

  it('that was given up is not waited for, whoever claimed it since', { timeout: 15_000 }, async () => {
    const refused = `refused, ${text(40, 1)}`
    source = new ScriptedSource()
    for (const [id, content] of [['a0', refused], ['a1', text(41, 1)], ['a2', text(42, 1)], ['b', `${refused}\n\n${text(43, 700)}`], ['c', refused], ['d', text(44, 1)]]) {
      source.put(id as string, content as string)
    }
    Object.assign(bench.settings, { batchSize: 3 })
    // The first batch gives the input up, the second one claims it, and only then the first is committed.
    const [givenUp, sought, committed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    source.onFetch = async (id) => {
      if (id === 'b') await givenUp.promise
    }
    const embedder = new AnsweringEmbedder(5_000)
    embedder.onEmbed = async (inputs) => {
      const holds = (part: string) => inputs.some((input) => input.includes(part))
      if (holds('document 41') && inputs.length === 1) {
        givenUp.resolve()
        await sought.promise
      }
      if (holds('document 43')) {
        sought.resolve()
        await committed.promise
      }
      if (holds('refused')) throw failure('document')
    }
    const running = sync(embedder)
    while ((await bench.state.documents.among(bench.job(source).ref, ['a1'])).size === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    committed.resolve()
    expect(await running).toMatchObject({ status: 'partial', totals: { documents: { added: 3, failed: 3 } } })
  })

  it('is committed after a few seconds of work, however many documents a batch may hold', async () => {
    for (let index = 8; index < 600; index += 1) source.put(`doc${index}`, text(index, 5))
    const embedder = new AnsweringEmbedder(8)
    // Eight chunks a second.
    embedder.onEmbed = () => void (bench.now += 1_000)
    Object.assign(bench.settings, { batchSize: 1_000 })
    bench.events.length = 0
    await sync(embedder)
    const done = [...new Set(bench.events.flatMap((event) => (event.type === 'documents' ? [event.done] : [])))]
    const steps = done.slice(1).map((documents, at) => documents - (done[at] ?? 0))
    // Documents of about 600 characters. The first two batches are guesses; then 16,384 characters are the least.
    expect(steps.length).toBeGreaterThan(4)
    expect(Math.max(...steps.slice(2))).toBeLessThanOrEqual(35)
  })

  it('U4: shows in the progress as it comes, with totals as soon as they are known', async () => {
    const embedder = new AnsweringEmbedder(8)
    bench.events.length = 0
    await sync(embedder)
    const figures = bench.events.flatMap((event) => (event.type === 'documents' ? [event] : []))
    expect(figures.map(({ chunks }) => chunks.embedded)).toEqual(expect.arrayContaining([8, 16, 24, 32, 40]))
    expect(figures.some(({ inFlight }) => inFlight.embedding === 40)).toBe(true)
    expect(figures.at(-1)).toMatchObject({ done: 8, total: 8, chunks: { detected: 40, done: 40, embedded: 40, expected: 40 }, inFlight: { embedding: 0, reading: 0 } })
  })
})
