import { expect, test } from 'vitest'
import { generateSite, SiteSimulator } from './index.ts'
import type { SiteSimulatorOptions } from './index.ts'
import { run } from './run.ts'

const PAGE = '/section-0/page-3.html'

async function site(options: SiteSimulatorOptions): Promise<{ sim: SiteSimulator; get: (path: string) => Promise<Response> } & AsyncDisposable> {
  const sim = await SiteSimulator.start(options)
  generateSite(sim.world, 40)
  return { sim, get: (path) => fetch(sim.url + path, { redirect: 'manual' }), [Symbol.asyncDispose]: () => sim.close() }
}

test.each([
  ['403', 403, null],
  ['401', 401, null],
  ['loop', 302, PAGE],
  ['cookie', 302, `${PAGE}?cookie=1`],
  ['elsewhere', 302, 'https://consent.example.com/'],
] as const)('S1: refuse: %s', async (refuse, status, location) => {
  await using its = await site({ refuse })
  const answer = await its.get(PAGE)
  expect([answer.status, answer.headers.get('location')?.startsWith(location ?? '') ?? null]).toEqual([status, location === null ? null : true])
  expect((await its.get('/')).status).toBe(200)
})

test('S1: refuseShare is the share of the pages that is refused, the same ones each time', async () => {
  await using its = await site({ refuse: '403', refuseShare: 0.5 })
  const statuses = async () => Promise.all(its.sim.world.pages().map(async ({ path }) => (await its.get(path)).status))
  const first = await statuses()
  expect(await statuses()).toEqual(first)
  expect(first.filter((status) => status === 403).length).toBeGreaterThan(5)
  expect(first.filter((status) => status === 200).length).toBeGreaterThan(5)
})

test('S2: redirects without an end, and in a circle', async () => {
  await using its = await site({ redirects: 'endless' })
  expect((await its.get('/endless/41')).headers.get('location')).toBe('/endless/42')
  its.sim.behaviour.redirects = 'circle'
  expect((await its.get('/circle/2')).headers.get('location')).toBe('/circle/0')
  expect(await (await its.get('/')).text()).toContain('href="/circle/0"')
})

test('S3 to S5, S10: markup with words for furniture, and with numbers', async () => {
  await using its = await site({ markup: 'furniture' })
  expect(await (await its.get(PAGE)).text()).toMatch(/<section id="cookies"><h2>[^]*<div class="sidebar"><p class="title">[^]*<button/)
  its.sim.behaviour.markup = 'numbered'
  expect(await (await its.get(PAGE)).text()).toMatch(/<title>3\. Page 3 — [^]*<h1>3\. Page 3</)
})

test.each([
  ['markdown', '/section-0/page-3.md', 'text/markdown'],
  ['sources', '/_sources/section-0/page-3.rst.txt', 'text/plain'],
  ['bare', '/section-0/page-3', 'text/html'],
  ['print', `${PAGE}?print=1`, 'text/html'],
  ['llms', '/llms.txt', 'text/plain'],
] as const)('S6: twins: %s', async (twins, path, type) => {
  await using its = await site({ twins })
  expect(await (await its.get(twins === 'llms' ? '/' : PAGE)).text()).toContain(`href="${path}"`)
  expect((await its.get(path)).headers.get('content-type')).toContain(type)
  its.sim.behaviour.twins = 'none'
  expect((await its.get(path)).status).toBe(twins === 'print' ? 200 : 404)
})

test('S11 to S14: sitemaps, scripts, dead links, and who is let in', async () => {
  await using its = await site({ sitemap: 'huge', robots: { sitemap: true }, scripts: true, deadLinks: 3 })
  expect((await (await its.get('/sitemap.xml')).text()).match(/<loc>/g)?.length).toBeGreaterThan(50_000)
  its.sim.behaviour.sitemap = 'elsewhere'
  expect(await (await its.get('/robots.txt')).text()).toMatch(/Sitemap: http:\/\/localhost:\d+\/sitemap\.xml/)
  expect(await (await its.get(PAGE)).text()).toMatch(/<div id="root"><\/div>[^]*<script/)
  expect(await (await its.get('/')).text()).toContain('href="/dead/2.html"')
  expect((await its.get('/dead/2.html')).status).toBe(404)
  its.sim.guard = ({ headers }) => headers.authorization === 'Bearer x'
  expect((await its.get('/')).status).toBe(401)
})

test('pnpm sim site takes each behaviour as a flag', async () => {
  const words = '--port 0 --pages 5 --sitemap plain --refuse 403 --refuse-share 0.9 --redirects endless --twins markdown --dead-links 4 --scripts --markup furniture --bearer t0k'
  const running = await run(words.split(' '))
  expect(running.configuration).toContain('auth: { token: "t0k" }')
  await running.server.close()
  for (const wrong of ['--refuse 500', '--twins x', '--dead-links many', '--markup x']) await expect(run(wrong.split(' '))).rejects.toThrow(/--[\w-]+ (?:is|needs) /)
})
