import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPublicDocsConnector } from '@qdrant-loader/connector-public-docs'
import { afterEach, describe, expect, it } from 'vitest'
import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { page, redirect, SiteHost, told } from './site-host.ts'

let site: SiteHost
afterEach(() => site.close())

describe('what is read', () => {
  it('is HTML with what its head says, Markdown and plain text', async () => {
    site = await SiteHost.start()
    site.serve({
      '': page('home', ['html', 'notes.md', 'llms.txt', 'plain.txt']),
      html: page('HTML', [], { head: '<meta name="description" content="About it."><meta property="article:modified_time" content="2026-02-03T04:05:06+02:00">' }),
      'notes.md': { headers: { 'content-type': 'text/markdown' }, body: '# Notes\n\nSee [more](more) and [a picture](x.png).\n' },
      more: page('more'),
      'llms.txt': { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '# The manual\n\n- [html](/docs/html)\n' },
      'plain.txt': { headers: { 'content-type': 'text/plain; charset=iso-8859-1' }, body: Buffer.from('Caf\u00e9\n', 'latin1') },
    })
    await site.host.sync()
    // The index for language models is a form of the site.
    expect(site.held).toEqual(['', 'html', 'more', 'notes.md', 'plain.txt'])
    const of = (path: string) => site.host.documents.get(site.id(path))
    expect(of('html')?.document).toMatchObject({ format: 'markdown', title: 'HTML', language: 'en', metadata: { description: 'About it.' } })
    expect(of('html')?.stub.updatedAt).toBe('2026-02-03T02:05:06.000Z')
    expect(of('plain.txt')?.document).toMatchObject({ format: 'text', text: 'Café\n' })
    expect(site.server.taken()).not.toContain('/docs/x.png')
  })

  it('is recorded without text when there is nothing to index, and its links are followed', async () => {
    site = await SiteHost.start({}, {})
    site.serve({
      '': page('home', ['noindex', 'header', 'empty', 'data', 'nofollow', 'large']),
      noindex: page('hidden', ['behind'], { head: '<meta name="robots" content="noindex">' }),
      header: page('hidden too', [], { headers: { 'x-robots-tag': 'noindex, nofollow' } }),
      empty: page(''),
      data: { headers: { 'content-type': 'application/pdf' }, body: '%PDF' },
      nofollow: page('nofollow', ['not-behind'], { head: '<meta name="robots" content="nofollow">' }),
      large: { headers: { 'content-length': '100000000' } },
      behind: page('behind'),
      'not-behind': page('not behind'),
    })
    await site.host.sync()
    expect(site.held).toEqual(['', 'behind', 'nofollow'])
    const skipped = [...site.host.documents].flatMap(([id, { document }]) => (document.skipped === undefined ? [] : [[site.path(id), document.skipped]]))
    expect(Object.fromEntries(skipped)).toEqual({ noindex: 'noindex', header: 'noindex', empty: 'empty', data: 'content-type', large: 'too-large' })
    expect((await site.host.sync()).loaded).toEqual([])
  })

  it('is everything where robots are not respected', async () => {
    site = await SiteHost.start({ respect_robots: false })
    site.server.answers.set('/robots.txt', { headers: { 'content-type': 'text/plain' }, body: 'User-agent: *\nDisallow: /' })
    site.serve({ '': page('home', ['a'], { head: '<meta name="robots" content="noindex,nofollow">' }), a: page('alpha') })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a'])
  })

  it('asks with validators, and embeds nothing where there are none', async () => {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['a', 'b']), a: page('alpha'), b: { ...page('beta'), headers: {} } })
    await site.host.sync()
    site.server.taken()
    const { loaded, requests } = await site.host.sync()
    expect([loaded, requests.content]).toEqual([[], 1])
    expect(site.server.taken().filter((path) => !path.includes('nothing-here')).toSorted()).toEqual(['/docs/', '/docs/a', '/docs/b', '/robots.txt', '/sitemap.xml', '/docs/sitemap.xml'].toSorted())
  })

  it('is read anew when the selectors change', async () => {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['a']), a: page('alpha') })
    await site.host.sync()
    const other = await SiteHost.start({ base_url: `${site.server.origin}/docs/`, selectors: { content: 'h1' } })
    try {
      for (const [id, held] of site.host.documents) (other.host.documents as Map<string, typeof held>).set(id, held)
      await other.host.sync({ mode: 'full' })
      expect(other.host.texts.get(site.id('a'))).toBe('# alpha')
    } finally {
      await other.close()
    }
  })
})

describe('the crawl', () => {
  it('keeps to the limits of depth and pages, nearest first', async () => {
    site = await SiteHost.start({ max_depth: 2 })
    site.serve({ '': page('home', ['1']), 1: page('one', ['2']), 2: page('two', ['3']), 3: page('three') })
    await site.host.sync()
    expect(site.held).toEqual(['', '1', '2'])
    await site.close()
    site = await SiteHost.start({ max_pages: 3 })
    site.serve({ '': page('home', ['a', 'b', 'c']), a: page('alpha', ['deep']), b: page('beta'), c: page('gamma'), deep: page('deep') })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a', 'b'])
    expect(site.server.taken()).not.toContain('/docs/deep')
  })

  it('ends where links do not', { timeout: 30_000 }, async () => {
    site = await SiteHost.start({ max_pages: 60 })
    site.serve({ '': page('home', ['calendar?day=0', 'deeper/']) })
    for (let at = 0; at < 200; at++) site.serve({ [`calendar?day=${at}`]: page(`day ${at}`, [`calendar?day=${at + 1}`]), [`${'deeper/'.repeat(at + 1)}`]: page(`deeper ${at}`, ['deeper/']) })
    await site.host.sync()
    expect(site.held.length).toBe(60)
  })

  it('keeps to robots.txt', async () => {
    site = await SiteHost.start()
    site.server.answers.set('/robots.txt', { headers: { 'content-type': 'text/plain' }, body: 'User-agent: qdrant-loader\nDisallow: /docs/private\n' })
    site.serve({ '': page('home', ['private', 'a']), private: page('private'), a: redirect('/docs/private/b'), 'private/b': page('b') })
    await site.host.sync()
    expect(site.held).toEqual([''])
    expect(site.server.taken().filter((path) => path.includes('private'))).toEqual([])
    site.server.answers.set('/robots.txt', { headers: { 'content-type': 'text/plain' }, body: 'User-agent: *\nDisallow: /' })
    expect((await loaderErrorOf(site.look())).code).toBe('public_docs_disallowed')
    site.server.answers.set('/robots.txt', { headers: { 'content-type': 'text/plain' }, body: 'User-agent: *\nCrawl-delay: 3600' })
    expect((await loaderErrorOf(site.look())).code).toBe('public_docs_crawl_delay')
  })

  it('starts from a sitemap too, and lets a lost one delete nothing at once', async () => {
    site = await SiteHost.start()
    const sitemap = { headers: { 'content-type': 'application/xml' }, body: `<urlset><url><loc>${site.server.origin}/docs/a</loc></url><url><loc>${site.server.origin}/else</loc></url></urlset>` }
    site.server.answers.set('/robots.txt', { headers: { 'content-type': 'text/plain' }, body: `Sitemap: ${site.server.origin}/map.xml` })
    site.server.answers.set('/map.xml', sitemap)
    site.serve({ '': page('home'), a: page('alpha') })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a'])
    site.server.answers.delete('/map.xml')
    const lost = await site.look()
    expect(told(site, lost)).toEqual(['upsert ', 'complete changes'])
    expect(lost.at(-1)).toMatchObject({ unreadable: [{ code: 'public_docs_sitemap_lost' }] })
  })

  it('names itself, and asks for eight pages at once at most', async () => {
    site = await SiteHost.start()
    const many = Array.from({ length: 40 }, (_, at) => `p${at}`)
    site.serve({ '': page('home', many), ...Object.fromEntries(many.map((name) => [name, page(name)])) })
    await site.host.sync()
    expect(site.server.mostAtOnce).toBeLessThanOrEqual(8)
    expect(site.server.seen.every(({ headers }) => headers['user-agent']?.startsWith('qdrant-loader/') === true)).toBe(true)
  })
})

describe('an interrupted crawl', () => {
  it('goes on where it was, and looks at nothing twice', async () => {
    site = await SiteHost.start({}, { checkpointEvery: 5 })
    const many = Array.from({ length: 30 }, (_, at) => `p${String(at).padStart(2, '0')}`)
    site.serve({ '': page('home', many), ...Object.fromEntries(many.map((name) => [name, page(name)])) })
    await site.host.sync({ dieAfter: 18 })
    expect(site.host.documents.size).toBe(15)
    site.server.taken()
    const { listing } = await site.host.sync()
    expect(listing).not.toBe('changes')
    expect(site.held).toEqual(['', ...many])
    const asked = site.server.taken().filter((path) => path.startsWith('/docs/p'))
    expect(asked).toContain('/docs/p29')
    for (const name of many.slice(0, 14)) expect(asked).not.toContain(`/docs/${name}`)
  })

  it('is gone on with by a dry run as by the next one, which finds it as it was; a source that is forgotten leaves none', async () => {
    site = await SiteHost.start({}, { checkpointEvery: 2 })
    site.serve({ '': page('home', ['a', 'b', 'c', 'd']), a: page('alpha'), b: page('beta'), c: page('gamma'), d: page('delta') })
    await site.host.sync({ dieAfter: 4 })
    const [journal = ''] = readdirSync(site.cache)
    const before = readFileSync(join(site.cache, journal), 'utf8')
    const looked = await site.host.sync({ dryRun: true })
    expect(readFileSync(join(site.cache, journal), 'utf8')).toBe(before)
    const done = await site.host.sync()
    expect(looked.changes).toEqual(done.changes)
    expect(looked.requests).toEqual(done.requests)
    await site.host.sync({ mode: 'full', dieAfter: 4 })
    expect(readdirSync(site.cache)).toEqual([journal])
    await createPublicDocsConnector().forget?.({ project: 'conformance', source: 'world', cacheDirectory: site.cache }, new AbortController().signal)
    expect(readdirSync(site.cache)).toEqual([])
  })

  it('starts anew after an hour, and vouches for nothing', async () => {
    site = await SiteHost.start({}, { checkpointEvery: 2 })
    site.serve({ '': page('home', ['a', 'b', 'c']), a: page('alpha'), b: page('beta'), c: page('gamma') })
    await site.host.sync({ dieAfter: 4 })
    site.now += 3_700_000
    expect((await site.host.sync()).listing).toBe('changes')
    expect(site.held).toEqual(['', 'a', 'b', 'c'])
    expect((await site.host.sync()).listing).not.toBe('changes')
  })
})

describe('lastmod', () => {
  const DAY = 86_400_000

  it('spares requests once it has proved to be right, and not after it was wrong', async () => {
    site = await SiteHost.start()
    const names = Array.from({ length: 60 }, (_, at) => `p${at}`)
    const texts = new Map(names.map((name) => [name, { text: name, lastmod: '2026-01-01' }]))
    const publish = () => {
      const date = { date: new Date(site.now).toUTCString() }
      const urls = [...texts].map(([name, { lastmod }]) => `<url><loc>${site.server.origin}/docs/${name}</loc><lastmod>${lastmod}</lastmod></url>`)
      site.server.answers.set('/sitemap.xml', { headers: { 'content-type': 'application/xml' }, body: `<urlset>${urls.join('')}</urlset>` })
      site.serve({ '': page('home', [], { headers: date }), ...Object.fromEntries([...texts].map(([name, { text }]) => [name, page(text, [], { headers: date })])) })
    }
    const run = async (options: { listingDue?: boolean } = {}) => {
      publish()
      site.server.taken()
      const { loaded } = await site.host.sync(options)
      return { loaded: loaded.map((id) => site.path(id)), asked: site.server.taken().filter((path) => path.startsWith('/docs/p')).length }
    }
    await run()
    site.now += 3 * DAY
    for (const name of ['p1', 'p2', 'p3']) texts.set(name, { text: `${name} edited`, lastmod: '2026-06-01' })
    expect((await run()).asked).toBe(60)
    expect((await run()).asked).toBe(20)
    texts.set('p5', { text: 'p5 edited', lastmod: '2026-06-02' })
    expect((await run()).loaded).toEqual(['p5'])
    expect((await run({ listingDue: true })).asked).toBe(60)
    for (const name of names) texts.set(name, { text: `${name} edited silently`, lastmod: texts.get(name)?.lastmod ?? '' })
    expect((await run()).loaded).toHaveLength(60)
    expect((await run()).asked).toBe(60)
  })
})
