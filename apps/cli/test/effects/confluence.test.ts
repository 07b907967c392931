import { ConfluenceSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'

vi.setConfig({ testTimeout: 60_000 })

let world: EffectsWorld
let server: ConfluenceSimulator
beforeEach(async () => {
  world = createEffectsWorld()
  server = await ConfluenceSimulator.start({ deployment: 'cloud' })
})
afterEach(() => server.close())

const GLOBAL = `global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  ingestion: { batch: { retry_attempts: 0 } }
`

/** One source by name, each with what it has beside the credentials. */
function configure(sources: Readonly<Record<string, string>>, from = server, more = ''): void {
  const account = `email: ${from.email}, token: ${from.token}`
  const lines = Object.entries(sources).map(([name, keys]) => `    ${name}: { deployment_type: cloud, base_url: "${from.url}", ${account}, ${keys}${more} }\n`)
  world.configure(`${GLOBAL}sources:\n  confluence:\n${lines.join('')}`)
}

/** Titles of what a source has, sorted. */
async function titles(source: string): Promise<string[]> {
  const points = (await world.points(['--source', source])) as unknown as { readonly payload: { readonly title: string } }[]
  return [...new Set(points.map(({ payload }) => payload.title))].sort()
}

/** A page with some text. */
function page(title: string, more: { readonly space?: string; readonly parent?: string; readonly labels?: readonly string[] } = {}): string {
  return server.world.createPage({ space: 'DEV', body: `<p>Text of ${title}.</p>`, ...more, title }).id
}

test('space_key, content_types, ancestors, include_labels, exclude_labels and include_comments of confluence select what is read', async () => {
  for (const key of ['DEV', 'OPS']) server.world.createSpace({ key })
  const top = page('Top', { labels: ['guide'] })
  page('Below', { parent: top, labels: ['draft', 'guide'] })
  page('Aside')
  page('Elsewhere', { space: 'OPS' })
  server.world.createBlogPost({ space: 'DEV', title: 'Post', body: '<p>Text of the post.</p>' })
  server.world.addComment(top, '<p>Text of the comment.</p>')
  configure({
    one: 'space_key: DEV',
    both: 'space_key: [DEV, OPS]',
    pages: 'space_key: DEV, content_types: page',
    posts: 'space_key: DEV, content_types: [blogpost]',
    subtree: `space_key: DEV, ancestors: "${top}"`,
    labelled: 'space_key: DEV, include_labels: [guide, other]',
    unlabelled: 'space_key: DEV, exclude_labels: draft',
    commented: 'space_key: DEV, include_labels: guide, include_comments: true',
  })
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  const read = await Promise.all(['one', 'both', 'pages', 'posts', 'subtree', 'labelled', 'unlabelled'].map(async (name) => [name, await titles(name)]))
  expect(Object.fromEntries(read)).toEqual({
    one: ['Aside', 'Below', 'Post', 'Top'],
    both: ['Aside', 'Below', 'Elsewhere', 'Post', 'Top'],
    pages: ['Aside', 'Below', 'Top'],
    posts: ['Post'],
    subtree: ['Below', 'Top'],
    labelled: ['Below', 'Top'],
    unlabelled: ['Aside', 'Post', 'Top'],
  })
  const [comment] = (await world.points(['--source', 'commented'])).filter(({ payload }) => payload.document_id.startsWith('comment/'))
  expect(comment?.payload.content).toContain('Text of the comment.')
  expect(server.violations).toEqual([])
})

test('base_url of confluence may have /wiki or not; email and token are what the server wants', async () => {
  server.world.createSpace({ key: 'DEV' })
  page('Top')
  const account = `space_key: DEV, deployment_type: cloud, email: ${server.email}`
  world.configure(`${GLOBAL}sources:
  confluence:
    with: { base_url: "${server.url}", ${account}, token: ${server.token} }
    without: { base_url: "${new URL(server.url).origin}", ${account}, token: ${server.token} }
    stranger: { base_url: "${server.url}", ${account.replace(server.email, 'eve@example.com')}, token: ${server.token} }
    forged: { base_url: "${server.url}", ${account}, token: forged-token }
`)
  const report = await world.json(['sync'])
  expect(report.code).toBe(3)
  for (const source of ['with', 'without']) expect(await titles(source)).toEqual(['Top'])
  for (const source of ['stranger', 'forged']) expect(await titles(source)).toEqual([])
  expect(JSON.stringify(report)).not.toContain('forged-token')
})

test('deployment_type of confluence chooses the routes', async () => {
  server.world.createSpace({ key: 'DEV' })
  await using datacenter = await ConfluenceSimulator.start({ deployment: 'datacenter' })
  datacenter.world.createSpace({ key: 'DEV' })
  datacenter.world.createPage({ space: 'DEV', title: 'Data Center', body: '<p>Text.</p>' })
  page('Cloud')
  world.configure(`${GLOBAL}sources:
  confluence:
    cloud: { deployment_type: cloud, base_url: "${server.url}", space_key: DEV, email: ${server.email}, token: ${server.token} }
    datacenter: { deployment_type: datacenter, base_url: "${datacenter.url}", space_key: DEV, token: ${datacenter.token} }
`)
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  expect([await titles('cloud'), await titles('datacenter')]).toEqual([['Cloud'], ['Data Center']])
  expect([...server.requests.keys()].some((route) => route.includes('/wiki/api/v2/'))).toBe(true)
  expect([...datacenter.requests.keys()].every((route) => route.startsWith('GET /rest/api/'))).toBe(true)
  expect([...server.violations, ...datacenter.violations]).toEqual([])
})

test('on_hidden of confluence keeps or removes what these credentials no longer see', async () => {
  server.world.createSpace({ key: 'DEV' })
  page('Open')
  const secret = page('Secret')
  configure({ kept: 'space_key: DEV, on_hidden: keep', removed: 'space_key: DEV, on_hidden: remove', standard: 'space_key: DEV' })
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  server.world.hide(secret)
  await world.run(['sync', '--full', '--allow-mass-delete'])
  await world.run(['sync', '--full', '--allow-mass-delete'])
  expect([await titles('kept'), await titles('removed'), await titles('standard')]).toEqual([['Open', 'Secret'], ['Open'], ['Open']])
})

test('requests_per_minute of confluence is the pace', async () => {
  server.world.createSpace({ key: 'DEV' })
  page('Top')
  configure({ slow: 'space_key: DEV, requests_per_minute: 240' })
  const times: number[] = []
  server.onRequest = () => void times.push(performance.now())
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? time))
  expect(times.length).toBeGreaterThan(2)
  // 240 a minute is one in 250 ms; timers may be a little early.
  expect(Math.min(...pauses)).toBeGreaterThan(200)
})

test('request_timeout of confluence ends a request; a slower server is asked for less at once', async () => {
  server.world.createSpace({ key: 'DEV' })
  for (let number = 0; number < 12; number += 1) page(`Page ${number}`)
  server.slowness = { perText: 60 }
  configure({ short: 'space_key: DEV, request_timeout: 300ms', long: 'space_key: DEV, request_timeout: 30s' })
  expect(await world.json(['sync', '--source', 'short'])).toMatchObject({ code: 0 })
  const short = server.requestCount
  server.resetCounters()
  expect(await world.json(['sync', '--source', 'long'])).toMatchObject({ code: 0 })
  expect(server.requestCount).toBeLessThan(short)
  expect(await titles('short')).toEqual(await titles('long'))
  expect(await titles('short')).toHaveLength(12)
})
