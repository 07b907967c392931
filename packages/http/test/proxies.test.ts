import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ProxySimulator } from '@qdrant-loader/simulators'
import { describe, expect, test } from 'vitest'
import { proxyFor } from '../src/index.ts'
import { errorOf, FakeTime, listen, serve, signal, TestClient } from './loopback.ts'

const time = new FakeTime()
const CREDENTIALS = { user: 'jane', password: 'p@ss:w/ord' }

describe('S14: which proxy is for which address', () => {
  const proxies = { http: 'http://one:3128', https: 'http://two:3128' }
  test.each([
    ['http://docs.example.com/', 'one:3128'],
    ['https://docs.example.com/', 'two:3128'],
    // As curl and git do: this machine too.
    ['http://localhost:6333/', 'one:3128'],
  ])('%s: %s', (url, host) => expect(proxyFor(new URL(url), proxies)?.host).toBe(host))

  test.each([
    ['*', 'https://anything/'],
    ['docs.example.com', 'https://docs.example.com/'],
    ['example.com', 'https://docs.example.com/'],
    ['.example.com', 'https://docs.example.com/'],
    ['*.example.com', 'https://docs.example.com/'],
    ['EXAMPLE.com', 'https://DOCS.example.COM/'],
    ['other, example.com', 'https://example.com/'],
    ['other example.com.', 'https://example.com/'],
    ['example.com:443', 'https://example.com/'],
    ['example.com:80', 'http://example.com/'],
    ['localhost,127.0.0.1', 'http://127.0.0.1:6333/'],
    ['127.0.0.0/8', 'http://127.0.0.1:6333/'],
    ['::1', 'http://[::1]:6333/'],
    ['[::1]:6333', 'http://[::1]:6333/'],
    ['fd00::/8', 'http://[fd12::1]/'],
  ])('NO_PROXY=%s: %s is asked directly', (no, url) => expect(proxyFor(new URL(url), { ...proxies, no })).toBeUndefined())

  test.each([
    ['ample.com', 'https://example.com/'],
    ['docs.example.com', 'https://example.com/'],
    ['example.com:8443', 'https://example.com/'],
    ['10.0.0.0/8', 'http://11.0.0.1/'],
    ['10.0.0.0/8', 'http://ten.example.com/'],
    ['', 'https://example.com/'],
    [' , ,', 'https://example.com/'],
  ])('NO_PROXY=%s: %s is not', (no, url) => expect(proxyFor(new URL(url), { ...proxies, no })).toBeDefined())

  test('without a scheme it is an http proxy; what is no HTTP proxy is an error without its password', () => {
    expect(proxyFor(new URL('http://a/'), { http: 'proxy:3128' })?.href).toBe('http://proxy:3128/')
    expect(proxyFor(new URL('http://a/'), { http: '' })).toBeUndefined()
    for (const bad of ['socks5://me:secret@proxy:1080', 'http://', 'ftp://x']) {
      expect(() => proxyFor(new URL('http://a/'), { http: bad })).toThrow(/^HTTP_PROXY does not name an HTTP proxy$/)
    }
  })
})

describe('S14: through a proxy', () => {
  test('an http address is asked as the proxy\'s own request, with credentials that the server does not see', async () => {
    await using server = await serve((request, response) => response.end(`${request.headers.host} ${request.url}`))
    await using proxy = await ProxySimulator.start({ credentials: CREDENTIALS, names: { 'docs.example.com': Number(server.host.split(':')[1]) }, tunnelsTo443Only: true })
    await using client = new TestClient({ ...time.options, proxies: { http: proxy.url } })
    const answer = await client.request({ url: 'http://docs.example.com/a?b=c', signal })
    expect(Buffer.from(answer.body).toString()).toBe('docs.example.com /a?b=c')
    expect(proxy.seen.map(({ method, target }) => `${method} ${target}`)).toEqual(['GET http://docs.example.com/a?b=c'])
    expect(server.requests[0]?.headers['proxy-authorization']).toBeUndefined()
  })

  test('an https address is asked through a tunnel, and its certificate is checked', async () => {
    const file = (name: string): string => fileURLToPath(new URL(`certificate/${name}`, import.meta.url))
    const server = createServer({ key: await readFile(file('server-key.pem')), cert: await readFile(file('server.pem')) }, (_, response) => response.end())
    const port = await listen(server)
    await using proxy = await ProxySimulator.start({ credentials: CREDENTIALS, names: { 'docs.example.com': port } })
    const ask = async (host: string): Promise<string> => {
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: file('authority.pem'), ASK_THROUGH: proxy.url }
      return (await promisify(execFile)(process.execPath, [file('ask-once.ts'), `https://${host}:${port}/`], { env })).stdout
    }
    expect(await ask('localhost')).toBe('200')
    expect(await ask('docs.example.com')).toBe('http_certificate config')
    expect(proxy.seen.map(({ method, target }) => `${method} ${target}`)).toEqual([`CONNECT localhost:${port}`, `CONNECT docs.example.com:${port}`])
    server.closeAllConnections()
    server.close()
  })

  test('POST, redirects, counts and the pace work as without one', async () => {
    await using server = await serve((request, response, body) => {
      if (request.url === '/from') response.writeHead(307, { location: '/to' })
      response.end(body)
    })
    await using proxy = await ProxySimulator.start({ names: { api: Number(server.host.split(':')[1]) } })
    const counted: string[] = []
    await using client = new TestClient({ ...time.options, proxies: { http: proxy.url }, count: (kind) => counted.push(kind) })
    const { body, redirects } = await client.request({ url: 'http://api/from', method: 'POST', body: 'words', signal })
    expect([Buffer.from(body).toString(), redirects.length, counted.length]).toEqual(['words', 1, 2])
  })

  test('what NO_PROXY names is asked directly', async () => {
    await using server = await serve((_, response) => response.end())
    await using proxy = await ProxySimulator.start()
    await using client = new TestClient({ ...time.options, proxies: { http: proxy.url, no: '127.0.0.1' } })
    await client.request({ url: server.url, signal })
    expect([proxy.seen.length, server.asked.length]).toEqual([0, 1])
  })

  for (const scheme of ['http', 'https'] as const) {
    test(`${scheme}: a proxy that refuses, wants credentials, reaches nothing or is away says so, without the password`, async () => {
      await using proxy = await ProxySimulator.start({ credentials: CREDENTIALS, forbidden: ['forbidden.example.com'] })
      const ask = async (host: string, url = proxy.url) => {
        await using client = new TestClient({ ...time.options, proxies: { http: url, https: url } })
        return errorOf(client.request({ url: `${scheme}://${host}/`, signal }))
      }
      const wrong = await ask('a.example.com', `http://jane:wrong-secret@${proxy.host}`)
      expect(wrong).toMatchObject({ code: 'http_proxy_unauthorized', kind: 'auth', message: expect.stringContaining(proxy.host) })
      expect(await ask('a.example.com', `http://${proxy.host}`)).toMatchObject({ code: 'http_proxy_unauthorized', message: expect.stringContaining('without credentials') })
      if (scheme === 'https') {
        expect(await ask('forbidden.example.com')).toMatchObject({ code: 'http_proxy_refused', kind: 'config', hint: expect.stringContaining('NO_PROXY') })
      }
      expect(await ask('nowhere.example.com')).toMatchObject({ kind: 'transient' })
      const gone = await ask('a.example.com', 'http://jane:wrong-secret@127.0.0.1:1')
      expect(gone).toMatchObject({ code: 'http_unreachable', kind: 'transient', message: expect.stringContaining('through the proxy 127.0.0.1:1') })
      for (const error of [wrong, gone]) expect(`${error.message} ${error.hint} ${String(error.stack)}`).not.toContain('wrong-secret')
    })
  }
})

describe('S14: the guard of public addresses holds through a proxy', () => {
  test.each([
    'http://127.0.0.1/', 'http://10.0.0.1/', 'http://[::1]/', 'http://[::ffff:10.0.0.1]/', 'http://169.254.169.254/latest/meta-data', 'http://2130706433/',
    'http://localhost/', 'http://a.localhost/', 'http://printer.local/', 'http://metadata.google.internal/', 'http://localhost./',
  ])('%s is refused, and the proxy is not asked', async (url) => {
    await using proxy = await ProxySimulator.start()
    await using client = new TestClient({ ...time.options, network: 'public', proxies: { http: proxy.url } })
    expect(await errorOf(client.request({ url, signal }))).toMatchObject({ code: 'http_address_refused', kind: 'config' })
    expect(proxy.seen).toEqual([])
  })

  test('a name that leads to private addresses here is refused; one that only the proxy knows, and one that is public, are not', async () => {
    await using server = await serve((_, response) => response.end())
    const port = Number(server.host.split(':')[1])
    await using proxy = await ProxySimulator.start({ names: { 'intranet.example.com': port, 'unknown.example.com': port, 'public.example.com': port } })
    const addresses: Readonly<Record<string, string>> = { 'intranet.example.com': '10.1.2.3', 'public.example.com': '93.184.216.34' }
    await using client = new TestClient({
      ...time.options,
      network: 'public',
      proxies: { http: proxy.url },
      lookup: ((host: string, _options: object, done: (...found: unknown[]) => void) => {
        const address = addresses[host]
        if (address === undefined) done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))
        else done(null, [{ address, family: 4 }])
      }) as never,
    })
    expect(await errorOf(client.request({ url: 'http://intranet.example.com/', signal }))).toMatchObject({ code: 'http_address_refused' })
    for (const host of ['unknown', 'public']) expect((await client.request({ url: `http://${host}.example.com/`, signal })).status).toBe(200)
    expect(proxy.seen).toHaveLength(2)
  })

  test('a redirect to a private address is refused', async () => {
    await using server = await serve((_, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end())
    await using proxy = await ProxySimulator.start({ names: { 'public.example.com': Number(server.host.split(':')[1]) } })
    await using client = new TestClient({ ...time.options, network: 'public', proxies: { http: proxy.url } })
    const error = await errorOf(client.request({ url: 'http://public.example.com/', signal, redirect: { allows: () => true } }))
    expect(error).toMatchObject({ code: 'http_address_refused' })
    expect(proxy.seen).toHaveLength(1)
  })
})
