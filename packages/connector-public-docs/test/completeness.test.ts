import { afterEach, describe, expect, it } from 'vitest'
import type { Change, Shortfall } from '@qdrant-loader/connector-sdk'
import type { PublicDocsCursor } from '@qdrant-loader/connector-public-docs'
import { DocsServer } from './docs-server.ts'
import { page, redirect, SiteHost } from './site-host.ts'

let site: SiteHost
afterEach(() => site.close())

const names = (count: number, prefix = 'p'): string[] => Array.from({ length: count }, (_, at) => `${prefix}${at}`)

function ending(changes: readonly Change<PublicDocsCursor>[]): Extract<Change<PublicDocsCursor>, { kind: 'complete' }> {
  const last = changes.at(-1)
  if (last?.kind !== 'complete') throw new Error('the detection did not end')
  return last
}

function shortfall(changes: readonly Change<PublicDocsCursor>[], reason: string): Shortfall | undefined {
  return ending(changes).shortfalls?.find((one) => one.reason === reason)
}

describe('S1: what a site refuses is said', () => {
  it.each([
    ['403', 'refused', { status: 403 }],
    ['401', 'refused', { status: 401 }],
    ['a login page', 'login_form', { body: '<form><input type=password></form>' }],
    ['a redirect to itself', 'redirect_loop', undefined],
    ['a cookie redirect', 'redirect_loop', redirect('?cookie=1', 302)],
    ['an encoding that was not asked for', 'bad_encoding', { headers: { 'content-encoding': 'zstd' }, body: 'x' }],
    ['a redirect to a consent page elsewhere', 'redirected_elsewhere', redirect('https://consent.example.com/', 302)],
  ])('S1: 39 of 40 pages answer with %s', async (_name, reason, answer) => {
    site = await SiteHost.start()
    const pages = names(39)
    site.serve({ '': page('home', pages) })
    for (const name of pages) {
      const looping = (from: string) => redirect(from, 302)
      site.serve({ [name]: answer ?? looping(`/docs/${name}`), [`${name}?cookie=1`]: looping(`/docs/${name}`), '?cookie=1': redirect('/docs/', 302) })
    }
    const changes = await site.look()
    const { unreadable, listing } = ending(changes)
    expect(shortfall(changes, reason)).toEqual({ reason, count: 39, example: `${site.server.origin}/docs/p0` })
    expect(unreadable).toMatchObject([{ code: 'public_docs_refused', kind: 'document' }])
    expect(unreadable?.[0]?.message).toContain('39 of 40')
    expect(listing).toBe('changes')
    expect(changes.filter(({ kind }) => kind === 'delete')).toEqual([])
  })

  it('S1: a few refused pages are counted, and the run is sound', async () => {
    site = await SiteHost.start()
    site.serve({ '': page('home', [...names(30), 'admin']), ...Object.fromEntries(names(30).map((name) => [name, page(name)])), admin: { status: 403 } })
    const changes = await site.look()
    expect(ending(changes).unreadable).toEqual([])
    expect(shortfall(changes, 'refused')).toEqual({ reason: 'refused', count: 1, example: `${site.server.origin}/docs/admin` })
  })

  it('S1: pages that were read before and are refused now are kept, and said', async () => {
    site = await SiteHost.start()
    site.serve({ '': page('home', names(10)), ...Object.fromEntries(names(10).map((name) => [name, page(name)])) })
    await site.host.sync()
    for (const name of names(9)) site.serve({ [name]: { status: 403 } })
    const changes = await site.look()
    expect(ending(changes).unreadable).toMatchObject([{ code: 'public_docs_refused' }])
    expect(changes.filter(({ kind }) => kind === 'delete')).toEqual([])
  })
})

describe('S2: redirects end', () => {
  const chain = (status: number) => (request: { url?: string | undefined }) => redirect(`/docs/r${Number(/\d+/.exec(request.url ?? '')?.[0] ?? 0) + 1}`, status)

  it.each([301, 308, 302])('S2: an endless chain of %d is followed for 10 hops', async (status) => {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['r0', 'a']), a: page('alpha') })
    for (let at = 0; at < 200; at++) site.server.answers.set(`/docs/r${at}`, chain(status))
    for (let run = 0; run < 2; run++) {
      const changes = await site.look()
      expect(site.server.taken().filter((path) => path.startsWith('/docs/r'))).toHaveLength(11)
      expect(shortfall(changes, 'redirect_loop')?.count).toBe(1)
      await site.host.sync()
      site.server.taken()
    }
    expect(site.held).toEqual(['', 'a'])
  })

  it.each([
    ['permanent redirects', (at: number) => redirect(`/docs/t${at}/next`)],
    ['dead links', () => ({ status: 404 })],
    ['pages', (at: number) => page(`trap ${at}`, [`t${at * 2 + 1}`, `t${at * 2 + 2}`].map((name) => `/docs/${name}`))],
    ['refusals', () => ({ status: 403 })],
  ])('S2: max_pages bounds the requests for endless %s, again in each run', async (_name, answer) => {
    site = await SiteHost.start({ max_pages: 10 })
    site.serve({ '': page('home', names(500, 't')) })
    for (let at = 0; at < 500; at++) site.serve({ [`t${at}`]: answer(at), [`t${at}/next`]: redirect(`/docs/t${at}/next/next`), [`t${at}/next/next`]: page(`end ${at}`) })
    for (let run = 0; run < 3; run++) {
      const changes = await site.look()
      expect(site.server.taken().length).toBeLessThanOrEqual(10 * 1.2 + 50)
      expect(shortfall(changes, 'max_pages')?.count).toBeGreaterThan(100)
      await site.host.sync()
      site.server.taken()
    }
  })

  it('S2: a limit that was lowered does not ask for what is beyond it', async () => {
    site = await SiteHost.start({ max_pages: 10 })
    const wide = await SiteHost.start({ base_url: `${site.server.origin}/docs/` })
    site.serve({ '': page('home', names(90)), ...Object.fromEntries(names(90).map((name) => [name, page(name)])) })
    await wide.host.sync()
    for (const [id, held] of wide.host.documents) (site.host.documents as Map<string, typeof held>).set(id, held)
    await wide.close()
    site.server.taken()
    await site.host.sync({ mode: 'full' })
    expect(site.server.taken().length).toBeLessThanOrEqual(10 * 1.2 + 50)
    expect(site.held.length).toBe(10)
  })
})

describe('S11: sitemaps', () => {
  const urlset = (urls: readonly string[]) => ({ headers: { 'content-type': 'application/xml' }, body: `<urlset>${urls.map((url) => `<url><loc>${url}</loc></url>`).join('')}</urlset>` })
  const robots = (url: string) => ({ headers: { 'content-type': 'text/plain' }, body: `Sitemap: ${url}` })

  it('S11: one of 50,000 addresses that max_pages cuts is said', async () => {
    site = await SiteHost.start({ max_pages: 20 })
    site.server.answers.set('/sitemap.xml', urlset(names(50_000).map((name) => `${site.server.origin}/docs/${name}`)))
    site.serve({ '': page('home'), ...Object.fromEntries(names(60).map((name) => [name, page(name)])) })
    const changes = await site.look()
    expect(site.server.taken().length).toBeLessThanOrEqual(20 * 1.2 + 50)
    expect(shortfall(changes, 'sitemap_cut')).toEqual({ reason: 'sitemap_cut', count: 49_980, example: `${site.server.origin}/docs/p20` })
  })

  it('S11: one on another host that robots.txt names may list pages of this host', async () => {
    site = await SiteHost.start()
    const other = await DocsServer.start()
    try {
      other.answers.set('/map.xml', urlset([`${site.server.origin}/docs/a`, `${other.origin}/docs/b`]))
      site.server.answers.set('/robots.txt', robots(`${other.origin}/map.xml`))
      site.serve({ '': page('home'), a: page('alpha') })
      await site.host.sync()
      expect(site.held).toEqual(['', 'a'])
      expect(other.taken()).toEqual(['/map.xml'])
    } finally {
      await other.close()
    }
  })

  it('S11: one on another host that is down is said, and /sitemap.xml is tried', async () => {
    site = await SiteHost.start()
    const gone = await DocsServer.start()
    await gone.close()
    site.server.answers.set('/robots.txt', robots(`${gone.origin}/map.xml`))
    site.server.answers.set('/sitemap.xml', urlset([`${site.server.origin}/docs/a`]))
    site.serve({ '': page('home'), a: page('alpha') })
    const changes = await site.look()
    expect(shortfall(changes, 'sitemap_unread')).toMatchObject({ count: 1, example: `${gone.origin}/map.xml` })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a'])
  })
})

describe('S12: pages made by scripts only', () => {
  it.each([
    ['an empty root', '<div id="root"></div><script src="/app.js"></script>'],
    ['a request for JavaScript', '<noscript>You need to enable JavaScript to run this app.</noscript><div></div><script type="module" src="/app.js"></script>'],
    ['a sign of waiting', '<div id="x"><p>Loading…</p></div><script>start()</script>'],
    ['an element of its own', '<app-root></app-root><script src="main.js"></script>'],
  ])('S12: %s is no text, and is said', async (_name, body) => {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['a', 'b']), a: page('alpha'), b: { body: `<!doctype html><title>App</title><body>${body}`, headers: { etag: '"b"' } } })
    for (let run = 0; run < 2; run++) {
      const changes = await site.look()
      expect(shortfall(changes, 'scripts_only')).toEqual({ reason: 'scripts_only', count: 1, example: `${site.server.origin}/docs/b` })
      await site.host.sync()
    }
    expect(site.held).toEqual(['', 'a'])
  })

  it('S12: a page that is only short, or empty by itself, is not one of them', async () => {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['short', 'empty']), short: { body: '<main id="app"><p>Loading dock rules apply.</p><p>See them.</p></main><script>x()</script>' }, empty: { body: '<p></p>' } })
    const changes = await site.look()
    expect(ending(changes).shortfalls?.map(({ reason }) => reason)).toEqual(['empty'])
    await site.host.sync()
    expect(site.held).toEqual(['', 'short'])
  })
})

describe('S13: dead links', () => {
  const dead = names(40, 'dead')

  async function start(): Promise<void> {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['a', ...dead]), a: page('alpha') })
    await site.host.sync()
    site.server.taken()
  }

  const askedDead = (): string[] => site.server.taken().filter((path) => path.startsWith('/docs/dead'))

  it('S13: are remembered, asked for again rarely, and said in each run', async () => {
    await start()
    const changes = await site.look()
    expect(askedDead()).toEqual([])
    expect(shortfall(changes, 'dead_link')).toEqual({ reason: 'dead_link', count: 40, example: `${site.server.origin}/docs/dead0` })
    const asked: number[] = []
    for (let day = 1; day <= 30; day++) {
      site.now += 86_400_000
      await site.host.sync()
      if (askedDead().length > 0) asked.push(day)
    }
    expect(asked).toEqual([1, 3, 7, 15])
  })

  it('S13: one that comes to life is found when it is asked for, in a full run, and when a page that links to it changes', async () => {
    await start()
    site.serve({ dead7: page('alive') })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a'])
    site.serve({ a: page('alpha, edited', ['dead7']) })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a', 'dead7'])
    site.serve({ dead8: page('alive') })
    await site.host.sync({ mode: 'full' })
    expect(site.held).toEqual(['', 'a', 'dead7', 'dead8'])
    site.serve({ dead9: page('alive') })
    site.now += 31 * 86_400_000
    await site.host.sync()
    expect(site.held).toEqual(['', 'a', 'dead7', 'dead8', 'dead9'])
  })

  it('S13: another spelling of a dead link is asked for', async () => {
    await start()
    site.serve({ a: page('alpha'), 'dead3/': page('alive') })
    site.serve({ '': page('home', ['a', ...dead, 'dead3/']) })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a', 'dead3'])
  })
})
