import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, json, Refusal, Violation } from './answer.ts'
import { RouteTable } from './route-table.ts'
import { type RoutedCall, SimulatedServer } from './simulated-server.ts'

interface Route {
  readonly method: string
  readonly path: string
}

const ROUTES = new RouteTable<Route>([{ method: 'GET', path: '/things/{id}' }, { method: 'POST', path: '/things' }], { id: String.raw`\d+` })

/** As little as a server can be. */
class Things extends SimulatedServer<Route, { made: number }, { readonly kind: 'backwards' }> {
  constructor() {
    super({ routes: ROUTES, prefix: '/api', counters: { made: 0 }, now: () => Date.UTC(2026, 2, 1) })
  }

  protected answer({ params, route, body, fault }: RoutedCall<Route, { readonly kind: 'backwards' }>): Answer {
    if (route.method === 'POST') this.counters.made += 1
    if (params['id'] === '404') throw new Refusal(404, 'no such thing')
    if (params['id'] === '13') throw new Violation('thirteen')
    const shown = params['id'] ?? body.toString()
    return json(200, { thing: fault?.kind === 'backwards' ? [...shown].toReversed().join('') : shown })
  }

  protected refused(status: number, text: string): Answer {
    return json(status, { error: text })
  }
}

let server: Things
beforeEach(async () => (server = await new Things().listen()))
afterEach(() => server.close())

async function get(id: string | number): Promise<[number, unknown]> {
  const answer = await fetch(`${server.url}/things/${id}`)
  return [answer.status, await answer.json()]
}

const lost = expect.objectContaining({ message: 'fetch failed' })
const [ONE, LOST] = [[200, { thing: '1' }], lost]

/** What so many requests got, one after the other. */
async function asked(times: number): Promise<unknown[]> {
  const got: unknown[] = []
  for (let at = 0; at < times; at += 1) got.push(await get(1).catch((error: unknown) => error))
  return got
}

describe('what every server does', () => {
  it('answers by its routes, with its clock, and counts what it was asked', async () => {
    const answer = await fetch(`${server.url}/things`, { method: 'POST', body: 'a thing' })
    expect([answer.status, answer.headers.get('date'), await answer.json()]).toEqual([200, 'Sun, 01 Mar 2026 00:00:00 GMT', { thing: 'a thing' }])
    expect(await get(7)).toEqual([200, { thing: '7' }])
    expect([...server.requests]).toEqual([['POST /things', 1], ['GET /things/{id}', 1]])
    expect(server.seen).toMatchObject([{ path: '/api/things', status: 200, active: 1 }, { path: '/api/things/7', route: 'GET /things/{id}' }])
    expect(server.counters).toEqual({ made: 1 })
    server.resetCounters()
    expect([server.requestCount, server.requests.size, server.counters]).toEqual([0, 0, { made: 0 }])
  })

  it('refuses what it does not know and records what nobody should send', async () => {
    expect([await get(404), await get(13), await get('x')]).toEqual([
      [404, { error: 'no such thing' }],
      [400, { error: 'thirteen' }],
      [400, { error: 'unknown route' }],
    ])
    expect(server.violations).toEqual(['GET /things/{id}: thirteen', 'GET /api/things/x: unknown route'])
  })

  it('listens again where it listened before', async () => {
    const { url } = server
    await server.close()
    expect(await asked(1)).toEqual([LOST])
    await server.listen()
    expect([server.url, await asked(1)]).toEqual([url, [ONE]])
  })

  it('reads a body only so far', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`POST /api/things HTTP/1.1\r\nhost: x\r\ncontent-length: ${2 ** 31}\r\n\r\n`)
    const piece = Buffer.alloc(1_000_000)
    const answer = await new Promise<string>((resolve) => {
      socket.once('data', (data) => resolve(data.toString()))
      const more = (): void => void socket.write(piece, (error) => error ?? more())
      more()
    })
    socket.destroy()
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(server.violations).toEqual([expect.stringMatching(/more than \d+ bytes/)])
  })
})

describe('what goes wrong on every server', () => {
  it('breaks off after as many requests as were said, until it is healed', async () => {
    server.breakOff(2)
    expect(await asked(5)).toEqual([ONE, ONE, LOST, LOST, LOST])
    server.heal()
    server.breakOff(1, { kind: 'status', status: 503, retryAfter: '7' })
    const refused = [503, { error: 'This is simulated.' }]
    expect(await asked(4)).toEqual([ONE, refused, refused, refused])
    expect((await fetch(`${server.url}/things/1`)).headers.get('retry-after')).toBe('7')
    server.heal()
    expect(await asked(1)).toEqual([ONE])
  })

  it('fails so often, for the routes that are meant', async () => {
    server.faults.add({ kind: 'status', status: 500 }, { route: 'GET /things/{id}', times: 2, after: 1 })
    server.faults.add({ kind: 'drop' }, { route: (route) => route.startsWith('POST') })
    expect((await asked(4)).map((one) => (one as [number])[0])).toEqual([200, 500, 500, 200])
    await expect(fetch(`${server.url}/things`, { method: 'POST' })).rejects.toEqual(lost)
    expect([server.faults.pending, server.counters.made]).toEqual([0, 0])
  })

  it('carries out what it loses the answer of', async () => {
    server.faults.add({ kind: 'drop', when: 'after' })
    await expect(fetch(`${server.url}/things`, { method: 'POST' })).rejects.toEqual(lost)
    expect(server.counters.made).toBe(1)
  })

  it.each([
    [{ kind: 'truncate' }, /^\{"thing$/],
    [{ kind: 'truncate', how: 'length' }, 'terminated'],
    [{ kind: 'truncate', how: 'chunked' }, 'terminated'],
    [{ kind: 'login-page' }, /password/],
    [{ kind: 'answer', status: 200, body: 'anything' }, /^anything$/],
    [{ kind: 'backwards' }, /^\{"thing":"21"\}$/],
  ] as const)('%j', async (fault, expected) => {
    server.faults.add(fault)
    const answer = await fetch(`${server.url}/things/12`)
    const text = answer.text().catch((error: Error) => error.message)
    expect(await text).toMatch(expected)
  })

  it.each([{ kind: 'stall' }, { kind: 'delay', ms: Number.POSITIVE_INFINITY }] as const)('never ends an answer: %j', async (fault) => {
    server.faults.add(fault)
    const answer = fetch(`${server.url}/things/1`, { signal: AbortSignal.timeout(150) }).then((given) => given.text())
    await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(server.violations).toEqual([])
  })
})
