import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import { describe, expect, test } from 'vitest'
import { errorOf, FakeTime, serve, signal, TestClient } from './loopback.ts'

const START = 'Sun, 01 Mar 2026 12:00:00 GMT'

describe('the pace', () => {
  test('keeps requests to one host apart, in the order in which they were asked for', async () => {
    const time = new FakeTime()
    const starts: [string, number][] = []
    await using server = await serve((request, response) => {
      starts.push([request.url ?? '', time.now])
      response.end()
    })
    await using client = new TestClient({ requestsPerMinute: 120, ...time.options })
    const first = time.now
    await Promise.all([1, 2, 3, 4].map((n) => client.request({ url: `${server.url}/${n}`, signal })))
    expect(starts.map(([path]) => path)).toEqual(['/1', '/2', '/3', '/4'])
    expect(time.slept).toEqual([500, 500, 500])
    expect(time.now - first).toBe(1500)
  })

  test('holds for retries and redirects too, and hosts do not wait for each other', async () => {
    const time = new FakeTime()
    await using other = await serve((_, response) => response.end())
    await using server = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end()
      else response.end()
    })
    await using client = new TestClient({ requestsPerMinute: 60, ...time.options })
    await client.request({ url: `${server.url}/a`, signal })
    expect(time.slept).toEqual([1000])
    await client.request({ url: other.url, signal })
    expect(time.slept).toEqual([1000])
  })

  test("a site's own delay makes it slower, never faster, also when it is set before the first request", async () => {
    const time = new FakeTime()
    await using server = await serve((_, response) => response.end())
    const said: string[] = []
    await using client = new TestClient({ requestsPerMinute: 60, ...time.options, progress: (line) => said.push(line) })
    client.setPace(server.host, 10_000)
    for (let n = 0; n < 2; n += 1) await client.request({ url: server.url, signal })
    client.setPace(server.host, 10)
    await client.request({ url: server.url, signal })
    expect(time.slept).toEqual([10_000, 1000])
    expect(said).toEqual([`waiting 10 s, the pace of ${server.host}`])
  })

  test('a clock that is set back stretches no wait', async () => {
    const time = new FakeTime()
    await using server = await serve((_, response) => response.end())
    await using client = new TestClient({ requestsPerMinute: 60, ...time.options })
    await client.request({ url: server.url, signal })
    time.now -= 86_400_000
    await client.request({ url: server.url, signal })
    await client.request({ url: server.url, signal })
    expect(time.slept).toEqual([1000, 1000])
  })
})

describe('a server that asks to wait', () => {
  test.each([
    ['seconds', '30', 30_000],
    ['a date', 'Sun, 01 Mar 2026 12:00:20 GMT', 20_000],
    ['a date in another zone', 'Sun, 01 Mar 2026 14:00:20 +0200', 20_000],
  ])('is obeyed: Retry-After as %s', async (_, value, expected) => {
    const time = new FakeTime()
    const said: string[] = []
    await using server = await serve((_, response) => {
      if (server.asked.length === 1) response.writeHead(429, { 'retry-after': value, date: START }).end()
      else response.end('ok')
    })
    await using client = new TestClient({ ...time.options, progress: (line) => said.push(line) })
    expect((await client.request({ url: server.url, signal })).status).toBe(200)
    expect(time.slept).toEqual([expected])
    expect(said).toEqual([`waiting ${expected / 1000} s, ${server.host} asks for it`])
  })

  test("a date counts from the server's clock, not from ours", async () => {
    const time = new FakeTime()
    time.now += 3_600_000
    await using server = await serve((_, response) => {
      if (server.asked.length === 1) response.writeHead(503, { 'retry-after': 'Sun, 01 Mar 2026 12:00:05 GMT', date: START }).end()
      else response.end('ok')
    })
    await using client = new TestClient(time.options)
    await client.request({ url: server.url, signal })
    expect(time.slept).toEqual([5000])
  })

  test('stops all requests to the host for as long', async () => {
    const time = new FakeTime()
    await using server = await serve((request, response) => {
      if (request.url === '/first' && server.asked.length === 1) response.writeHead(429, { 'retry-after': '60' }).end()
      else response.end(String(time.now))
    })
    await using client = new TestClient({ maxConcurrency: 1, ...time.options })
    const until = time.now + 60_000
    const [, second] = await Promise.all(['/first', '/second'].map((path) => client.request({ url: server.url + path, signal })))
    expect(Number(Buffer.from(second?.body ?? []).toString())).toBeGreaterThanOrEqual(until)
  })

  test('and asks for too long is given up, with the time it asked for, and not asked again', async () => {
    const time = new FakeTime()
    await using server = await serve((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end())
    await using client = new TestClient({ ...time.options, retry: { ...DEFAULT_RETRY, rateLimitPatienceMs: 60_000 } })
    for (let n = 0; n < 2; n += 1) {
      expect(await errorOf(client.request({ url: server.url, signal }))).toMatchObject({
        code: 'http_rate_limited',
        kind: 'transient',
        status: 429,
        retryAfterMs: 3_600_000,
      })
    }
    expect(server.asked).toHaveLength(1)
    expect(time.slept).toEqual([])
  })

  test.each([
    ['a date, as on Atlassian Cloud', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2026-03-01T12:00:07Z', date: START }, 7000],
    ['seconds since the epoch', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1772366407', date: START }, 7000],
    ['seconds from now', { 'ratelimit-remaining': '0', 'ratelimit-reset': '7' }, 7000],
    ['an interval, as on Data Center', { 'x-ratelimit-remaining': '0', 'x-ratelimit-interval-seconds': '7' }, 7000],
    ['a far time', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9000' }, 60_000],
  ])('when its quota is used up, the next request waits: %s', async (_, headers, expected) => {
    const time = new FakeTime()
    await using server = await serve((_, response) => response.writeHead(200, server.asked.length === 1 ? headers : {}).end())
    await using client = new TestClient(time.options)
    for (let n = 0; n < 2; n += 1) await client.request({ url: server.url, signal })
    expect(time.slept).toEqual([expected])
  })

  test.each([{}, { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '60' }, { 'x-ratelimit-remaining': '', 'x-ratelimit-reset': '60' }, { 'retry-after': '9' }])(
    'a success with %j is followed by no wait',
    async (headers) => {
      const time = new FakeTime()
      await using server = await serve((_, response) => response.writeHead(200, headers).end())
      await using client = new TestClient(time.options)
      for (let n = 0; n < 2; n += 1) await client.request({ url: server.url, signal })
      expect(time.slept).toEqual([])
    },
  )
})

describe('retries', () => {
  test.each([408, 425, 500, 502, 503, 504, 520])('%i is asked again with growing pauses, then thrown', async (status) => {
    const time = new FakeTime()
    const counted: string[] = []
    await using server = await serve((_, response) => response.writeHead(status).end())
    await using client = new TestClient({ ...time.options, retries: 3, count: (kind) => counted.push(kind) })
    expect(await errorOf(client.request({ url: `${server.url}/p?token=secret`, signal, counts: 'content' }))).toMatchObject({
      code: 'http_server_error',
      kind: 'transient',
      status,
      message: expect.not.stringContaining('secret'),
    })
    expect(server.asked).toHaveLength(4)
    expect(time.slept).toEqual([500, 1000, 2000])
    expect(counted).toEqual(['content', 'content', 'content', 'content'])
  })

  describe('J8: 429, several times in a row', () => {
    const bucket = { 'x-ratelimit-remaining': '0', 'x-ratelimit-interval-seconds': '20', 'x-ratelimit-fillrate': '1' }
    test.each([
      ['without a word of how long', {}, [500, 1000, 2000, 4000, 8000, 16_000]],
      ['with Retry-After: 0', { 'retry-after': '0' }, [500, 1000, 2000, 4000, 8000, 16_000]],
      ['with Retry-After: 0 and an empty bucket', { 'retry-after': '0', ...bucket }, [20_000, 20_000, 20_000, 20_000, 20_000, 20_000]],
      ['with Retry-After: 3', { 'retry-after': '3' }, [3000, 3000, 3000, 4000, 8000, 16_000]],
    ])('%s: the longest of what was said and of the back-off is waited, and no retry is spent', async (_, headers, slept) => {
      const time = new FakeTime()
      await using server = await serve((_, response) => {
        if (server.asked.length <= 6) response.writeHead(429, headers)
        response.end('{}')
      })
      await using client = new TestClient({ ...time.options, retries: 0 })
      expect((await client.request({ url: server.url, signal })).status).toBe(200)
      expect(time.slept).toEqual(slept)
    })

    test('patience ends after its time, ten minutes as a default, however often it was asked', async () => {
      const time = new FakeTime()
      await using server = await serve((_, response) => response.writeHead(429).end())
      await using client = new TestClient({ ...time.options, retries: 0 })
      expect(await errorOf(client.request({ url: server.url, signal }))).toMatchObject({ code: 'http_rate_limited', kind: 'transient', status: 429 })
      const waited = time.slept.reduce((sum, ms) => sum + ms, 0)
      expect(waited).toBeGreaterThan(560_000)
      expect(waited).toBeLessThanOrEqual(600_000)
      await using hasty = new TestClient({ ...time.options, retry: { ...DEFAULT_RETRY, delayMs: 500, rateLimitPatienceMs: 2_000 } })
      time.slept.length = 0
      await errorOf(hasty.request({ url: server.url, signal }))
      expect(time.slept).toEqual([250, 500, 1000])
    })

    test('the progress says that it waits', async () => {
      const time = new FakeTime()
      const said: string[] = []
      await using server = await serve((_, response) => response.writeHead(server.asked.length <= 5 ? 429 : 200).end())
      await using client = new TestClient({ ...time.options, progress: (activity) => said.push(activity) })
      await client.request({ url: server.url, signal })
      expect(said).toEqual([2, 4, 8].map((seconds) => `waiting ${seconds} s, ${server.host} asks for it`))
    })
  })

  test('one request may have fewer retries than the client, or more', async () => {
    const time = new FakeTime()
    await using server = await serve((_, response) => response.writeHead(500).end())
    await using client = new TestClient({ ...time.options, retries: 1 })
    for (const [retries, expected] of [[0, 1], [3, 4], [undefined, 2]] as const) {
      const before = server.asked.length
      await errorOf(client.request({ url: server.url, signal, ...(retries !== undefined && { retries }) }))
      expect(server.asked.length - before).toBe(expected)
    }
  })

  test('a status that the caller takes is returned at once, and its pause is still kept', async () => {
    const time = new FakeTime()
    await using server = await serve((_, response) => response.writeHead(503, { 'retry-after': '3' }).end())
    await using client = new TestClient(time.options)
    for (let n = 0; n < 2; n += 1) expect((await client.request({ url: server.url, signal, accept: [503] })).status).toBe(503)
    expect(time.slept).toEqual([3000])
  })

  test('a POST is sent once, unless it is repeatable', async () => {
    const time = new FakeTime()
    const bodies: string[] = []
    await using server = await serve((_, response, body) => {
      bodies.push(body)
      response.writeHead(502).end()
    })
    await using client = new TestClient({ ...time.options, retries: 1 })
    await errorOf(client.request({ url: server.url, method: 'POST', body: 'once', signal }))
    await errorOf(client.request({ url: server.url, method: 'POST', body: 'twice', signal, repeatable: true }))
    expect(bodies).toEqual(['once', 'twice', 'twice'])
  })

  test('the longest back-off is a minute, jitter included', async () => {
    const time = new FakeTime()
    await using server = await serve((_, response) => response.writeHead(500).end())
    await using client = new TestClient({ ...time.options, random: () => 0.999_999, retries: 9 })
    await errorOf(client.request({ url: server.url, signal }))
    expect(time.slept).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })

  test('what the caller finds wrong with an answer is retried too', async () => {
    await using server = await serve((_, response) => response.end(String(server.asked.length)))
    await using client = new TestClient(new FakeTime().options)
    const { LoaderError } = await import('@qdrant-loader/connector-sdk')
    const answer = await client.request({ url: server.url, signal }, ({ body }) => {
      if (Buffer.from(body).toString() !== '3') throw new LoaderError({ code: 'x', kind: 'transient', message: 'not yet', hint: '' })
    })
    expect(Buffer.from(answer.body).toString()).toBe('3')
  })
})
