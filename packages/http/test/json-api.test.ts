import { describe, expect, test } from 'vitest'
import { isHttpStatusError, JsonApi } from '../src/index.ts'
import { errorOf, FakeTime, serve, signal, TestClient } from './loopback.ts'
import type { Handler } from './loopback.ts'

const json = (value: unknown): Handler => (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))

async function asking(handler: Handler, context = ''): Promise<{ api: JsonApi; asked: readonly string[]; url: string; requests: readonly { headers: object }[] } & AsyncDisposable> {
  const server = await serve(handler)
  const client = new TestClient({ ...new FakeTime().options, retries: 2 })
  const api = new JsonApi({ client, baseUrl: server.url + context, headers: { authorization: 'Bearer geheim' } })
  return {
    api,
    asked: server.asked,
    url: server.url,
    requests: server.requests,
    async [Symbol.asyncDispose]() {
      await client.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

describe('a call', () => {
  test('keeps the context path, encodes the query and parses the answer', async () => {
    await using its = await asking(json({ a: 1 }), '/wiki/')
    const answer = await its.api.get('/rest/api/content', { cql: 'space = "A&B" and x ~ "+"', expand: ['a', 'b'], limit: 5, none: undefined }, { signal })
    expect(answer).toMatchObject({ status: 200, body: { a: 1 } })
    expect(its.asked).toEqual(['GET /wiki/rest/api/content?cql=space%20%3D%20%22A%26B%22%20and%20x%20~%20%22%2B%22&expand=a&expand=b&limit=5'])
    expect(its.requests[0]?.headers).toMatchObject({ accept: 'application/json', authorization: 'Bearer geheim' })
  })

  test('posts JSON', async () => {
    await using its = await asking((request, response, body) => response.end(JSON.stringify([request.headers['content-type'], JSON.parse(body)])))
    expect((await its.api.post('x', { jql: 'a' }, undefined, { signal })).body).toEqual(['application/json', { jql: 'a' }])
  })

  test('does not leave the base URL by its path', async () => {
    await using its = await asking(json({}), '/wiki')
    expect(await errorOf(its.api.get('/../admin', undefined, { signal }))).toMatchObject({ code: 'http_bad_url', kind: 'internal' })
    expect(its.asked).toEqual([])
  })

  test('tells what time it is for the server, as it said last', async () => {
    const dates = ['Wed, 01 Jan 2031 00:00:00 GMT', undefined, 'Wed, 01 Jan 2031 00:00:09 GMT']
    await using its = await asking((_, response) => {
      response.sendDate = false
      const date = dates.shift()
      response.writeHead(200, date === undefined ? {} : { date }).end('{}')
    })
    expect(its.api.clock).toBeUndefined()
    const told: (number | undefined)[] = []
    for (let asked = 0; asked < 3; asked += 1) {
      await its.api.get('x', undefined, { signal })
      told.push(its.api.clock)
    }
    expect(told).toEqual([Date.UTC(2031, 0), Date.UTC(2031, 0), Date.UTC(2031, 0, 1, 0, 0, 9)])
  })

  test('204 has no body', async () => {
    await using its = await asking((_, response) => response.writeHead(204).end())
    expect((await its.api.get('x', undefined, { signal })).body).toBeNull()
  })
})

describe('a link', () => {
  test.each([
    ['a path with the context', '/wiki/api/v2/pages?cursor=a%3D%3D', '/wiki/api/v2/pages?cursor=a%3D%3D'],
    ['a path below the context', '/rest/api/content?start=2', '/wiki/rest/api/content?start=2'],
    ['a path that only begins like it', '/wikipedia', '/wiki/wikipedia'],
    ['a relative one', 'rest/x', '/wiki/rest/x'],
  ])('is followed: %s', async (_, link, expected) => {
    await using its = await asking(json({}), '/wiki')
    await its.api.getLink(link, { signal })
    expect(its.asked).toEqual([`GET ${expected}`])
  })

  test('of this origin is followed, and elsewhere refused before anything is sent', async () => {
    await using its = await asking(json({}), '/wiki')
    await its.api.getLink(`${its.url}/other?x=1`, { signal })
    expect(its.asked).toEqual(['GET /other?x=1'])
    for (const link of ['https://elsewhere.example/rest', '//elsewhere.example/rest', 'http://[']) {
      expect(await errorOf(its.api.getLink(link, { signal }))).toMatchObject({ code: 'http_redirect_refused', kind: 'config' })
    }
    expect(its.asked).toHaveLength(1)
  })
})

describe('an answer that is none', () => {
  test.each([
    [401, 'http_unauthorized', 'auth'],
    [403, 'http_forbidden', 'auth'],
    [404, 'http_not_found', 'config'],
    [400, 'http_status', 'config'],
    [410, 'http_status', 'config'],
  ])('%i is an error that carries its status and what the API says', async (status, code, kind) => {
    await using its = await asking((_, response) => response.writeHead(status).end(JSON.stringify({ errorMessages: ['The field\u001b[31m is wrong'], errors: {} })))
    const error = await errorOf(its.api.get('x', { token: 'geheim' }, { signal }))
    expect(error).toMatchObject({ code, kind, status, detail: 'The field [31m is wrong' })
    expect(error.message).not.toContain('geheim')
    expect([isHttpStatusError(error), isHttpStatusError(error, status), isHttpStatusError(error, 418)]).toEqual([true, true, false])
    expect(its.asked).toHaveLength(1)
  })

  test('J2: what the API says is redacted before it is cut', async () => {
    await using server = await serve((_, response) => response.writeHead(400).end(JSON.stringify({ message: `${'x'.repeat(290)} geheim-4711` })))
    await using client = new TestClient({ redact: (text) => text.replaceAll('geheim-4711', '***') })
    const api = new JsonApi({ client, baseUrl: server.url })
    const error = await errorOf(api.get('x', undefined, { signal }))
    expect(error).toMatchObject({ detail: `${'x'.repeat(290)} ***` })
    expect(error.message).not.toContain('geheim')
  })

  test('an accepted status is returned, also with a body that is no JSON', async () => {
    await using its = await asking((_, response) => response.writeHead(404).end('<html>login'))
    expect(await its.api.get('x', undefined, { signal, accept: [404] })).toMatchObject({ status: 404, body: null })
  })

  test('success as nobody is an error of credentials: the listing would be short', async () => {
    await using its = await asking((_, response) => response.writeHead(200, { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }).end('{}'))
    expect(await errorOf(its.api.get('x', undefined, { signal }))).toMatchObject({ code: 'http_unauthorized', kind: 'auth' })
  })

  test('J13: a CAPTCHA names the page to log in at, also where the status is one that the caller takes', async () => {
    const denied = { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://jira.test/j/login.jsp', 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' }
    await using its = await asking((_, response) => response.writeHead(403, denied).end('Basic Authentication Failure'))
    for (const accept of [[], [403]]) {
      const error = await errorOf(its.api.get('x', undefined, { signal, accept }))
      expect(error).toMatchObject({ code: 'http_captcha', kind: 'auth' })
      expect(error.hint).toContain('https://jira.test/j/login.jsp')
    }
  })

  test('J13: a CAPTCHA without an address names the server', async () => {
    await using its = await asking((_, response) => response.writeHead(401, { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE' }).end())
    expect((await errorOf(its.api.get('x', undefined, { signal }))).hint).toContain('log-in page of 127.0.0.1')
  })

  test('JSON that is cut short is asked for again', async () => {
    await using its = await asking((_, response) => response.end(its.asked.length < 3 ? '{"results":[{"id"' : '{"results":[]}'))
    expect((await its.api.get('x', undefined, { signal })).body).toEqual({ results: [] })
    expect(its.asked).toHaveLength(3)
  })

  test('and stays so is an error that quotes nothing of it', async () => {
    await using its = await asking((_, response) => response.end('{"token":"geheim"'))
    const error = await errorOf(its.api.get('x', undefined, { signal }))
    expect(error).toMatchObject({ code: 'http_bad_json', kind: 'transient' })
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain('geheim')
  })

  test('a page to sign in is an error of credentials, whether it answers or is redirected to', async () => {
    await using its = await asking((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { location: 'https://id.example.com/login?continue=x' }).end()
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title><input type="password">')
    })
    for (const path of ['page', 'redirect']) {
      expect(await errorOf(its.api.get(path, undefined, { signal }))).toMatchObject({ code: 'http_login_page', kind: 'auth' })
    }
    expect(its.asked).toHaveLength(2)
  })

  test('a redirect to where the server lives now is an error of configuration', async () => {
    await using its = await asking((_, response) => response.writeHead(301, { location: 'https://new.example.com/x' }).end())
    expect(await errorOf(its.api.get('x', undefined, { signal }))).toMatchObject({
      code: 'http_redirect_refused',
      kind: 'config',
      message: expect.stringContaining('https://new.example.com/x'),
    })
  })

  test('another web page is retried like a broken connection', async () => {
    await using its = await asking((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>'))
    expect(await errorOf(its.api.get('x', undefined, { signal }))).toMatchObject({ code: 'http_bad_json', kind: 'transient' })
    expect(its.asked).toHaveLength(3)
  })
})
