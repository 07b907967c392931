import { afterEach, describe, expect, it } from 'vitest'
import { basicAuth } from '../base/answer.ts'
import { ConfluenceSimulator } from './confluence-simulator.ts'
import type { ConfluenceSimulatorOptions } from './quirks.ts'
import { run } from './run.ts'

let server: ConfluenceSimulator | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function open(options: ConfluenceSimulatorOptions, pages = 12): Promise<readonly string[]> {
  server = await ConfluenceSimulator.start(options)
  server.world.createSpace({ key: 'DEV', homepage: false })
  return Array.from({ length: pages }, (_, number) => server?.world.createPage({ space: 'DEV', title: `Page ${number}`, parent: null, body: `<p>${number}</p>` }).id ?? '')
}

interface Page {
  readonly results: readonly { readonly id: string; readonly title: string }[]
  readonly limit?: number
  readonly _links: { readonly next?: string }
}

async function ask(path: string, at = server): Promise<{ readonly status: number; readonly body: Page }> {
  if (!at) throw new Error('no server')
  const response = await fetch(`${at.url}${path}`, { headers: { authorization: basicAuth(at.email, at.token) } })
  return { status: response.status, body: (await response.json()) as Page }
}

const rows = (start: number, limit = 10) => `/rest/api/content?spaceKey=DEV&type=page&start=${start}&limit=${limit}`

describe('Data Center, how it speaks of the positions at which it cuts', () => {
  const CAPS = { plain: 5, expanded: 5, bodies: 5 }

  it('tells by default how many rows it looked at, and leads behind them', async () => {
    await open({ deployment: 'datacenter', caps: CAPS })
    const { body } = await ask(rows(0))
    expect([body.results.length, body.limit, body._links.next]).toEqual([5, 5, expect.stringContaining('start=5')])
  })

  it('next: asked leads behind as many rows as were asked for, and nowhere when that is behind the last one', async () => {
    await open({ deployment: 'datacenter', caps: CAPS, positions: { next: 'asked', limit: 'asked' } })
    const { body } = await ask(rows(0))
    expect([body.results.length, body.limit, body._links.next]).toEqual([5, 10, expect.stringContaining('start=10')])
    expect((await ask(rows(0, 20))).body._links.next).toBeUndefined()
  })

  it('limit: none says nothing of how many rows were looked at', async () => {
    await open({ deployment: 'datacenter', positions: { limit: 'none' } })
    expect((await ask(rows(0))).body.limit).toBeUndefined()
  })

  it.each([['repeats', 5], ['empties', 0]] as const)('next: %s leads on for ever, where there are more than so many rows', async (next, behind) => {
    await open({ deployment: 'datacenter', caps: CAPS, positions: { next, endlessOver: 11 } })
    const { body } = await ask(rows(100))
    expect([body.results.length, body._links.next]).toEqual([behind, expect.stringContaining('start=105')])
    await server?.close()
    await open({ deployment: 'datacenter', caps: CAPS, positions: { next, endlessOver: 12 } })
    expect((await ask(rows(100))).body).toMatchObject({ results: [], _links: {} })
    expect((await ask(rows(100))).body._links.next).toBeUndefined()
  })
})

describe.each(['cloud', 'datacenter'] as const)('%s: quirks', (deployment) => {
  const text = deployment === 'cloud' ? '/api/v2/pages?body-format=storage&id=' : '/rest/api/content/search?expand=body.storage&cql=id='
  const listing = deployment === 'cloud' ? '/api/v2/pages?limit=10' : `${rows(0)}&expand=version`

  it('a broken page makes the answers fail that hold it, where it is broken', async () => {
    const [first = '', second = ''] = await open({ deployment })
    server?.broken.add(first, { in: ['text'] })
    expect([(await ask(`${text}${first}`)).status, (await ask(`${text}${second}`)).status, (await ask(listing)).status]).toEqual([500, 200, 200])
    server?.broken.add(first, { in: ['listing'] })
    expect([(await ask(`${text}${first}`)).status, (await ask(listing)).status]).toEqual([200, 500])
    server?.broken.mend(first)
    expect((await ask(listing)).status).toBe(200)
  })

  it('an answer takes as long as the texts in it', async () => {
    const [first = ''] = await open({ deployment, slowness: { perText: 80 } })
    const began = performance.now()
    await ask(`${text}${first}`)
    expect(performance.now() - began).toBeGreaterThan(70)
  })

  it('people may not be looked up', async () => {
    await open({ deployment, usersRefused: 403 })
    const refused = deployment === 'cloud'
      ? await fetch(`${server?.url}/api/v2/users-bulk`, { method: 'POST', body: '{"accountIds":["user-1"]}', headers: { authorization: basicAuth(server?.email ?? '', server?.token ?? ''), 'content-type': 'application/json' } })
      : await ask('/rest/api/user?key=user-1')
    expect(refused.status).toBe(403)
  })

  it('links to a page that is renamed, or moves, are written anew without a version', async () => {
    const [first = '', second = ''] = await open({ deployment, rewritesLinks: true })
    const { world } = server as ConfluenceSimulator
    world.createSpace({ key: 'OPS' })
    world.edit(second, '<ac:link><ri:page ri:content-title="Page 0" /></ac:link>')
    world.rename(first, 'A & B')
    expect(world.content(second)).toMatchObject({ body: '<ac:link><ri:page ri:content-title="A &amp; B" /></ac:link>', version: { number: 2 } })
    world.movePage(first, { space: 'OPS' })
    expect(world.content(second).body).toBe('<ac:link><ri:page ri:space-key="OPS" ri:content-title="A &amp; B" /></ac:link>')
  })
})

it('each of them is a switch of the command line', async () => {
  const words = '--port 0 --deployment datacenter --pages 30 --cap 7 --limit asked --next repeats --broken 3 --in text --slow 5 --users-refused 401 --rewrites-links --archived'
  const running = await run(words.split(' '))
  try {
    const at = { url: running.server.url, email: 'ada@example.com', token: 'simulated-token' } as ConfluenceSimulator
    const { body } = await ask('/rest/api/content?spaceKey=DOCS&type=page&limit=20', at)
    expect([body.results.length, body.limit]).toEqual([7, 20])
    const three = body.results.find(({ title }) => title === 'Page 3')?.id
    expect((await ask(`/rest/api/content/search?expand=body.storage&cql=id=${three}`, at)).status).toBe(200)
    expect((await ask(`/rest/api/search?includeArchivedSpaces=true&expand=content.body.storage&cql=id=${three}`, at)).status).toBe(500)
    expect((await ask('/rest/api/user?key=user-1', at)).status).toBe(401)
  } finally {
    await running.server.close()
  }
  await expect(run(['--next', 'somewhere'])).rejects.toThrow('--next is applied or asked')
})
