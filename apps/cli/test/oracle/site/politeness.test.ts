import connector from '@qdrant-loader/connector-public-docs'
import { bigBody, brokenHtml, calendar, endlessLinks, entityBomb, generateSite, gzipBomb, redirectChain, redirectTo, SiteSimulator } from '@qdrant-loader/simulators'
import type { SiteHandler, SiteSimulatorOptions } from '@qdrant-loader/simulators'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SyncBench } from '../sync-bench.ts'
import type { SyncBenchOptions } from '../sync-bench.ts'

// Measured at the server, with the real clock and the connector as it is shipped.

vi.setConfig({ testTimeout: 90_000 })

const open: AsyncDisposable[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]()
})

async function serve(options: SiteSimulatorOptions, config: Readonly<Record<string, unknown>>): Promise<{ site: SiteSimulator; bench: SyncBench }> {
  const site = await SiteSimulator.start(options)
  const bench = await SyncBench.open({
    plugin: connector as SyncBenchOptions['plugin'],
    // Reading a hostile page holds up this process, the server included. On a machine so busy that this outlasts the
    // time-out, what is under way fails. As shipped, it is tried again.
    retryAttempts: 2,
    config: () => ({ base_url: `${site.url}/`, allow_private_networks: true, requests_per_minute: 1_000_000, ...config }),
  })
  open.push(site, { [Symbol.asyncDispose]: () => bench.close() })
  return { site, bench }
}

/** Milliseconds between arrivals, smallest first. */
function gaps(site: SiteSimulator): readonly number[] {
  const times = site.seen.map(({ at }) => at)
  return times.slice(1).map((at, index) => at - (times[index] ?? 0)).sort((one, other) => one - other)
}

/** Middle of the sorted distances: single arrivals are early or late by what the network and the process take. */
function median(sorted: readonly number[]): number {
  return sorted[sorted.length >> 1] ?? 0
}

describe('a crawl is polite', () => {
  it('keeps the configured pace', async () => {
    const { site, bench } = await serve({}, { requests_per_minute: 3_000 })
    generateSite(site.world, 40)
    expect((await bench.sync()).status).toBe('succeeded')
    const [first, last] = [site.seen[0]?.at ?? 0, site.seen.at(-1)?.at ?? 0]
    // 20 ms from start to start, with what a timer is early at most.
    expect(last - first).toBeGreaterThanOrEqual((site.seen.length - 1) * 19)
    expect(median(gaps(site))).toBeGreaterThanOrEqual(18)
  })

  it("keeps the site's own Crawl-delay when it is slower", async () => {
    const { site, bench } = await serve({ robots: { crawlDelay: 0.05 } }, {})
    generateSite(site.world, 10)
    expect((await bench.sync()).status).toBe('succeeded')
    const paced = site.seen.slice(1)
    expect((paced.at(-1)?.at ?? 0) - (paced[0]?.at ?? 0)).toBeGreaterThanOrEqual((paced.length - 1) * 49)
  })

  it('has at most 8 requests under way, says who it is, and only reads', async () => {
    const { site, bench } = await serve({ latencyMs: 10 }, {})
    generateSite(site.world, 200)
    expect((await bench.sync()).status).toBe('succeeded')
    expect(site.mostAtOnce).toBeLessThanOrEqual(8)
    expect(site.mostAtOnce).toBeGreaterThan(1)
    expect(new Set(site.seen.map(({ method }) => method))).toEqual(new Set(['GET']))
    expect([...new Set(site.seen.map(({ headers }) => headers['user-agent']))]).toEqual([expect.stringMatching(/^qdrant-loader\b/i)])
    expect(site.seen.filter(({ headers }) => 'cookie' in headers || 'authorization' in headers)).toEqual([])
  })

  it('keeps out of what robots.txt forbids, and reads that file first', async () => {
    const { site, bench } = await serve({ robots: { disallow: ['/section-1/'] } }, {})
    generateSite(site.world, 60)
    expect((await bench.sync()).status).toBe('succeeded')
    expect(site.seen[0]?.path).toBe('/robots.txt')
    expect(site.seen.filter(({ path }) => path.startsWith('/section-1/'))).toEqual([])
    expect(new Set((await bench.export()).map(({ payload }) => payload.document_id)).size).toBe(1 + 2 + 40)
  })

  it('asks for no page twice in a run', async () => {
    const { site, bench } = await serve({ sitemap: 'index', lastmod: 'honest', robots: { sitemap: true } }, {})
    generateSite(site.world, 60)
    await bench.sync()
    expect(new Set(site.seen.map(({ path }) => path)).size).toBe(site.seen.length)
  })
})

describe('a hostile page does not stop the crawl of the others', () => {
  const MEGABYTE = 1_000_000
  it.each<[string, SiteHandler]>([
    ['a body of 100 MB', bigBody(100 * MEGABYTE)],
    ['a decompression bomb', gzipBomb(100 * MEGABYTE)],
    ['broken HTML', brokenHtml],
    ['redirects without end', redirectChain],
    ['a redirect to the metadata service', redirectTo('http://169.254.169.254/latest/meta-data/')],
    ['a redirect to a file', redirectTo('file:///etc/passwd', 301)],
    ['a redirect to itself', redirectTo('/hostile/0', 301)],
  ])('%s', async (_, handler) => {
    const { site, bench } = await serve({}, {})
    generateSite(site.world, 20)
    site.world.editPage('/', { links: ['/section-0/', '/hostile/0'] })
    site.handle('/hostile/', handler)
    const before = process.memoryUsage().rss
    const report = await bench.sync()
    expect(report.status).toMatch(/succeeded|partial/)
    const read = new Set((await bench.export()).map(({ payload }) => payload.document_id))
    for (const page of site.world.pages()) expect(read).toContain(site.url + (page.path === '/' ? '/' : page.path.replace(/\/$/, '')))
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MEGABYTE)
    expect(site.seen.length).toBeLessThan(60)
  })

  it.each<[string, SiteHandler]>([
    ['links without end', endlessLinks],
    ['a calendar without end', calendar],
  ])('%s stop at max_pages, and the pages near the start are read', async (_, handler) => {
    const { site, bench } = await serve({}, { max_pages: 60 })
    generateSite(site.world, 20)
    site.world.editPage('/', { links: ['/section-0/', '/trap/'] })
    site.handle('/trap/', handler)
    expect((await bench.sync()).status).toBe('succeeded')
    expect(site.seen.length).toBeLessThan(80)
    const read = new Set((await bench.export()).map(({ payload }) => payload.document_id))
    expect(read.size).toBeLessThanOrEqual(60)
    for (const page of site.world.pages()) expect(read).toContain(site.url + (page.path === '/' ? '/' : page.path.replace(/\/$/, '')))
  })

  it('a sitemap of entities that would expand to gigabytes', async () => {
    const { site, bench } = await serve({ robots: { text: 'User-agent: *\nSitemap: /bomb.xml\n' } }, {})
    generateSite(site.world, 20)
    site.handle('/bomb.xml', entityBomb)
    const report = await bench.sync()
    expect(report.status).toMatch(/succeeded|partial/)
    expect(new Set((await bench.export()).map(({ payload }) => payload.document_id)).size).toBe(22)
  })

  it('canonical links to files and other hosts are ignored', async () => {
    const { site, bench } = await serve({}, {})
    generateSite(site.world, 20)
    site.world.editPage('/section-0/page-1.html', { canonical: 'file:///build/out/page-1.html' })
    site.world.editPage('/section-0/page-2.html', { canonical: 'https://elsewhere.example.com/page-2' })
    expect((await bench.sync()).status).toBe('succeeded')
    expect(new Set((await bench.export()).map(({ payload }) => payload.document_id)).size).toBe(22)
  })
})
