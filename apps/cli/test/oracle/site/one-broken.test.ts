import { generateSite, SiteSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exitCodeOfReport } from '../../../src/report/exit-code-of-report.ts'
import { siteBenchOptions } from './bench.ts'
import { cleanBuildOf, SyncBench } from '../sync-bench.ts'

vi.setConfig({ testTimeout: 60_000 })

const BROKEN = '/section-3/page-66.html'

let site: SiteSimulator
let bench: SyncBench

beforeEach(async () => {
  site = await SiteSimulator.start()
  bench = await SyncBench.open({ ...siteBenchOptions(site, undefined, { timeoutMs: 500 }), batchSize: 100, retryAttempts: 3 })
  // With their start page and the pages of their sections: 130.
  generateSite(site.world, 122)
})

afterEach(async () => {
  await bench.close()
  await site.close()
})

async function held(): Promise<ReadonlySet<string>> {
  return new Set((await bench.export()).map(({ payload }) => payload.document_id))
}

async function healthyRequests(): Promise<number> {
  await cleanBuildOf(siteBenchOptions(site))
  const { length } = site.seen
  site.resetCounters()
  return length
}

describe('one broken page never stops the rest', () => {
  it.each([
    ['answers 500', { kind: 'status', status: 500 }],
    ['never answers', { kind: 'delay', ms: Number.POSITIVE_INFINITY }],
  ] as const)('with 1 of 130 pages that %s, 129 are indexed, and the ledger names the one', async (_name, fault) => {
    expect(site.world.pages()).toHaveLength(130)
    const healthy = await healthyRequests()
    site.faults.stay(fault, { route: BROKEN })
    const report = await bench.sync()
    expect(site.seen.length).toBeLessThanOrEqual(1.5 * healthy + 20)
    expect([report.status, exitCodeOfReport(report)]).toEqual(['partial', 5])
    expect(report.totals.documents).toMatchObject({ added: 129, failed: 1, deleted: 0 })
    expect(report.totals.shortfalls['unanswered']).toEqual({ count: 1, example: site.url + BROKEN })
    expect((await bench.failures()).map(({ documentId }) => documentId)).toEqual([site.url + BROKEN])
    expect((await held()).size).toBe(129)

    site.faults.clear()
    site.resetCounters()
    const healed = await bench.sync()
    expect([healed.status, healed.totals.documents.added, await bench.failures()]).toEqual(['succeeded', 1, []])
    expect(await bench.export()).toEqual(await cleanBuildOf(siteBenchOptions(site)))
  })

  it.each([
    ['every answer is 503', { kind: 'status', status: 503 }, () => true],
    ['no connection is answered', { kind: 'drop' }, () => true],
    ['every page is 500, and robots.txt is served', { kind: 'status', status: 500 }, (path: string) => path !== '/robots.txt'],
  ] as const)('with the server down (%s) there are at most 30 requests, and nothing is deleted', async (_name, fault, path) => {
    expect((await bench.sync()).status).toBe('succeeded')
    const before = await bench.export()
    site.faults.stay(fault, { route: path })
    site.resetCounters()
    const report = await bench.sync()
    expect(site.seen.length).toBeLessThanOrEqual(30)
    expect([report.status, exitCodeOfReport(report)]).toEqual(['failed', 4])
    expect(await bench.export()).toEqual(before)
  })

  it('a server that goes down in the middle of a crawl is left alone after few requests', async () => {
    let down = false
    site.faults.stay({ kind: 'status', status: 503 }, { route: (path) => (down ||= path === '/section-2/page-40.html') })
    const report = await bench.sync()
    expect(exitCodeOfReport(report)).toBe(4)
    const first = site.seen.findIndex(({ status }) => status === 503)
    expect(site.seen.length - first).toBeLessThanOrEqual(30)
  })
})

describe('S1: a site that refuses most of itself', () => {
  it('S1: 39 of 40 pages answer 403: partial, exit 5, with the reason and an example', async () => {
    const pages = site.world.pages().map(({ path }) => path).slice(1, 40)
    for (const { path } of site.world.pages()) if (path !== '/') site.world.deletePage(path)
    for (const path of pages) site.world.createPage(path, { blocks: [{ kind: 'paragraph', text: `Text of ${path}.` }] })
    site.world.editPage('/', { links: pages })
    site.faults.stay({ kind: 'status', status: 403 }, { route: (path) => path.startsWith('/section-') })
    for (let run = 0; run < 2; run += 1) {
      const report = await bench.sync()
      expect([report.status, exitCodeOfReport(report), report.sources[0]?.error?.code]).toEqual(['partial', 5, 'public_docs_refused'])
      expect(report.sources[0]?.shortfalls).toEqual({ refused: { count: 39, example: site.url + pages[0] } })
      expect((await bench.status())[0]?.shortfalls).toEqual({ refused: { count: 39, example: site.url + pages[0] } })
    }
    site.faults.clear()
    expect((await bench.sync()).totals).toMatchObject({ documents: { added: 39 }, shortfalls: {} })
    expect((await bench.status())[0]?.shortfalls).toEqual({})
  })
})

describe('S12: a site that is made by scripts only', () => {
  it('S12: has no document that counts as added', async () => {
    const shell = '<!doctype html><title>App</title><div id="root"></div><script src="/app.js"></script>'
    site.handle('/section-0/', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(shell))
    const report = await bench.sync()
    const scripted = site.world.pages().filter(({ path }) => path.startsWith('/section-0/')).length
    expect(report.totals.shortfalls['scripts_only']?.count).toBe(1)
    expect(report.totals.documents.added).toBe(130 - scripted)
    expect(report.totals.skipped).toEqual({ 'scripts-only': 1 })
  })
})
