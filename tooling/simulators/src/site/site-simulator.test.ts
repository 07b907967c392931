import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { generateSite, SiteSimulator } from './index.ts'
import type { SiteSimulatorOptions } from './index.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')

async function site(options: SiteSimulatorOptions = {}): Promise<{ sim: SiteSimulator; time: { now: number }; get: (path: string, headers?: Record<string, string>) => Promise<Response> } & AsyncDisposable> {
  const time = { now: NOON }
  const sim = await SiteSimulator.start({ now: () => time.now, ...options })
  sim.world.createPage('/', { title: 'Start', blocks: [{ kind: 'paragraph', text: 'Hello & welcome.' }], links: ['/a'] })
  sim.world.createPage('/a', { title: 'A', blocks: [{ kind: 'paragraph', text: 'Text.' }] })
  const get = (path: string, headers: Record<string, string> = {}) => fetch(sim.url + path, { redirect: 'manual', headers })
  return { sim, time, get, [Symbol.asyncDispose]: () => sim.close() }
}

describe('pages', () => {
  test('hold their content, navigation and footer', async () => {
    await using its = await site()
    const html = await (await its.get('/')).text()
    expect(html).toContain('<p>Hello &amp; welcome.</p>')
    expect(html).toContain('<a href="/a">')
    expect(html).toContain('Build 1 of the site')
  })

  test.each([
    ['windows-1252', 'header', Buffer.from('Größe', 'latin1')],
    ['utf-16le', 'mark', Buffer.from('Größe', 'utf16le')],
    ['utf-8', 'meta', Buffer.from('Größe')],
  ] as const)('come as %s, said in the %s', async (charset, charsetIn, expected) => {
    await using its = await site()
    its.sim.world.createPage('/b', { charset, charsetIn, blocks: [{ kind: 'paragraph', text: 'Größe' }] })
    const answer = await its.get('/b')
    expect(Buffer.from(await answer.arrayBuffer()).includes(expected)).toBe(true)
    expect(answer.headers.get('content-type')).toBe(charsetIn === 'header' ? `text/html; charset=${charset}` : 'text/html')
  })

  test('move, go and come back', async () => {
    await using its = await site()
    its.sim.world.movePage('/a', '/b', 301)
    const moved = await its.get('/a')
    expect([moved.status, moved.headers.get('location'), (await its.get('/b')).status]).toEqual([301, '/b', 200])
    its.sim.world.deletePage('/b', 410)
    expect((await its.get('/b')).status).toBe(410)
    its.sim.world.deletePage('/b')
    expect((await its.get('/b')).status).toBe(404)
    its.sim.behaviour.softNotFound = true
    const soft = await its.get('/b')
    expect([soft.status, await soft.text()]).toEqual([200, expect.stringContaining('Page not found')])
  })
})

describe('validators', () => {
  test.each([
    [{ etag: 'strong', lastModified: 'off' }, 'if-none-match', 'etag'],
    [{ etag: 'weak', lastModified: 'off' }, 'if-none-match', 'etag'],
    [{ etag: 'off', lastModified: 'on' }, 'if-modified-since', 'last-modified'],
    [{ etag: 'off', lastModified: 'zone' }, 'if-modified-since', 'last-modified'],
  ] as const)('%j: 304 until the page is edited', async (behaviour, condition, name) => {
    await using its = await site(behaviour)
    const value = (await its.get('/a')).headers.get(name) ?? ''
    expect((await its.get('/a', { [condition]: value })).status).toBe(304)
    its.time.now += 60_000
    its.sim.world.editPage('/a', { blocks: [{ kind: 'paragraph', text: 'Other text.' }] })
    expect((await its.get('/a', { [condition]: value })).status).toBe(200)
    expect([its.sim.bodiesSent, its.sim.notModified]).toEqual([2, 1])
  })

  test('a date in another zone is the same time', async () => {
    await using its = await site({ lastModified: 'zone' })
    const value = (await its.get('/a')).headers.get('last-modified') ?? ''
    expect(value).toBe('Sun, 01 Mar 2026 14:00:00 +0200')
    expect(Date.parse(value)).toBe(NOON)
  })

  test('churn changes bytes and strong tags, not the content', async () => {
    await using its = await site({ churn: 'request' })
    const [one, two] = await Promise.all([its.get('/a'), its.get('/a')])
    expect(one.headers.get('etag')).not.toBe(two.headers.get('etag'))
    its.sim.behaviour.churn = 'build'
    const before = (await its.get('/a')).headers
    its.time.now += 5000
    its.sim.world.rebuild()
    const after = (await its.get('/a')).headers
    expect([before.get('etag') === after.get('etag'), before.get('last-modified') === after.get('last-modified')]).toEqual([false, false])
  })
})

describe('sitemaps and robots.txt', () => {
  test('name the listed pages with their times', async () => {
    await using its = await site({ sitemap: 'gzip', lastmod: 'day', robots: { sitemap: true, disallow: ['/x'], crawlDelay: 2 } })
    expect(await (await its.get('/robots.txt')).text()).toMatch(/Disallow: \/x\nCrawl-delay: 2\n\nSitemap: http.*\/sitemap\.xml/)
    expect(await (await its.get('/sitemap.xml')).text()).toContain('/sitemap.xml.gz</loc>')
    const file = gunzipSync(Buffer.from(await (await its.get('/sitemap.xml.gz')).arrayBuffer())).toString()
    expect(file).toContain(`<url><loc>${its.sim.url}/a</loc><lastmod>2026-03-01</lastmod></url>`)
  })
})

describe('faults', () => {
  test('happen to their path as often as they should', async () => {
    await using its = await site()
    its.sim.faults.add({ kind: 'status', status: 429, retryAfter: '7' }, { route: '/a' })
    its.sim.faults.add({ kind: 'login-page' }, { route: '/a' })
    const limited = await its.get('/a')
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7'])
    expect(await (await its.get('/a')).text()).toContain('type="password"')
    expect((await its.get('/a')).status).toBe(200)
  })

  test.each(['length', 'chunked'] as const)('a body cut as %s is seen to be cut', async (how) => {
    await using its = await site()
    its.sim.faults.add({ kind: 'truncate', how }, { route: '/a' })
    await expect(its.get('/a').then((answer) => answer.text())).rejects.toThrow()
  })

  test('a silent cut is not', async () => {
    await using its = await site()
    const whole = await (await its.get('/a')).text()
    its.sim.faults.add({ kind: 'truncate', how: 'silent' }, { route: '/a' })
    expect(whole.startsWith(await (await its.get('/a')).text())).toBe(true)
  })
})

test('every request is on record, with how many were under way', async () => {
  await using its = await site()
  await Promise.all(['/', '/a', '/nothing?x=1'].map((path) => its.get(path, { 'user-agent': 'reader/1' })))
  expect(its.sim.seen.map(({ path, status, headers }) => [path, status, headers['user-agent']])).toEqual(
    expect.arrayContaining([
      ['/', 200, 'reader/1'],
      ['/a', 200, 'reader/1'],
      ['/nothing?x=1', 404, 'reader/1'],
    ]),
  )
  expect(its.sim.mostAtOnce).toBeLessThanOrEqual(3)
})

test('a generated manual is linked from its start page', async () => {
  await using its = await site()
  generateSite(its.sim.world, 45)
  const seen = new Set<string>()
  const queue = ['/']
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    queue.push(...its.sim.world.page(path).links)
  }
  expect(seen.size).toBe(1 + 3 + 45)
})
