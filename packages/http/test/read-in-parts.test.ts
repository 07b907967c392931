import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { afterEach, describe, expect, test } from 'vitest'
import { JsonApi, readInParts, ServerHealth } from '../src/index.ts'
import type { Part } from '../src/index.ts'
import type { Handler, Loopback } from './loopback.ts'
import { errorOf, FakeTime, serve, signal, TestClient } from './loopback.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]()
})

/** What the server does with a request for these ids; true when it has answered. */
type Quirk = (ids: readonly number[], response: Parameters<Handler>[1]) => boolean

interface World {
  readonly server: Loopback
  readonly time: FakeTime
  readonly health: ServerHealth
  /** How many ids each request asked for; 0 for a probe. */
  readonly sizes: number[]
  read(items: readonly number[], size?: number): Promise<Part<number, readonly number[]>[]>
}

/** A server that shows numbered things, many at once. */
async function world(quirk: Quirk, options: { readonly probe?: Quirk; readonly timeoutMs?: number; readonly base?: string } = {}): Promise<World> {
  const sizes: number[] = []
  const server = await serve((request, response) => {
    const url = new URL(request.url ?? '', 'http://here')
    const ids = (url.searchParams.get('ids') ?? '').split(',').filter((id) => id !== '').map(Number)
    sizes.push(ids.length)
    const done = url.pathname === '/probe' ? (options.probe ?? ((_ids, its) => quirk([-1], its)))(ids, response) : quirk(ids, response)
    if (!done) response.end(JSON.stringify(ids))
  })
  open.push(server)
  const time = new FakeTime()
  const client = new TestClient({ ...time.options, maxBytes: 10_000, timeoutMs: options.timeoutMs ?? 10_000 })
  open.push(client)
  const api = new JsonApi({ client, baseUrl: options.base ?? server.url })
  const health = new ServerHealth({ probe: (its) => api.get('/probe', undefined, { signal: its }) })
  return {
    server,
    time,
    health,
    sizes,
    async read(items, size = 50) {
      const parts: Part<number, readonly number[]>[] = []
      const read = async (ids: readonly number[], call: object) =>
        (await api.get('/items', { ids: ids.join(',') }, { signal, ...call })).body as readonly number[]
      for await (const part of readInParts(items, { size, read, health, signal, describe: (id) => `thing ${id}` })) parts.push(part)
      return parts
    },
  }
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

function shown(parts: readonly Part<number, readonly number[]>[]): readonly number[] {
  return parts.flatMap((part) => (part.error === undefined ? part.result : []))
}

function refused(parts: readonly Part<number, readonly number[]>[]): readonly (readonly [number, LoaderError])[] {
  return parts.flatMap((part) => (part.error === undefined ? [] : [[part.items[0], part.error] as const]))
}

const status = (code: number, body = 'no'): Quirk => (_ids, response) => {
  response.writeHead(code)
  response.end(body)
  return true
}

/** Ways in which one thing breaks every answer that holds it. */
const BROKEN: Readonly<Record<string, Quirk>> = {
  'a 500': status(500),
  'a 502 with a page of a proxy': status(502, '<html>Bad gateway</html>'),
  'JSON that is cut': status(200, '[1, 2'),
  'a web page': status(200, '<html>Oops, an error</html>'),
  'an answer that is too large': status(200, JSON.stringify('x'.repeat(20_000))),
  'a connection cut before the answer': (_ids, response) => {
    response.socket?.destroy()
    return true
  },
  'a connection cut in the answer': (_ids, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('[1')
    setImmediate(() => response.socket?.destroy())
    return true
  },
  'a compression that is cut': (_ids, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(Buffer.from('1f8b0800000000000003', 'hex'))
    return true
  },
}

describe('one thing of 130 breaks every answer that holds it', () => {
  for (const [name, quirk] of Object.entries(BROKEN)) {
    for (const broken of [1, 37, 50, 130]) {
      test(`thing ${broken}, with ${name}: the 129 others are read, in at most 1.5 times the requests and 20`, async () => {
        const its = await world((ids, response) => ids.includes(broken) && quirk(ids, response))
        const parts = await its.read(numbers(130))
        expect(shown(parts)).toEqual(numbers(130).filter((id) => id !== broken))
        expect(parts.flatMap(({ items }) => items)).toEqual(numbers(130))
        const [[id, error] = [], ...others] = refused(parts)
        expect(others).toEqual([])
        expect(id).toBe(broken)
        expect(error).toMatchObject({ code: 'http_unservable', kind: 'document', hint: expect.stringMatching(/\w/), cause: expect.anything() })
        expect(error?.message).toContain(`thing ${broken}`)
        expect(its.server.asked.length).toBeLessThanOrEqual(1.5 * 3 + 20)
      })
    }
  }

  test('in batches of a hundred it is 15 requests at most, instead of two', async () => {
    for (const broken of [1, 2, 37, 64, 77, 99, 100]) {
      const its = await world((ids, response) => ids.includes(broken) && status(500)(ids, response))
      expect(shown(await its.read(numbers(130), 100))).toHaveLength(129)
      expect(its.server.asked.length).toBeLessThanOrEqual(15)
    }
  })

  test('with a time-out too, which makes no other request smaller', async () => {
    const its = await world((ids) => ids.includes(3), { probe: () => false, timeoutMs: 400 })
    const parts = await its.read(numbers(40), 10)
    expect(shown(parts)).toEqual(numbers(40).filter((id) => id !== 3))
    expect(refused(parts)).toHaveLength(1)
    expect(its.health.mostAtOnce).toBe(Number.POSITIVE_INFINITY)
    expect(its.sizes.slice(-3)).toEqual([10, 10, 10])
  })

  test('several broken ones, side by side and apart', async () => {
    const broken = [1, 2, 3, 77, 130]
    const its = await world((ids, response) => ids.some((id) => broken.includes(id)) && status(500)(ids, response))
    const parts = await its.read(numbers(130))
    expect(refused(parts).map(([id]) => id)).toEqual(broken)
    expect(shown(parts)).toEqual(numbers(130).filter((id) => !broken.includes(id)))
  })

  test('a whole batch of broken ones does not make an outage of a server that shows others', async () => {
    const its = await world((ids, response) => ids.some((id) => id <= 20) && status(500)(ids, response), { probe: () => false })
    const parts = await its.read(numbers(130), 20)
    expect(refused(parts).map(([id]) => id)).toEqual(numbers(20))
    expect(shown(parts).toSorted((one, other) => one - other)).toEqual(numbers(130).slice(20))
  })
})

test('what fails once is read again and not halved', async () => {
  let failures = 1
  const its = await world((ids, response) => ids.length > 1 && failures-- > 0 && status(500)(ids, response))
  expect(shown(await its.read(numbers(130)))).toEqual(numbers(130))
  expect(its.sizes).toEqual([50, 0, 50, 50, 30])
})

test('a healthy server is asked nothing besides the batches', async () => {
  const its = await world(() => false)
  expect(shown(await its.read(numbers(130)))).toEqual(numbers(130))
  expect(its.sizes).toEqual([50, 50, 30])
})

describe('a server that is down', () => {
  for (const [name, quirk] of Object.entries(BROKEN)) {
    if (name === 'an answer that is too large') continue
    test(`${name} to everything, the probe as well, is an outage after at most 30 requests, and is not asked again`, async () => {
      const its = await world(quirk)
      expect(await errorOf(its.read(numbers(130)))).toMatchObject({ kind: 'transient' })
      const asked = its.server.asked.length
      expect(asked).toBeLessThanOrEqual(30)
      expect(await errorOf(its.read([7]))).toMatchObject({ kind: 'transient' })
      expect(its.server.asked.length).toBe(asked)
    })
  }

  test('that goes down while a broken thing is looked for is found down, too', async () => {
    let requests = 0
    const its = await world((ids, response) => (ids.includes(40) || (requests += 1) > 3) && status(503)(ids, response))
    expect(await errorOf(its.read(numbers(130)))).toMatchObject({ kind: 'transient' })
    expect(its.server.asked.length).toBeLessThanOrEqual(30)
  })

  test('that refuses connections is not halved', async () => {
    const closed = await serve(() => {})
    await closed[Symbol.asyncDispose]()
    const its = await world(() => false, { base: closed.url })
    expect(await errorOf(its.read(numbers(130)))).toMatchObject({ code: 'http_unreachable', kind: 'transient', message: expect.stringContaining('/probe') })
  })

  test('a name without an address is not halved', async () => {
    const its = await world(() => false, { base: 'http://nothing.invalid' })
    expect(await errorOf(its.read(numbers(130)))).toMatchObject({ code: 'http_unreachable', kind: 'transient' })
  })

  test('for a moment costs one batch read twice', async () => {
    let failures = 3
    const its = await world((ids, response) => failures-- > 0 && status(503)(ids, response))
    expect(shown(await its.read(numbers(130)))).toEqual(numbers(130))
    expect(its.sizes).toEqual([50, 0, 0, 0, 50, 50, 30])
  })

  test('that answers the probe, and shows none of the things, is an outage after at most 30 requests', async () => {
    const its = await world(status(500), { probe: () => false })
    expect(await errorOf(its.read(numbers(130)))).toMatchObject({ code: 'http_nothing_served', kind: 'transient' })
    expect(its.server.asked.length).toBeLessThanOrEqual(30)
  })

  test('any answer to the probe that is not a 5xx tells that it serves', async () => {
    for (const code of [401, 403, 404]) {
      const its = await world((ids, response) => ids.includes(9) && status(500)(ids, response), { probe: status(code) })
      expect(refused(await its.read(numbers(60)))).toHaveLength(1)
    }
  })
})

describe('never halved', () => {
  for (const [code, kind] of [[401, 'auth'], [403, 'auth'], [404, 'config'], [400, 'config']] as const) {
    test(`${code} is thrown as it came`, async () => {
      const its = await world(status(code))
      expect(await errorOf(its.read(numbers(130)))).toMatchObject({ kind })
      expect(its.sizes).toEqual([50])
    })
  }

  test('429 is waited for, also where nothing is retried, and thrown when patience ends', async () => {
    let refusals = 12
    const its = await world((ids, response) => refusals-- > 0 && status(429)(ids, response))
    expect(shown(await its.read(numbers(130)))).toEqual(numbers(130))
    expect(its.sizes.slice(-3)).toEqual([50, 50, 30])
    refusals = Number.POSITIVE_INFINITY
    expect(await errorOf(its.read(numbers(130)))).toMatchObject({ code: 'http_rate_limited', kind: 'transient' })
  })

  test('an abort ends it with the reason', async () => {
    const controller = new AbortController()
    const health = new ServerHealth({ probe: async () => {} })
    const read = async (): Promise<never> => {
      controller.abort(new Error('enough'))
      throw controller.signal.reason
    }
    const parts = readInParts([1, 2], { size: 2, read, health, signal: controller.signal, describe: String })
    expect(await errorOf(parts.next())).toMatchObject({ message: 'enough' })
  })
})

test('an error that the caller names as that of one thing is halved', async () => {
  const health = new ServerHealth({ probe: () => Promise.reject(new Error('not asked')) })
  const its = await world((ids, response) => ids.includes(5) && status(400)(ids, response))
  const client = new TestClient()
  open.push(client)
  const api = new JsonApi({ client, baseUrl: its.server.url })
  const read = (ids: readonly number[], call: { readonly signal: AbortSignal }) => api.get('/items', { ids: ids.join(',') }, call)
  const ofOne = ({ code }: LoaderError): boolean => code === 'http_status'
  const failed: number[] = []
  for await (const { items, error } of readInParts(numbers(8), { size: 8, read, health, signal, describe: String, ofOne })) if (error) failed.push(...items)
  expect(failed).toEqual([5])
})

describe('C7: a slow server', () => {
  test('a time-out makes the next requests smaller, and successes let them grow again', async () => {
    let most = 13
    const its = await world((ids) => ids.length > most, { probe: () => false, timeoutMs: 150 })
    expect(shown(await its.read(numbers(200)))).toEqual(numbers(200))
    expect(its.health.mostAtOnce).toBeLessThanOrEqual(13)
    const tooLarge = its.sizes.filter((size) => size > 13).length
    expect(tooLarge).toBeLessThanOrEqual(4)
    most = Number.POSITIVE_INFINITY
    await its.read(numbers(1_000))
    expect(its.sizes.at(-1)).toBeGreaterThan(13)
  })

  test('the next reading from the same source starts with the size that was answered', async () => {
    const its = await world((ids) => ids.length > 12, { probe: () => false, timeoutMs: 150 })
    await its.read(numbers(50))
    const before = its.sizes.length
    await its.read(numbers(24))
    expect(its.sizes.slice(before).every((size) => size <= 12)).toBe(true)
  })

  test('one that shows a single thing at a time still shows all', async () => {
    const its = await world((ids) => ids.length > 1, { probe: () => false, timeoutMs: 150 })
    expect(shown(await its.read(numbers(20), 10))).toEqual(numbers(20))
  })
})
