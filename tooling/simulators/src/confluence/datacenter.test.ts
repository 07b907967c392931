import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basicAuth } from '../base/answer.ts'
import { type Asked, askConfluence, type Listing, listConfluence, walkConfluence } from './ask-confluence.ts'
import { ConfluenceSimulator } from './confluence-simulator.ts'

let server: ConfluenceSimulator

beforeEach(async () => {
  const now = Date.UTC(2026, 10, 22, 12, 0, 30)
  server = await ConfluenceSimulator.start({ deployment: 'datacenter', now: () => now })
  server.world.createSpace({ key: 'DEV' })
})
afterEach(() => server.close())

const get = (path: string, authorization = `Bearer ${server.token}`): Promise<Asked> => askConfluence(server, path, authorization)
const list = (path: string): Promise<Listing> => listConfluence(server, path)
async function walk(path: string): Promise<{ titles: string[]; pages: number[] }> {
  const { titles, pages } = await walkConfluence(server, path)
  return { titles, pages }
}

describe('Data Center', () => {
  it('lives under a context path, and wants a bearer token or a user name with a password', async () => {
    expect(server.url).toMatch(/\/confluence$/)
    expect((await get('/rest/api/space/DEV')).status).toBe(200)
    expect((await get('/rest/api/space/DEV', basicAuth(server.email, server.token))).status).toBe(200)
    expect((await get('/rest/api/space/DEV', 'Bearer wrong')).status).toBe(401)
    const outside = await fetch(new URL('/rest/api/space/DEV', server.url), { headers: { authorization: `Bearer ${server.token}` } })
    expect(outside.status).toBe(400)
    expect(server.violations).toHaveLength(1)
  })

  it('caps pages below the limit that was asked for, by what is expanded: a short page is not the end', async () => {
    for (let number = 0; number < 120; number += 1) server.world.createPage({ space: 'DEV', title: `p${number}` })
    expect((await walk('/rest/api/content?spaceKey=DEV&type=page&limit=100&expand=body.storage')).pages).toEqual([50, 50, 21])
    expect((await walk('/rest/api/content/search?cql=type=page&limit=100&expand=body.storage,version')).pages).toEqual([50, 50, 21])
    expect((await list('/rest/api/content?spaceKey=DEV&limit=5000')).limit).toBe(1_000)
  })

  it('pages by position: what goes away in between makes rows move', async () => {
    const ids = Array.from({ length: 4 }, (_, number) => server.world.createPage({ space: 'DEV', title: `p${number}` }).id)
    const first = await list('/rest/api/content?spaceKey=DEV&limit=2')
    expect(first.results.map(({ title }) => title)).toEqual(['DEV Home', 'p0'])
    server.world.trash(ids[0] ?? '')
    const second = await list(first._links.next ?? '')
    expect(second.results.map(({ title }) => title)).toEqual(['p2', 'p3'])
  })

  it('leaves out what is hidden after the cut', async () => {
    const ids = Array.from({ length: 4 }, (_, number) => server.world.createPage({ space: 'DEV', title: `p${number}` }).id)
    for (const id of ids.slice(1, 3)) server.world.hide(id)
    expect(await walk('/rest/api/content?spaceKey=DEV&limit=2')).toEqual({ titles: ['DEV Home', 'p0', 'p3'], pages: [2, 0, 1] })
  })

  it('shows a trashed page only to those who ask for that state', async () => {
    const { id } = server.world.createPage({ space: 'DEV', title: 'x' })
    server.world.trash(id)
    expect((await get(`/rest/api/content/${id}`)).status).toBe(404)
    expect(JSON.parse((await get(`/rest/api/content/${id}?status=any`)).text)).toMatchObject({ status: 'trashed' })
    expect((await walk('/rest/api/content?spaceKey=DEV&status=trashed')).titles).toEqual(['x'])
  })

  it('has no archived pages; those of an archived space stay readable, and searches leave them out', async () => {
    const { id } = server.world.createPage({ space: 'DEV', title: 'x' })
    expect(() => server.world.archivePage(id)).toThrow('no archived pages')
    server.world.archiveSpace('DEV')
    expect((await walk('/rest/api/content/search?cql=type=page')).titles).toEqual([])
    expect((await walk('/rest/api/content?spaceKey=DEV')).titles).toEqual(['DEV Home', 'x'])
    expect(JSON.parse((await get('/rest/api/space/DEV')).text)).toMatchObject({ status: 'archived' })
  })

  it('finds in archived spaces by the general search alone, when it is told to; that one expands contents by their name', async () => {
    const { id } = server.world.createPage({ space: 'DEV', title: 'x', body: '<p>text</p>' })
    server.world.archiveSpace('DEV')
    const found = async (more: string): Promise<unknown[]> => {
      const { status, text } = await get(`/rest/api/search?cql=id=${id}${more}`)
      expect(status, text).toBe(200)
      return (JSON.parse(text) as { results: unknown[] }).results
    }
    expect(await found('')).toEqual([])
    expect(await found('&includeArchivedSpaces=false')).toEqual([])
    expect(await found('&includeArchivedSpaces=true&expand=content.body.storage,content.space')).toMatchObject([
      { content: { id, body: { storage: { value: '<p>text</p>' } }, space: { status: 'archived' } } },
    ])
    expect(server.violations).toEqual([])
    for (const path of [`search?cql=id=${id}&expand=version`, `content/search?cql=id=${id}&includeArchivedSpaces=true`]) expect((await get(`/rest/api/${path}`)).status).toBe(400)
    expect(server.violations).toHaveLength(2)
  })

  it('may keep the trash to administrators: its listing is refused, and what is in it is not there', async () => {
    await using strict = await ConfluenceSimulator.start({ deployment: 'datacenter', trashNeedsAdmin: true })
    strict.world.createSpace({ key: 'DEV' })
    const { id } = strict.world.createPage({ space: 'DEV', title: 'x' })
    strict.world.trash(id)
    const paths = ['content?spaceKey=DEV&type=page&status=trashed', `content/${id}?status=any`, `content/${id}?status=trashed`, 'content?spaceKey=DEV&type=page']
    const statuses = await Promise.all(paths.map(async (path) => (await fetch(`${strict.url}/rest/api/${path}`, { headers: { authorization: `Bearer ${strict.token}` } })).status))
    expect(statuses).toEqual([403, 404, 404, 200])
    expect(strict.violations).toEqual([])
  })

  it('tells with each answer how many requests are left, and how long to wait when none is', async () => {
    let now = Date.UTC(2026, 10, 22, 12)
    await using limited = await ConfluenceSimulator.start({ deployment: 'datacenter', now: () => now, rateLimit: { requests: 2, intervalMs: 60_000 } })
    const ask = async (): Promise<unknown[]> => {
      const { status, headers } = await fetch(`${limited.url}/rest/api/space`, { headers: { authorization: `Bearer ${limited.token}` } })
      return [status, ...['remaining', 'fillrate', 'interval-seconds'].map((name) => headers.get(`x-ratelimit-${name}`)), headers.get('retry-after')]
    }
    expect(await ask()).toEqual([200, '1', '2', '60', '0'])
    now += 20_000
    expect(await ask()).toEqual([200, '0', '2', '60', '40'])
    expect(await ask()).toEqual([429, '0', '2', '60', '40'])
    now += 40_000
    expect(await ask()).toEqual([200, '0', '2', '60', '20'])
    expect(limited.counters.rateLimited).toBe(1)
  })

  it('writes times in its own zone', async () => {
    server.timeZoneMinutes = -(3 * 60 + 30)
    const { id } = server.world.createPage({ space: 'DEV', title: 'x' })
    const { text } = await get(`/rest/api/content/${id}?expand=version`)
    expect(JSON.parse(text)).toMatchObject({ version: { number: 1, when: '2026-11-22T08:30:30.000-03:30' } })
  })

  it('lists comments of a page at one depth or all, and those of a place', async () => {
    const page = server.world.createPage({ space: 'DEV', title: 'x' })
    const first = server.world.addComment(page.id, '<p>first</p>')
    const reply = server.world.addComment(first.id, '<p>reply</p>')
    const inline = server.world.addComment(page.id, '<p>inline</p>', { selection: 'word' })
    const ids = async (query: string): Promise<string[]> => (await list(`/rest/api/content/${page.id}/child/comment${query}`)).results.map(({ id }) => id)
    expect(await ids('')).toEqual([first.id, inline.id])
    expect(await ids('?depth=all')).toEqual([first.id, reply.id, inline.id])
    expect(await ids('?depth=all&location=inline')).toEqual([inline.id])
  })

  it('a lost space is 404, or 403, and its pages are gone from searches', async () => {
    const { id } = server.world.createPage({ space: 'DEV', title: 'x' })
    for (const [access, status] of [['hidden', 404], ['forbidden', 403]] as const) {
      server.world.setAccess('DEV', access)
      for (const path of ['/rest/api/space/DEV', '/rest/api/content?spaceKey=DEV', `/rest/api/content/${id}`]) expect((await get(path)).status).toBe(status)
      expect((await walk('/rest/api/content/search?cql=space=DEV')).titles).toEqual([])
    }
  })

  it('carries at most 200 labels and 25 children of a kind in an expansion', async () => {
    const page = server.world.createPage({ space: 'DEV', title: 'x', labels: Array.from({ length: 201 }, (_, number) => `l${number}`) })
    for (let number = 0; number < 26; number += 1) server.world.addAttachment(page.id, `${number}.pdf`)
    const { text } = await get(`/rest/api/content/${page.id}?expand=metadata.labels,children.attachment`)
    expect(JSON.parse(text)).toMatchObject({
      metadata: { labels: { size: 200, _links: { next: `/rest/api/content/${page.id}/label?limit=200&start=200` } } },
      children: { attachment: { size: 25, _links: { next: `/rest/api/content/${page.id}/child/attachment?limit=25&start=25` } } },
    })
    expect((await list(`/rest/api/content/${page.id}/label?limit=200&start=200`)).results).toHaveLength(1)
  })
})
