import { describe, expect, test } from 'vitest'
import { errorOf, serve, signal, TestClient } from './loopback.ts'
import type { Handler } from './loopback.ts'

const to =
  (table: Readonly<Record<string, string>>, status = 301): Handler =>
  (request, response) => {
    const location = table[request.url ?? '']
    if (location === undefined) response.end(request.url)
    else response.writeHead(status, { location }).end()
  }

describe('redirects', () => {
  test('are followed inside the origin, with each hop named', async () => {
    await using server = await serve(to({ '/a': 'b', '/b': '/c?x#y' }, 308))
    await using client = new TestClient()
    const answer = await client.request({ url: `${server.url}/a`, signal })
    expect(answer.url).toBe(`${server.url}/c?x`)
    expect(answer.redirects).toEqual([
      { status: 308, from: `${server.url}/a`, to: `${server.url}/b` },
      { status: 308, from: `${server.url}/b`, to: `${server.url}/c?x` },
    ])
  })

  test('are returned as they are when the caller wants so', async () => {
    await using server = await serve(to({ '/a': 'https://elsewhere.example/' }))
    await using client = new TestClient()
    const answer = await client.request({ url: `${server.url}/a`, signal, redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([301, 'https://elsewhere.example/'])
  })

  test.each([
    ['elsewhere', 'https://elsewhere.example/?token=hidden'],
    ['to a file', 'file:///etc/passwd'],
    ['with a password', 'http://user:hidden@127.0.0.1/'],
    ['to nowhere', 'http://[::bad'],
  ])('%s are refused', async (_, location) => {
    await using server = await serve(to({ '/a': location }))
    await using client = new TestClient()
    const error = await errorOf(client.request({ url: `${server.url}/a`, signal, redirect: { allows: (url) => url.host !== 'elsewhere.example' } }))
    expect(error).toMatchObject({ code: 'http_redirect_refused', kind: 'document' })
    expect(error.message).not.toContain('hidden')
  })

  test.each(['manual', 'same-origin'] as const)('J2: a target that repeats a secret is refused and not shown, with %s redirects', async (redirect) => {
    await using server = await serve(to({ '/a': '/x/token%2Fof-mine-4711?y', '/b': '/x/of-mine-4711' }))
    const secret = /(?:token(?:\/|%2F))?of-mine-4711/g
    await using client = new TestClient({ redact: (text) => text.replace(secret, '***') })
    const error = await errorOf(client.request({ url: `${server.url}/a`, signal, redirect }))
    expect(error).toMatchObject({ code: 'http_redirect_refused', kind: 'document', message: expect.stringContaining('repeats a secret') })
    expect(`${error.message} ${error.hint}`).not.toMatch(secret)
    expect(server.asked).toEqual(['GET /a'])
    expect(await client.request({ url: `${server.url}/b`, signal, redirect })).toMatchObject({ status: redirect === 'manual' ? 301 : 200 })
  })

  test('credentials and validators do not follow to another origin; validators not even within', async () => {
    await using other = await serve((_, response) => response.end())
    await using server = await serve(to({ '/a': other.url, '/b': '/c' }))
    await using client = new TestClient()
    const headers = { Authorization: 'Bearer x', cookie: 'y', 'X-Api-Key': 'z', 'If-None-Match': '"e"', Accept: 'text/html' }
    await client.request({ url: `${server.url}/a`, signal, headers, redirect: { allows: () => true } })
    await client.request({ url: `${server.url}/b`, signal, headers })
    expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer x', 'if-none-match': '"e"' })
    const [elsewhere] = other.requests
    for (const name of ['authorization', 'cookie', 'x-api-key', 'if-none-match']) expect(elsewhere?.headers).not.toHaveProperty(name)
    expect(elsewhere?.headers).toMatchObject({ accept: 'text/html', 'user-agent': 'test/1' })
    const within = server.requests[2]?.headers
    expect(within).toMatchObject({ authorization: 'Bearer x' })
    expect(within).not.toHaveProperty('if-none-match')
  })

  test('circles and long chains end, after at most the allowed number', async () => {
    await using circle = await serve(to({ '/a': '/b', '/b': '/a' }))
    await using chain = await serve((request, response) =>
      response.writeHead(302, { location: `/${Number(request.url?.slice(1)) + 1}` }).end(),
    )
    await using client = new TestClient({ maxRedirects: 4 })
    expect(await errorOf(client.request({ url: `${circle.url}/a`, signal }))).toMatchObject({ code: 'http_too_many_redirects', kind: 'document' })
    expect(await errorOf(client.request({ url: `${chain.url}/0`, signal }))).toMatchObject({ code: 'http_too_many_redirects' })
    expect(circle.asked).toHaveLength(2)
    expect(chain.asked).toHaveLength(5)
  })

  test('a POST keeps its body or is refused', async () => {
    const bodies: string[] = []
    await using server = await serve((request, response, body) => {
      bodies.push(`${request.method} ${body}`)
      if (request.url === '/7') response.writeHead(307, { location: '/end' }).end()
      else if (request.url === '/1') response.writeHead(301, { location: '/end' }).end()
      else response.end()
    })
    await using client = new TestClient()
    await client.request({ url: `${server.url}/7`, method: 'POST', body: 'q', signal })
    expect(bodies).toEqual(['POST q', 'POST q'])
    expect(await errorOf(client.request({ url: `${server.url}/1`, method: 'POST', body: 'q', signal }))).toMatchObject({ code: 'http_redirect_refused' })
  })

  test('a location in raw UTF-8 is understood', async () => {
    await using server = await serve((request, response) => {
      if (request.url === '/a') response.socket?.end(Buffer.from('HTTP/1.1 301 Moved\r\nLocation: /日本\r\nContent-Length: 0\r\n\r\n'))
      else response.end()
    })
    await using client = new TestClient()
    expect(decodeURI((await client.request({ url: `${server.url}/a`, signal })).url)).toBe(`${server.url}/日本`)
  })
})
