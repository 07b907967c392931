import connector from '@qdrant-loader/connector-confluence'
import type { SourceJob } from '@qdrant-loader/core/pipeline'
import { ConfluenceSimulator, generateConfluence } from '@qdrant-loader/simulators'
import { afterEach, describe, expect, it } from 'vitest'
import { type BenchSyncOptions, SyncBench } from '../sync-bench.ts'

// Counted at the simulated server, at the embedder and at the store, not by the report.

const PAGES = 5_000
const NOTHING = { embedded: 0, upserted: 0, payloads: 0, deleted: 0, bodies: 0 }
const LISTING: BenchSyncOptions = { fullListingIntervalMs: 0 }

let opened: { readonly server: ConfluenceSimulator; readonly bench: SyncBench } | undefined
afterEach(async () => {
  await opened?.bench.close()
  await opened?.server.close()
  opened = undefined
})

async function open(deployment: 'cloud' | 'datacenter', fill: (server: ConfluenceSimulator) => void) {
  const clock = { now: Date.UTC(2026, 4, 10, 12) }
  const server = await ConfluenceSimulator.start({ deployment, now: () => clock.now })
  fill(server)
  const bench = await SyncBench.open({
    plugin: connector as SourceJob['plugin'],
    config: () => ({
      base_url: server.url,
      deployment_type: deployment,
      space_key: 'DOCS',
      ...(deployment === 'cloud' ? { email: server.email } : {}),
      token: server.token,
    }),
    now: () => clock.now,
    batchSize: 250,
  })
  opened = { server, bench }
  /** Syncs, and tells what that took. */
  const sync = async (options: BenchSyncOptions = {}) => {
    clock.now += 60_000
    server.resetCounters()
    const report = await bench.sync(options)
    expect(report.status, JSON.stringify(report.sources[0]?.error)).toBe('succeeded')
    expect(server.violations).toEqual([])
    return { work: { ...bench.counts, bodies: server.bodiesServed }, requests: server.requestCount, report }
  }
  return { server, world: server.world, clock, sync }
}

describe.each(['cloud', 'datacenter'] as const)('%s: the work is proportional to the change', (deployment) => {
  it(`${PAGES} pages, unchanged: at most 2 requests, and the listing when it is due; one edited: one body`, { timeout: 180_000 }, async () => {
    const { sync, world, clock } = await open(deployment, (server) => generateConfluence(server.world, { pages: PAGES }))
    // Results of the last hour before a run are looked through by the next one, as the index may lag.
    clock.now += 2 * 3_600_000
    const first = await sync()
    expect(first.report.totals.documents.added).toBe(PAGES)
    expect(first.work.bodies).toBe(PAGES)

    // At once, while everything is within the overlap, and later, when nothing is.
    for (const pause of [0, 3 * 86_400_000]) {
      clock.now += pause
      const unchanged = await sync()
      expect(unchanged.work).toEqual(NOTHING)
      expect(unchanged.requests).toBeLessThanOrEqual(2)
    }

    const listed = await sync(LISTING)
    expect(listed.work).toEqual(NOTHING)
    expect(listed.requests).toBeGreaterThanOrEqual(20)
    expect(listed.requests).toBeLessThanOrEqual(100)

    const page = world.contents.values().find(({ title }) => title === 'Page 1234')
    world.edit(page?.id ?? '', `${page?.body}<p>One more paragraph, with words of its own.</p>`)
    const edited = await sync()
    expect(edited.work.bodies).toBe(1)
    expect(edited.work.embedded).toBeGreaterThanOrEqual(1)
    expect(edited.work.embedded).toBeLessThanOrEqual(2)
    expect(edited.report.totals.documents).toMatchObject({ added: 0, updated: 1, deleted: 0 })
    expect(edited.requests).toBeLessThanOrEqual(10)
  })

  it('an ancestor of 500 pages is renamed, then moved: nothing is embedded, 500 payloads are updated', { timeout: 60_000 }, async () => {
    const { sync, server, world } = await open(deployment, ({ world: made }) => {
      made.createSpace({ key: 'DOCS' })
      made.createPage({ space: 'DOCS', title: 'Top' })
      const top = made.contents.values().find(({ title }) => title === 'Top')?.id ?? ''
      const middle = Array.from({ length: 5 }, (_, number) => made.createPage({ space: 'DOCS', title: `Middle ${number}`, parent: top, body: `<p>middle ${number}</p>` }))
      for (let number = 0; number < 495; number += 1) {
        made.createPage({ space: 'DOCS', title: `Leaf ${number}`, parent: middle[number % 5]?.id ?? null, body: `<p>leaf ${number}</p>` })
      }
    })
    await sync()
    const top = world.contents.values().find(({ title }) => title === 'Top')?.id ?? ''
    world.rename(top, 'Renamed')
    const renamed = await sync(LISTING)
    expect(renamed.work).toMatchObject({ embedded: 0, upserted: 0, payloads: 500, deleted: 0 })
    expect(server.bodies.size).toBeLessThanOrEqual(1)

    world.movePage(top, { parent: null })
    expect((await sync(LISTING)).work).toEqual({ ...NOTHING, payloads: 500 })
    expect((await sync(LISTING)).work).toEqual(NOTHING)
  })

  it('labels, comments and attachments of a page read no body of it', async () => {
    const { sync, world } = await open(deployment, (server) => generateConfluence(server.world, { pages: 30 }))
    await sync()
    const { id } = world.contents.values().find(({ title }) => title === 'Page 7') ?? { id: '' }
    world.addComment(id, '<p>hm</p>')
    expect((await sync(LISTING)).work).toEqual(NOTHING)
    world.addAttachment(id, 'a.pdf')
    const attached = await sync(LISTING)
    expect(attached.work).toEqual({ ...NOTHING, payloads: attached.work.payloads })
    expect(attached.report.totals.documents).toMatchObject({ added: 0, updated: 1, deleted: 0 })
    world.setLabels(id, ['renamed'])
    expect((await sync(LISTING)).work).toMatchObject({ embedded: 0, upserted: 0, deleted: 0, bodies: 0 })
  })
})
