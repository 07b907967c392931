import type { IncomingHttpHeaders } from 'node:http'
import { basicAuth, SiteSimulator } from '@qdrant-loader/simulators'
import type { PageContent } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'

let world: EffectsWorld
let site: SiteSimulator

beforeEach(async () => {
  world = createEffectsWorld()
  site = await SiteSimulator.start()
  page('/', ['/guide/', '/api/', '/guide/deep/one.html'])
  page('/guide/', ['/guide/install.html', '/guide/old/'])
  page('/guide/install.html')
  page('/guide/old/', ['/guide/old/1.html'])
  page('/guide/old/1.html')
  page('/guide/deep/one.html', ['/guide/deep/two.html'])
  page('/guide/deep/two.html', ['/guide/deep/three.html'])
  page('/guide/deep/three.html')
  page('/api/')
  site.world.createPage('/unlinked.html', { blocks: [{ kind: 'paragraph', text: 'Nobody links here.' }] })
})

afterEach(() => site.close())

function page(path: string, links: readonly string[] = [], more: Partial<PageContent> = {}): void {
  site.world.createPage(path, { links, listed: false, blocks: [{ kind: 'paragraph', text: `This is the text of the page ${path}.` }], ...more })
}

const GLOBAL = `global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  ingestion: { batch: { retry_attempts: 0 } }
`

/** Configures sources by their names; each has what is needed to read the simulated site quickly. */
function configure(sources: Readonly<Record<string, string>>, type = 'public-docs'): void {
  const lines = Object.entries(sources).map(([name, more]) => {
    const base = more.includes('base_url') ? '' : `base_url: "${site.url}/", `
    const open = more.includes('allow_private_networks') ? '' : 'allow_private_networks: true, '
    const pace = more.includes('requests_per_minute') ? '' : 'requests_per_minute: 60000, '
    return `    ${name}: { ${base}${open}${pace}${more} }\n`
  })
  world.configure(`${GLOBAL}sources:\n  ${type}:\n${lines.join('')}`)
}

/** Paths of the documents of a source. */
async function paths(source: string): Promise<readonly string[]> {
  return (await world.documents(['--source', source])).map((id) => id.slice(site.url.length))
}

async function read(sources: Readonly<Record<string, string>>): Promise<Readonly<Record<string, readonly string[]>>> {
  configure(sources)
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  return Object.fromEntries(await Promise.all(Object.keys(sources).map(async (name) => [name, await paths(name)] as const)))
}

async function text(source: string): Promise<string> {
  return (await world.points(['--source', source])).map(({ payload }) => payload.content).join('\n')
}

const ALL = ['/', '/api', '/guide', '/guide/deep/one.html', '/guide/deep/three.html', '/guide/deep/two.html', '/guide/install.html', '/guide/old', '/guide/old/1.html']

test('base_url, path_pattern and exclude_paths select what is read', async () => {
  expect(
    await read({
      all: '',
      folder: `base_url: "${site.url}/guide/"`,
      pattern: 'path_pattern: "guide/deep"',
      rooted: 'path_pattern: ["/api/**", "/guide/*.html"]',
      excluded: 'exclude_paths: ["guide/old", "/guide/deep/t*.html"]',
    }),
  ).toEqual({
    all: ALL,
    folder: ['/guide', '/guide/install.html', '/guide/old', '/guide/old/1.html'],
    pattern: ['/guide/deep/one.html', '/guide/deep/three.html', '/guide/deep/two.html'],
    rooted: ['/api'],
    excluded: ['/', '/api', '/guide', '/guide/deep/one.html', '/guide/install.html'],
  })
})

test('what exclude_paths names is not even requested', async () => {
  await read({ excluded: 'exclude_paths: guide/old' })
  expect(site.seen.map(({ path }) => path).filter((path) => path.startsWith('/guide/old'))).toEqual([])
})

test('publicdocs is the same type', async () => {
  configure({ manual: '' }, 'publicdocs')
  expect(await world.json(['sync'])).toMatchObject({ code: 0, sources: [{ source_type: 'public-docs' }] })
  expect(await paths('manual')).toEqual(ALL)
})

test('sitemap is found by itself, named, or left out', async () => {
  Object.assign(site.behaviour, { sitemap: 'plain', robots: { sitemap: true } })
  const found = await read({ auto: 'sitemap: auto', named: `sitemap: "${site.url}/sitemap.xml"`, off: 'sitemap: "off"' })
  expect(found).toEqual({ auto: [...ALL, '/unlinked.html'], named: [...ALL, '/unlinked.html'], off: ALL })
})

test('selectors.content names the main content, selectors.remove what is taken out of it, selectors.code_blocks what is code', async () => {
  site.handle('/special.html', (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(
      `<title>Special</title><main><p>Usual content.</p></main><section id="book"><p>The text of the book.</p><p class="ad">Buy this.</p><div class="listing">let x = 1</div></section>`,
    ),
  )
  const base = `base_url: "${site.url}/special.html", sitemap: "off"`
  configure({
    usual: base,
    content: `${base}, selectors: { content: "#book" }`,
    remove: `${base}, selectors: { content: "#book", remove: [".ad"] }`,
    code: `${base}, selectors: { content: "#book", code_blocks: ".listing" }`,
  })
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  expect(await text('usual')).toMatch(/^(?=[^]*Usual content)(?![^]*of the book)/)
  expect(await text('content')).toMatch(/^(?=[^]*of the book)(?=[^]*Buy this)(?![^]*Usual content)(?![^]*```)/)
  expect(await text('remove')).toMatch(/^(?=[^]*of the book)(?![^]*Buy this)/)
  expect(await text('code')).toMatch(/```[^\n]*\nlet x = 1\n```/)
})

test('a change of selectors.content reads every page again, although the server would answer 304', async () => {
  await read({ manual: '' })
  site.resetCounters()
  await read({ manual: 'selectors: { content: "h1" }' })
  expect(site.notModified).toBe(0)
  expect(await text('manual')).not.toContain('This is the text')
})

test('max_depth is how many links are followed', async () => {
  expect(await read({ none: 'max_depth: 0', one: 'max_depth: 1', two: 'max_depth: 2' })).toEqual({
    none: ['/'],
    one: ['/', '/api', '/guide', '/guide/deep/one.html'],
    two: ALL.filter((path) => !['/guide/deep/three.html', '/guide/old/1.html'].includes(path)),
  })
})

test('max_pages is how many pages are read, nearest first', async () => {
  const { few = [] } = await read({ few: 'max_pages: 4' })
  expect([...few].sort()).toEqual(['/', '/api', '/guide', '/guide/deep/one.html'])
  // A few requests are under way already when the last page is read.
  expect(site.seen.filter(({ path }) => site.world.at(path) !== undefined).length).toBeLessThan(ALL.length)
})

test('requests_per_minute is the pace', async () => {
  await read({ slow: 'requests_per_minute: 1200, max_pages: 5' })
  const times = site.seen.map(({ at }) => at)
  // 50 ms between two requests as they are sent; on a busy machine the first arrives late.
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual((times.length - 1) * 40)
})

test('respect_robots keeps out of what robots.txt forbids, and of noindex, unless it is false', async () => {
  site.behaviour.robots = { disallow: ['/guide/old/'] }
  site.world.editPage('/api/', { noindex: true })
  expect(await read({ kept: '', own: 'respect_robots: false' })).toEqual({
    kept: ALL.filter((path) => path !== '/api' && !path.startsWith('/guide/old')),
    own: ALL,
  })
})

test('allow_private_networks is needed for addresses of this machine and its network', async () => {
  configure({ inside: 'allow_private_networks: false' })
  const report = await world.json(['sync'])
  expect(report).toMatchObject({ code: 2, sources: [{ error: { code: 'http_address_refused' } }] })
  expect(site.seen).toEqual([])
  expect(await read({ inside: 'allow_private_networks: true' })).toEqual({ inside: ALL })
})

/** What the site was asked with, below a path, and whether it let in. */
function guard(allows: (headers: IncomingHttpHeaders) => boolean): void {
  site.guard = (request) => allows(request.headers)
}

test('headers are sent with each request to the site', async () => {
  guard((headers) => headers['x-api-key'] === 'sesame-12345' && headers.cookie === 'session=77')
  expect(await read({ inside: 'headers: { X-Api-Key: sesame-12345, Cookie: "session=77" }' })).toEqual({ inside: ALL })
  configure({ outside: 'headers: { X-Api-Key: other-12345 }' })
  expect(await world.json(['sync'])).toMatchObject({ code: 3, sources: [{ error: { code: 'public_docs_not_public' } }] })
})

test('auth.username with auth.password is basic authentication, auth.token a bearer token', async () => {
  guard(({ authorization }) => authorization === basicAuth('jane', 'open sesame'))
  expect(await read({ basic: 'auth: { username: jane, password: "open sesame" }' })).toEqual({ basic: ALL })
  guard(({ authorization }) => authorization === 'Bearer t0ken-12345')
  expect(await read({ bearer: 'auth: { token: t0ken-12345 }' })).toEqual({ bearer: ALL })
  for (const half of ['{ username: jane }', '{ password: x }', '{ username: jane, password: x, token: y }', '{}']) {
    configure({ half: `auth: ${half}` })
    expect(await world.json(['sync'])).toMatchObject({ code: 2 })
  }
})

test('S14: credentials of a private site go to no other host', async () => {
  const other = await SiteSimulator.start({ sitemap: 'plain' })
  try {
    other.world.createPage('/', { blocks: [{ kind: 'paragraph', text: 'Elsewhere.' }] })
    site.behaviour.robots = { text: `User-agent: *\nSitemap: ${other.url}/sitemap.xml\nSitemap: ${site.url}/moved.xml\n` }
    site.handle('/moved.xml', (_, response) => response.writeHead(302, { location: `${other.url}/sitemap.xml` }).end())
    site.handle('/guide/away', (_, response) => response.writeHead(302, { location: `${other.url}/` }).end())
    site.world.editPage('/', { links: ['/guide/', '/guide/away', `${other.url}/`] })
    await read({ inside: 'headers: { X-Api-Key: sesame-12345 }, auth: { token: t0ken-12345 }' })
    expect(site.seen.every(({ headers }) => headers.authorization === 'Bearer t0ken-12345' && headers['x-api-key'] === 'sesame-12345')).toBe(true)
    expect(other.seen.length).toBeGreaterThan(0)
    expect(other.seen.filter(({ headers }) => 'authorization' in headers || 'x-api-key' in headers)).toEqual([])
  } finally {
    await other.close()
  }
})

test('S14: neither a log line, nor the state, nor an error holds a credential of a private site', async () => {
  guard(() => false)
  configure({ inside: 'headers: { X-Api-Key: sesame-12345 }, auth: { username: jane, password: "pass-w0rd-12345" }' })
  const shown = [JSON.stringify(await world.json(['sync'])), JSON.stringify(await world.json(['config', 'show'])), JSON.stringify(await world.json(['failures']))].join('\n')
  for (const secret of ['sesame-12345', 'pass-w0rd-12345', Buffer.from('jane:pass-w0rd-12345').toString('base64')]) expect(shown).not.toContain(secret)
})
