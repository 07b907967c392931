import { generateSite, SiteSimulator } from '@qdrant-loader/simulators'
import type { SeenRequest } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { siteBenchOptions } from './bench.ts'
import { cleanBuildOf, SyncBench } from '../sync-bench.ts'

// Counted at the server, the embedder and the store themselves, not by the report.

vi.setConfig({ testTimeout: 90_000 })

const NOTHING = { embedded: 0, upserted: 0, payloads: 0, deleted: 0 }
const HOUR = 3_600_000

let site: SiteSimulator
let bench: SyncBench
let clock: { now: number }

beforeEach(async () => {
  clock = { now: Date.parse('2026-03-01T12:00:00Z') }
  site = await SiteSimulator.start({ now: () => clock.now, churn: 'build' })
  bench = await SyncBench.open({ ...siteBenchOptions(site, undefined, { timeoutMs: 2_000, retries: 1 }), batchSize: 100 })
})

afterEach(async () => {
  await bench.close()
  await site.close()
})

async function sync(): Promise<void> {
  clock.now += HOUR
  site.resetCounters()
  const report = await bench.sync()
  expect(report.status, JSON.stringify(report.sources[0]?.error)).toBe('succeeded')
}

/** Requests for pages of the world, as opposed to robots.txt, sitemaps and the path that is known to be missing. */
function pageRequests(): readonly SeenRequest[] {
  return site.seen.filter(({ path }) => site.world.at(path) !== undefined)
}

describe('an unchanged run over 1,000 pages', () => {
  it('asks once for each page with its validator, reads no body and embeds nothing; without validators it reads bodies', { timeout: 180_000 }, async () => {
    generateSite(site.world, 1_000)
    await sync()
    const pages = site.world.pages().length
    expect(new Set((await bench.export()).map(({ payload }) => payload.document_id)).size).toBe(pages)

    await sync()
    const asked = pageRequests()
    expect([asked.length, new Set(asked.map(({ path }) => path)).size]).toEqual([pages, pages])
    expect(asked.filter(({ conditional, status, bytes }) => !conditional || status !== 304 || bytes > 0)).toEqual([])
    // robots.txt and the like.
    expect(site.seen.length - pages).toBeLessThanOrEqual(4)
    expect({ ...bench.counts }).toEqual(NOTHING)

    Object.assign(site.behaviour, { etag: 'off', lastModified: 'off' })
    site.world.rebuild()
    await sync()
    expect(pageRequests().filter(({ status }) => status === 200)).toHaveLength(pages)
    expect({ ...bench.counts }).toEqual(NOTHING)
  })
})

describe('a rebuilt site', () => {
  it.each(['build', 'request'] as const)('with churn in its navigation at each %s embeds nothing', async (churn) => {
    Object.assign(site.behaviour, { churn })
    generateSite(site.world, 60)
    await sync()
    site.world.rebuild()
    await sync()
    expect(site.bodiesSent).toBeGreaterThan(60)
    expect({ ...bench.counts }).toEqual(NOTHING)
  })

  it('embeds one page when one page changed in its text', async () => {
    generateSite(site.world, 60)
    await sync()
    site.world.rebuild()
    const [first, ...rest] = site.world.page('/section-1/page-25.html').blocks
    if (first === undefined) throw new Error('a page without text')
    site.world.editPage('/section-1/page-25.html', { blocks: [{ kind: 'paragraph', text: 'This page now begins in another way.' }, ...rest] })
    await sync()
    expect(bench.counts.embedded).toBeLessThanOrEqual(2)
    expect(await bench.export()).toEqual(await cleanBuildOf(siteBenchOptions(site)))
  })
})

describe('where lastmod is trusted', () => {
  it('an unchanged run asks for a few pages only, and a change is still seen', async () => {
    Object.assign(site.behaviour, { sitemap: 'plain', lastmod: 'honest', robots: { sitemap: true } })
    generateSite(site.world, 200)
    await sync()
    const edit = (number: number, text: string) =>
      site.world.editPage(`/section-${Math.floor(number / 20)}/page-${number}.html`, { blocks: [{ kind: 'paragraph', text }] })
    for (let round = 0; round < 3; round += 1) {
      clock.now += HOUR
      for (let number = round * 10; number < round * 10 + 10; number += 1) edit(number, `Another text for page ${number}, in round ${round}.`)
      await sync()
    }
    await sync()
    expect(pageRequests().length).toBeLessThan(50)
    expect({ ...bench.counts }).toEqual(NOTHING)
    clock.now += HOUR
    edit(150, 'This one was changed at last.')
    await sync()
    expect(bench.counts.embedded).toBe(1)
    expect(await bench.export()).toEqual(await cleanBuildOf(siteBenchOptions(site)))
  })

  it('is never trusted when pages change under the same lastmod', async () => {
    Object.assign(site.behaviour, { sitemap: 'plain', lastmod: 'stale', robots: { sitemap: true } })
    generateSite(site.world, 40)
    await sync()
    for (let round = 0; round < 3; round += 1) {
      clock.now += HOUR
      site.world.editPage('/section-0/page-3.html', { blocks: [{ kind: 'paragraph', text: `Text of round ${round}.` }] })
      await sync()
      expect(bench.counts.embedded).toBe(1)
    }
  })
})

describe('a page that moves', () => {
  it.each([301, 308] as const)('with %i keeps its vectors', async (status) => {
    generateSite(site.world, 40)
    await sync()
    clock.now += HOUR
    site.world.movePage('/section-0/page-3.html', '/section-1/moved.html', status)
    site.world.relink('/section-0/page-3.html', '/section-1/moved.html')
    const report = await bench.sync()
    expect(report.totals.documents).toMatchObject({ moved: 1, deleted: 0, added: 0 })
    expect(bench.counts.embedded).toBe(0)
    expect(await bench.export()).toEqual(await cleanBuildOf(siteBenchOptions(site)))
  })

  it('by its canonical link keeps its vectors', async () => {
    generateSite(site.world, 40)
    await sync()
    clock.now += HOUR
    const page = site.world.page('/section-0/page-3.html')
    site.world.createPage('/section-0/lasting.html', { ...page, links: [] })
    site.world.editPage(page.path, { canonical: '/section-0/lasting.html' })
    await sync()
    expect(bench.counts.embedded).toBe(0)
    expect(await bench.export()).toEqual(await cleanBuildOf(siteBenchOptions(site)))
  })
})

describe('a page that goes', () => {
  async function held(path: string): Promise<boolean> {
    return (await bench.export()).some(({ payload }) => payload.document_id === site.url + path)
  }
  const PATH = '/section-0/page-3.html'

  beforeEach(async () => {
    generateSite(site.world, 40)
    await sync()
  })

  it('with 410 goes at once', async () => {
    site.world.deletePage(PATH, 410)
    await sync()
    expect(await held(PATH)).toBe(false)
  })

  it('with 404 and still linked goes with the second run', async () => {
    site.world.deletePage(PATH)
    await sync()
    expect(await held(PATH)).toBe(true)
    await sync()
    expect(await held(PATH)).toBe(false)
  })

  it('with 404 and no longer linked goes at once', async () => {
    site.world.deletePage(PATH)
    for (const page of site.world.pages()) site.world.editPage(page.path, { links: page.links.filter((link) => link !== PATH) })
    await sync()
    expect(await held(PATH)).toBe(false)
  })

  it('behind a soft 404 goes with the second run', async () => {
    site.behaviour.softNotFound = true
    site.world.deletePage(PATH)
    await sync()
    await sync()
    expect(await held(PATH)).toBe(false)
  })

  it.each([
    ['401', { kind: 'status', status: 401 }],
    ['403', { kind: 'status', status: 403 }],
    ['429', { kind: 'status', status: 429, retryAfter: '1' }],
    ['500', { kind: 'status', status: 500 }],
    ['503', { kind: 'status', status: 503 }],
    ['a login page', { kind: 'login-page' }],
    ['silence', { kind: 'delay', ms: Number.POSITIVE_INFINITY }],
    ['silence after the first bytes', { kind: 'stall' }],
    ['a cut connection', { kind: 'drop' }],
    ['a cut body', { kind: 'truncate', how: 'length' }],
    ['a cut chunk', { kind: 'truncate', how: 'chunked' }],
  ] as const)('for %s goes never, and the run says that it failed', async (_, fault) => {
    // What was not changed is answered with 304, which has no body to cut.
    Object.assign(site.behaviour, { etag: 'off', lastModified: 'off' })
    site.faults.stay(fault, { route: PATH })
    for (let run = 0; run < 3; run += 1) {
      const report = await bench.sync()
      expect(report.status).toBe('partial')
      expect(report.totals.documents).toMatchObject({ failed: 1, deleted: 0 })
    }
    expect(await held(PATH)).toBe(true)
    site.faults.clear()
    await sync()
    expect(await bench.export()).toEqual(await cleanBuildOf(siteBenchOptions(site)))
  })

  it.each([
    ['every answer is 503', { kind: 'status', status: 503 }],
    ['every answer is a login page', { kind: 'login-page' }],
    ['nothing answers', { kind: 'drop' }],
    ['everything is forbidden', { kind: 'status', status: 403 }],
  ] as const)('when %s goes never', async (_, fault) => {
    const before = await bench.export()
    site.faults.stay(fault)
    for (let run = 0; run < 3; run += 1) expect((await bench.sync()).status).toMatch(/failed|partial/)
    expect(await bench.export()).toEqual(before)
  })
})
