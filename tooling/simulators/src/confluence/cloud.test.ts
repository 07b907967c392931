import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basicAuth } from '../base/answer.ts'
import { type Asked, askConfluence, type Listing, listConfluence, walkConfluence } from './ask-confluence.ts'
import { ConfluenceSimulator } from './confluence-simulator.ts'
import type { SimulatedSpace } from './entities.ts'

const MINUTE = 60_000
let now: number
let server: ConfluenceSimulator
let space: SimulatedSpace

beforeEach(async () => {
  now = Date.UTC(2026, 10, 22, 12, 0, 30)
  server = await ConfluenceSimulator.start({ deployment: 'cloud', now: () => now })
  space = server.world.createSpace({ key: 'DEV', name: 'Development' })
})
afterEach(() => server.close())

const get = (path: string, token = server.token): Promise<Asked> => askConfluence(server, path, basicAuth(server.email, token))
const list = (path: string): Promise<Listing> => listConfluence(server, path)
async function walk(path: string): Promise<{ ids: string[]; pages: number[] }> {
  const { ids, pages } = await walkConfluence(server, path)
  return { ids, pages }
}

async function found(cql: string): Promise<string[]> {
  return (await walk(`/wiki/rest/api/content/search?cql=${encodeURIComponent(cql)}`)).ids
}

describe('what is not known is refused and recorded', () => {
  it.each([
    ['a route', '/wiki/api/v2/whiteboards'],
    ['a parameter', '/wiki/api/v2/pages?expand=version'],
    ['a value', '/wiki/api/v2/pages?status=hidden'],
    ['an order', '/wiki/api/v2/pages?sort=modified'],
    ['too large a page', '/wiki/api/v2/pages?limit=251'],
    ['a body format', '/wiki/api/v2/pages?body-format=view'],
    ['an expansion', '/wiki/rest/api/content/search?cql=type=page&expand=everything'],
    ['a clause', '/wiki/rest/api/content/search?cql=type=page%20and%20status=current'],
  ])('%s', async (_what, path) => {
    expect((await get(path)).status).toBe(400)
    expect(server.violations).toHaveLength(1)
  })

  it('the v1 interface that was removed is gone', async () => {
    expect((await get('/wiki/rest/api/content')).status).toBe(410)
    expect((await get('/wiki/rest/api/space/DEV')).status).toBe(410)
  })
})

describe('listings', () => {
  it('v2 shows archived pages too, unless status=current; trashed ones only when asked for', async () => {
    const [kept, archived, trashed] = ['a', 'b', 'c'].map((title) => server.world.createPage({ space: 'DEV', title }).id) as [string, string, string]
    server.world.archivePage(archived)
    server.world.trash(trashed)
    const home = space.homepageId ?? ''
    expect((await walk('/wiki/api/v2/pages')).ids).toEqual([home, kept, archived])
    expect((await walk('/wiki/api/v2/pages?status=current')).ids).toEqual([home, kept])
    expect((await walk('/wiki/api/v2/pages?status=trashed')).ids).toEqual([trashed])
    expect((await walk(`/wiki/api/v2/pages?id=${archived},${trashed}&status=archived&status=trashed`)).ids).toEqual([archived, trashed])
  })

  it('leave out what is hidden after they are cut: pages are short, or empty, and lead on', async () => {
    const ids = Array.from({ length: 6 }, (_, number) => server.world.createPage({ space: 'DEV', title: `p${number}` }).id)
    for (const id of ids.slice(0, 4)) server.world.hide(id)
    expect(await walk('/wiki/api/v2/pages?limit=2')).toEqual({ ids: [space.homepageId, ...ids.slice(4)], pages: [1, 0, 1, 1] })
  })

  it('a page without results that leads on loses nothing', async () => {
    server.faults.add({ kind: 'empty-page' }, { route: 'GET /wiki/api/v2/pages' })
    const id = server.world.createPage({ space: 'DEV', title: 'x' }).id
    expect(await walk('/wiki/api/v2/pages')).toEqual({ ids: [space.homepageId, id], pages: [0, 2] })
  })

  it('give cursors that are good for one listing and one page size, and only for a while', async () => {
    for (let number = 0; number < 5; number += 1) server.world.createPage({ space: 'DEV', title: `p${number}` })
    const next = (await list('/wiki/api/v2/pages?limit=2'))._links.next ?? ''
    expect((await get(next.replace('limit=2', 'limit=3'))).status).toBe(400)
    expect(server.violations).toHaveLength(1)
    expect((await get(next)).status).toBe(200)
    now += 60 * MINUTE
    expect((await get(next)).status).toBe(400)
    expect(server.violations).toHaveLength(1)
  })

  it('by id, a trashed page says that it is; a purged and a hidden one are not there', async () => {
    const [trashed, hidden] = ['a', 'b'].map((title) => server.world.createPage({ space: 'DEV', title }).id) as [string, string]
    server.world.trash(trashed)
    server.world.hide(hidden)
    expect(JSON.parse((await get(`/wiki/api/v2/pages/${trashed}`)).text)).toMatchObject({ status: 'trashed' })
    expect((await get(`/wiki/api/v2/pages/${trashed}?status=current`)).status).toBe(404)
    expect((await get(`/wiki/api/v2/pages/${hidden}`)).status).toBe(404)
    server.world.purge(trashed)
    expect((await get(`/wiki/api/v2/pages/${trashed}`)).status).toBe(404)
  })

  it('of a page show only comments that are no replies; those of the site show all', async () => {
    const page = server.world.createPage({ space: 'DEV', title: 'x' })
    const first = server.world.addComment(page.id, '<p>first</p>')
    const reply = server.world.addComment(first.id, '<p>reply</p>')
    const inline = server.world.addComment(page.id, '<p>inline</p>', { selection: 'word' })
    expect((await walk(`/wiki/api/v2/pages/${page.id}/footer-comments`)).ids).toEqual([first.id])
    expect((await walk(`/wiki/api/v2/footer-comments/${first.id}/children`)).ids).toEqual([reply.id])
    expect((await walk('/wiki/api/v2/footer-comments')).ids).toEqual([first.id, reply.id])
    expect((await walk('/wiki/api/v2/inline-comments')).ids).toEqual([inline.id])
  })
})

it('a page may stand in a folder, which is in no listing of pages', async () => {
  const folder = server.world.createFolder({ space: 'DEV', title: 'A folder' })
  const page = server.world.createPage({ space: 'DEV', title: 'x', parent: folder.id })
  expect((await list(`/wiki/api/v2/pages?id=${page.id}`)).results).toMatchObject([{ parentId: folder.id, parentType: 'folder' }])
  expect(JSON.parse((await get(`/wiki/api/v2/folders/${folder.id}`)).text)).toMatchObject({ title: 'A folder', parentId: space.homepageId, parentType: 'page' })
  expect((await walk('/wiki/api/v2/pages')).ids).toEqual([space.homepageId, page.id])
})

it('a page may stand below a whiteboard, a database or an embed, which have a route each', async () => {
  for (const type of ['whiteboard', 'database', 'embed'] as const) {
    const above = server.world.createNode(type, { space: 'DEV', title: `A ${type}`, parent: null })
    const page = server.world.createPage({ space: 'DEV', title: `Below a ${type}`, parent: above.id })
    expect((await list(`/wiki/api/v2/pages?id=${page.id}`)).results).toMatchObject([{ parentId: above.id, parentType: type }])
    expect(JSON.parse((await get(`/wiki/api/v2/${type}s/${above.id}`)).text)).toMatchObject({ title: `A ${type}`, parentId: null })
    expect((await get(`/wiki/api/v2/folders/${above.id}`)).status).toBe(404)
  }
  expect(JSON.parse((await get('/wiki/api/v2/spaces?keys=DEV')).text)).toMatchObject({ results: [{ type: 'global' }] })
  server.world.createSpace({ key: '~712020abc' })
  expect(JSON.parse((await get('/wiki/api/v2/spaces?keys=~712020abc')).text)).toMatchObject({ results: [{ type: 'personal' }] })
})

describe('versions', () => {
  it('count edits of the page itself and nothing else', async () => {
    const { world } = server
    world.createSpace({ key: 'OPS' })
    const parent = world.createPage({ space: 'DEV', title: 'parent' })
    const page = world.createPage({ space: 'DEV', title: 'child', parent: parent.id })
    world.rename(parent.id, 'renamed')
    world.addComment(page.id, '<p>hm</p>')
    world.addAttachment(page.id, 'a.pdf')
    world.setLabels(page.id, ['x'])
    world.movePage(parent.id, { space: 'OPS' })
    world.archivePage(page.id)
    world.restore(page.id)
    world.trash(page.id)
    world.restore(page.id)
    expect([world.content(page.id).version.number, world.content(parent.id).version.number]).toEqual([1, 2])
    world.edit(page.id, '<p>text</p>')
    world.rename(page.id, 'also an edit')
    const [shown] = (await list(`/wiki/api/v2/pages?id=${page.id}`)).results
    expect(shown).toMatchObject({ version: { number: 3 }, title: 'also an edit', parentId: parent.id, spaceId: String(world.space('OPS').id) })
  })
})

describe('search', () => {
  it('sees times to the minute, in a zone that the client cannot know', async () => {
    const { id } = server.world.createPage({ space: 'DEV', title: 'x' })
    expect(await found('type = page and lastmodified >= "2026-11-22 12:00" and title = x')).toEqual([id])
    expect(await found('type = page and lastmodified > "2026-11-22 12:00"')).toEqual([])
    server.timeZoneMinutes = -8 * 60
    expect(await found('type = page and lastmodified >= "2026-11-22 04:01"')).toEqual([])
  })

  it('is behind: a change shows up after the lag, though with the content as it is now', async () => {
    server.world.index.lagMs = 5 * MINUTE
    const { id } = server.world.createPage({ space: 'DEV', title: 'x' })
    expect(await found('title = x')).toEqual([])
    now += 5 * MINUTE
    server.world.edit(id, '<p>late</p>')
    const { text } = await get('/wiki/rest/api/content/search?cql=title=x&expand=version,body.storage')
    expect(JSON.parse(text)).toMatchObject({ results: [{ id, version: { number: 2 }, body: { storage: { value: '<p>late</p>' } } }] })
    expect(await found('title = x and lastmodified > "2026-11-22 12:01"')).toEqual([])
    expect(server.bodies.get(id)).toBe(1)
  })

  it('shows archived pages, but neither trashed nor hidden ones nor those of lost spaces', async () => {
    const [archived, trashed, hidden] = ['a', 'b', 'c'].map((title) => server.world.createPage({ space: 'DEV', title, parent: null }).id) as [string, string, string]
    server.world.archivePage(archived)
    server.world.trash(trashed)
    server.world.hide(hidden)
    expect((await found('type = page and space = DEV')).toSorted()).toEqual([space.homepageId, archived])
    server.world.setAccess('DEV', 'hidden')
    expect(await found('type = page and space = DEV')).toEqual([])
  })

  it('may refuse a query that names a space which cannot be seen', async () => {
    const query = '/rest/api/content/search?cql=space%20in%20(DEV,OPS)'
    expect((await get(`/wiki${query}`)).status).toBe(200)
    await using strict = await ConfluenceSimulator.start({ deployment: 'cloud', searchRefusesUnknownSpaces: true })
    strict.world.createSpace({ key: 'DEV' })
    const ask = async (): Promise<number> => (await askConfluence(strict, query)).status
    expect(await ask()).toBe(400)
    strict.world.createSpace({ key: 'OPS' })
    expect(await ask()).toBe(200)
    expect(strict.violations).toEqual([])
  })

  it('gives fewer results at once the more is expanded, and says so only by a next link', async () => {
    for (let number = 0; number < 210; number += 1) server.world.createPage({ space: 'DEV', title: `p${number}` })
    const pages = async (expand: string): Promise<number[]> => (await walk(`/wiki/rest/api/content/search?cql=type=page&limit=500${expand}`)).pages
    expect(await pages('')).toEqual([211])
    expect(await pages('&expand=version&expand=metadata.labels')).toEqual([200, 11])
    expect(await pages('&expand=version,body.storage')).toEqual([50, 50, 50, 50, 11])
  })
})

describe('permissions', () => {
  it('a lost space is 404 or 403 by id, and simply empty in other listings', async () => {
    const page = server.world.createPage({ space: 'DEV', title: 'x' })
    for (const [access, status] of [['hidden', 404], ['forbidden', 403]] as const) {
      server.world.setAccess('DEV', access)
      expect((await get(`/wiki/api/v2/spaces/${space.id}/pages`)).status).toBe(status)
      expect((await get(`/wiki/api/v2/pages/${page.id}`)).status).toBe(status)
      expect((await list('/wiki/api/v2/spaces?keys=DEV')).results).toEqual([])
      expect((await list(`/wiki/api/v2/pages?space-id=${space.id}`)).results).toEqual([])
    }
    server.world.setAccess('DEV', 'empty')
    expect((await list('/wiki/api/v2/spaces?keys=DEV')).results).toHaveLength(1)
    expect((await list(`/wiki/api/v2/spaces/${space.id}/pages`)).results).toEqual([])
  })

  it('a restriction hides what is below too', async () => {
    const parent = server.world.createPage({ space: 'DEV', title: 'parent' })
    const child = server.world.createPage({ space: 'DEV', title: 'child', parent: parent.id })
    const comment = server.world.addComment(child.id, '<p>hm</p>')
    server.world.hide(parent.id)
    for (const path of [`pages/${child.id}`, `footer-comments/${comment.id}`]) expect((await get(`/wiki/api/v2/${path}`)).status).toBe(404)
  })

  it('a wrong token is refused, or taken for a visitor who sees nothing', async () => {
    expect((await get('/wiki/api/v2/spaces', 'wrong')).status).toBe(401)
    expect((await fetch(`${server.url}/api/v2/spaces`)).status).toBe(401)
    server.anonymousListings = true
    const { status, text, headers } = await get('/wiki/api/v2/spaces', 'wrong')
    expect([status, (JSON.parse(text) as Listing).results, headers.get('x-seraph-loginreason')]).toEqual([200, [], 'AUTHENTICATED_FAILED'])
    expect(JSON.parse((await get('/wiki/rest/api/user/current', 'wrong')).text)).toMatchObject({ type: 'anonymous' })
    expect((await get(`/wiki/api/v2/spaces/${space.id}`, 'wrong')).status).toBe(404)
  })
})

describe('faults', () => {
  it('happen to the requests they are meant for', async () => {
    server.faults.add({ kind: 'status', status: 429, retryAfter: '3' }, { route: '/pages', after: 1 })
    expect((await get('/wiki/api/v2/spaces')).status).toBe(200)
    expect((await get('/wiki/api/v2/pages')).status).toBe(200)
    const { status, headers } = await get('/wiki/api/v2/pages')
    expect([status, headers.get('retry-after')]).toEqual([429, '3'])
    expect((await get('/wiki/api/v2/pages')).status).toBe(200)
  })

  it('half of the JSON; a page to log in with; no answer', async () => {
    server.faults.add({ kind: 'truncate' })
    const half = await get('/wiki/api/v2/pages')
    expect(half.status).toBe(200)
    expect(() => JSON.parse(half.text) as unknown).toThrow()
    server.faults.add({ kind: 'login-page' })
    const login = await get('/wiki/api/v2/pages')
    expect([login.status, login.headers.get('content-type')]).toEqual([200, 'text/html;charset=UTF-8'])
    server.faults.add({ kind: 'drop' })
    await expect(get('/wiki/api/v2/pages')).rejects.toThrow()
  })

  it('a rate limit shows in headers, and answers 429 with the time to wait, and to the minute when it ends', async () => {
    await using limited = await ConfluenceSimulator.start({ deployment: 'cloud', now: () => now, rateLimit: { requests: 2, intervalMs: 60_000 } })
    const ask = (): Promise<Asked> => askConfluence(limited, '/wiki/api/v2/spaces')
    const shown = ({ status, headers }: Asked): unknown[] => [status, ...['x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'].map((name) => headers.get(name))]
    expect(shown(await ask())).toEqual([200, '1', null, null])
    expect(shown(await ask())).toEqual([200, '0', null, null])
    expect(shown(await ask())).toEqual([429, '0', '2026-11-22T12:01Z', '60'])
    now += MINUTE
    expect((await ask()).status).toBe(200)
    expect(limited.counters.rateLimited).toBe(1)
  })

  it('the gateway refuses a token without the scope of a route with 401', async () => {
    server.faults.add({ kind: 'missing-scope' }, { route: '/blogposts' })
    expect((await get('/wiki/api/v2/pages')).status).toBe(200)
    const { status, headers, text } = await get('/wiki/api/v2/blogposts')
    expect([status, headers.get('x-failure-category'), JSON.parse(text)]).toEqual([401, 'FAILURE_CLIENT_SCOPE_CHECK', { code: 401, message: 'Unauthorized; scope does not match' }])
  })
})
