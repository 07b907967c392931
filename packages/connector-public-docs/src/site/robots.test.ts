import { HttpClient } from '@qdrant-loader/http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DocsServer } from '../../test/docs-server.ts'
import { fetchRobots, parseRobots } from './robots.ts'

const SIGNAL = new AbortController().signal
const url = new URL('https://docs.example.com/robots.txt')
const allowed = (text: string, path: string) => parseRobots(url, text).allows(new URL(path, url))

describe('robots.txt', () => {
  it('speaks to everybody or to us', () => {
    const text = 'User-agent: *\nDisallow: /private\nAllow: /private/open\n\nUser-agent: qdrant-loader\nDisallow: /not-for-loaders\nCrawl-delay: 2\n'
    expect(allowed(text, '/private')).toBe(true)
    expect(allowed(text, '/not-for-loaders/a')).toBe(false)
    expect(parseRobots(url, text).crawlDelayMs).toBe(2_000)
    expect(allowed('\uFEFFUser-agent: *\nDisallow: /private\nAllow: /private/open', '/private/a')).toBe(false)
    expect(allowed('User-agent: *\nDisallow: /private\nAllow: /private/open', '/private/open')).toBe(true)
  })

  it('names sitemaps, and may be anything at all', () => {
    expect(parseRobots(url, 'Sitemap: https://docs.example.com/map.xml\r\nSitemap: /b.xml').sitemaps).toEqual(['https://docs.example.com/map.xml', '/b.xml'])
    expect(allowed('<!doctype html><h1>Sign in</h1>', '/a')).toBe(true)
    expect(parseRobots(url, 'User-agent: *\nCrawl-delay: soon').crawlDelayMs).toBe(0)
  })

  it('cannot stop the crawl with a rule that takes for ever to match', () => {
    const started = performance.now()
    const rules = parseRobots(url, `User-agent: *\nDisallow: /${'*a'.repeat(200_000)}\n`)
    for (let page = 0; page < 100; page++) rules.allows(new URL(`/${'a'.repeat(1_000)}${page}`, url))
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('fetching robots.txt (RFC 9309)', () => {
  let server: DocsServer
  let client: HttpClient
  beforeEach(async () => {
    server = await DocsServer.start()
    client = new HttpClient({ userAgent: 'test', network: 'any', retries: 1, sleep: async () => {} })
  })
  afterEach(async () => {
    await client.close()
    await server.close()
  })
  const fetched = (path: string) => fetchRobots(client, server.origin, SIGNAL).then((rules) => rules.allows(new URL(path, server.origin)))

  it('follows redirects', async () => {
    server.answers.set('/robots.txt', { status: 301, headers: { location: '/elsewhere/robots.txt' } })
    server.answers.set('/elsewhere/robots.txt', { headers: { 'content-type': 'text/plain' }, body: 'User-agent: *\nDisallow: /a' })
    expect(await fetched('/a')).toBe(false)
  })

  it.each([400, 401, 403, 404, 410])('takes %d for no rules', async (status) => {
    server.answers.set('/robots.txt', { status })
    expect(await fetched('/a')).toBe(true)
  })

  it('takes a circle of redirects for no rules', async () => {
    server.answers.set('/robots.txt', { status: 302, headers: { location: '/robots.txt' } })
    expect(await fetched('/a')).toBe(true)
  })

  it.each([429, 500, 503])('reads nothing while the answer is %d', async (status) => {
    server.answers.set('/robots.txt', { status, headers: { 'retry-after': '0' } })
    await expect(fetched('/a')).rejects.toMatchObject({ code: 'public_docs_robots_unreachable', kind: 'transient' })
  })
})
