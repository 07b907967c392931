import { createServer } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { errorOf, FakeTime, serve, signal, TestClient } from './loopback.ts'

const text = (body: Uint8Array): string => Buffer.from(body).toString()

describe('an answer', () => {
  test('comes back with its status, headers and whole body, whatever the status', async () => {
    await using server = await serve((_, response) => response.writeHead(404, { etag: '"a"' }).end('nothing here'))
    await using client = new TestClient()
    const answer = await client.request({ url: `${server.url}/x?y=1#part`, signal })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('etag')).toBe('"a"')
    expect(text(answer.body)).toBe('nothing here')
    expect(answer.url).toBe(`${server.url}/x?y=1`)
    expect(server.asked).toEqual(['GET /x?y=1'])
    expect(server.requests[0]?.headers['user-agent']).toBe('test/1')
  })

  test('J2: an ETag that repeats a secret is as none, so that it is kept nowhere', async () => {
    await using server = await serve((_, response) => response.writeHead(200, { etag: '"Bearer geheim-4711"', 'last-modified': 'geheim-4711', 'x-a': 'b' }).end('text'))
    await using client = new TestClient({ redact: (text) => text.replaceAll('geheim-4711', '***') })
    const { headers } = await client.request({ url: server.url, signal })
    expect([headers.get('etag'), headers.get('last-modified'), headers.get('x-a')]).toEqual([null, null, 'b'])
  })

  test('304, 204 and HEAD have empty bodies', async () => {
    await using server = await serve((request, response) => {
      response.writeHead(request.url === '/304' ? 304 : request.url === '/204' ? 204 : 200, request.url === '/h' ? { 'content-length': '50' } : {}).end()
    })
    await using client = new TestClient()
    for (const path of ['/304', '/204']) expect((await client.request({ url: server.url + path, signal })).body.byteLength).toBe(0)
    expect((await client.request({ url: `${server.url}/h`, method: 'HEAD', signal })).body.byteLength).toBe(0)
  })

  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['identity', (body: string) => Buffer.from(body)],
  ] as const)('is decompressed from %s', async (coding, compress) => {
    await using server = await serve((_, response) => response.writeHead(200, { 'content-encoding': coding }).end(compress('grüß dich')))
    await using client = new TestClient()
    expect(text((await client.request({ url: server.url, signal })).body)).toBe('grüß dich')
  })

  test('an empty body needs no coding', async () => {
    await using server = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end())
    await using client = new TestClient()
    expect((await client.request({ url: server.url, signal })).body.byteLength).toBe(0)
  })

  test('a coding that was not asked for is an error of the document', async () => {
    await using server = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'zstd' }).end('xx'))
    await using client = new TestClient()
    expect(await errorOf(client.request({ url: server.url, signal }))).toMatchObject({ code: 'http_bad_encoding', kind: 'document' })
  })
})

describe('limits', () => {
  test('a body over the limit is refused, with and without a length, and the connection is cut', async () => {
    let sent = 0
    await using server = await serve((request, response) => {
      if (request.url === '/length') return void response.writeHead(200, { 'content-length': '2000' }).end(Buffer.alloc(2000))
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)) && sent < 1e9) sent += 65_536
      }
      response.on('drain', more)
      more()
    })
    await using client = new TestClient({ maxBytes: 1000 })
    for (const path of ['/length', '/endless']) {
      expect(await errorOf(client.request({ url: server.url + path, signal }))).toMatchObject({ code: 'http_too_large', kind: 'document' })
    }
    expect(sent).toBeLessThan(1e8)
    expect(server.asked).toHaveLength(2)
  })

  test('a decompression bomb stops at the limit', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(200_000_000)))
    await using server = await serve((request, response) =>
      response.writeHead(200, { 'content-encoding': request.url === '/three' ? 'gzip, gzip, gzip' : 'gzip, gzip' }).end(bomb),
    )
    await using client = new TestClient({ maxBytes: 1_000_000 })
    const before = process.memoryUsage().arrayBuffers
    expect(await errorOf(client.request({ url: server.url, signal }))).toMatchObject({ code: 'http_too_large' })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
    expect(await errorOf(client.request({ url: `${server.url}/three`, signal }))).toMatchObject({ code: 'http_bad_encoding' })
  })

  test('one limit of time holds for headers and body', async () => {
    await using server = await serve((request, response) => {
      if (request.url === '/body') response.writeHead(200).write('begins')
    })
    await using client = new TestClient({ timeoutMs: 40, retries: 0 })
    for (const path of ['/headers', '/body']) {
      expect(await errorOf(client.request({ url: server.url + path, signal }))).toMatchObject({ code: 'http_timeout', kind: 'transient' })
    }
  })

  test('no more than the configured number of requests is under way at once to one host', async () => {
    let open = 0
    let most = 0
    await using server = await serve((_, response) => {
      most = Math.max(most, ++open)
      setImmediate(() => {
        open -= 1
        response.end()
      })
    })
    await using client = new TestClient({ maxConcurrency: 3 })
    await Promise.all(Array.from({ length: 20 }, () => client.request({ url: server.url, signal })))
    expect(most).toBe(3)
    expect(server.asked).toHaveLength(20)
  })
})

describe('a broken answer', () => {
  async function raw(bytes: string | Buffer): Promise<{ url: string; close: () => void; count: () => number }> {
    let count = 0
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => {
        count += 1
        socket.end(bytes)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, close: () => server.close(), count: () => count }
  }

  test.each([
    ['shorter than its length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort', 'http_unreachable'],
    ['chunked and cut', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n', 'http_unreachable'],
    ['cut before the headers', 'HTTP/1.1 200 OK\r\nContent-', 'http_unreachable'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n', 'http_bad_response'],
    [
      'compressed and cut',
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n'), gzipSync('a text of some length').subarray(0, -9)]),
      'http_truncated',
    ],
  ])('%s is retried, and never comes back short', async (_, bytes, code) => {
    const server = await raw(bytes)
    await using client = new TestClient({ retries: 2, ...new FakeTime().options })
    expect(await errorOf(client.request({ url: server.url, signal }))).toMatchObject({ code, kind: 'transient' })
    expect(server.count()).toBe(3)
    server.close()
  })

  test('a refused connection and an unknown name are unreachable', async () => {
    const server = await raw('')
    server.close()
    await using client = new TestClient({ retries: 0 })
    expect(await errorOf(client.request({ url: server.url, signal }))).toMatchObject({ code: 'http_unreachable', message: expect.stringContaining('refused') })
    expect(await errorOf(client.request({ url: 'http://nothing.invalid/', signal }))).toMatchObject({ code: 'http_unreachable' })
  })
})

describe('abort', () => {
  test('stops a request under way, one in the queue and one that waits, with the reason of the signal', async () => {
    await using server = await serve(() => {})
    await using client = new TestClient({ maxConcurrency: 1 })
    const controller = new AbortController()
    const all = [0, 1].map(() => errorOf(client.request({ url: server.url, signal: controller.signal })))
    while (server.asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
    controller.abort(new Error('enough'))
    expect((await Promise.all(all)).map((error) => error.message)).toEqual(['enough', 'enough'])
    expect((await errorOf(client.request({ url: server.url, signal: controller.signal }))).message).toBe('enough')
    expect(server.asked).toHaveLength(1)
  })

  test('ends a pause at once', async () => {
    await using server = await serve((_, response) => response.writeHead(429, { 'retry-after': '100' }).end())
    const controller = new AbortController()
    await using client = new TestClient({ progress: () => controller.abort(new Error('enough')) })
    expect((await errorOf(client.request({ url: server.url, signal: controller.signal }))).message).toBe('enough')
  })
})
