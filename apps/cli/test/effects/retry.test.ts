import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { EmbedderSimulator, GitSimulator, QdrantSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'
import { installProbe, unreachable } from './probe.ts'
import type { Probe } from './probe.ts'

let world: EffectsWorld
let probe: Probe
const open: AsyncDisposable[] = []
beforeEach(() => {
  world = createEffectsWorld()
  probe = installProbe(world)
})
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]()
})

/** Something that answers with a status so often, and then as it should. */
interface Failing {
  fail(status: number, times: number): void
  /** Lines of the configuration: what `global` and `sources` hold. */
  readonly global: string
  readonly sources: string
}

async function site(): Promise<Failing> {
  let [status, left] = [0, 0]
  const server = createServer((request, response) => {
    if (request.url === '/' && left > 0) {
      left -= 1
      response.writeHead(status).end()
      return
    }
    if (request.url !== '/') response.statusCode = 404
    response.setHeader('content-type', 'text/html').end('<h1>A page</h1><p>Its text.</p>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    fail: (which, times) => ([status, left] = [which, times]),
    global: '',
    sources: `public-docs: { site: { base_url: "${url}", allow_private_networks: true, requests_per_minute: 60000, sitemap: "off" } }`,
  }
}

async function store(): Promise<Failing> {
  const simulator = await QdrantSimulator.start()
  open.push(simulator)
  return {
    fail: (status, times) => simulator.faults.add({ kind: 'status', status }, { times, route: 'PUT /collections/{collection_name}/points' }),
    global: `qdrant: { url: "${simulator.url}" }`,
    sources: 'probe: { docs: { package: probe-connector } }',
  }
}

async function embedder(): Promise<Failing & { readonly embedding: string }> {
  const server = await EmbedderSimulator.start()
  open.push(server)
  return {
    fail: (status, times) => server.faults.add({ kind: 'status', status }, { times }),
    global: '',
    embedding: `{ provider: openai, base_url: "${server.url}", model: m, dimensions: 16 }`,
    sources: 'probe: { docs: { package: probe-connector } }',
  }
}

async function git(): Promise<Failing> {
  const server = await GitSimulator.start(path.join(world.folder, 'repository'))
  open.push(server)
  return {
    fail: (status, times) => server.faults.add({ kind: 'status', status }, { times }),
    global: '',
    sources: `git: { repository: { base_url: "${server.url}" } }`,
  }
}

let states = 0

/** A first sync with this policy. */
async function sync(failing: Failing & { readonly embedding?: string }, retry: string, words: readonly string[] = []) {
  states += 1
  world.configure(`global:
  embedding: ${failing.embedding ?? '{ provider: hash, dimensions: 16 }'}
  state_management: { database_path: ./state-${states}.db }
  embedded: { path: ./points-${states}.db }
  retry: ${retry}
  ${failing.global}
sources: { ${failing.sources} }
`.replace(/ {2}embedded: .*\n/, (line) => (failing.global.startsWith('qdrant') ? '' : line)))
  return await world.json(['sync', ...words])
}

describe.each([
  ['a source over HTTP', site],
  ['git', git],
  ['the store', store],
  ['the embedding server', embedder],
] as const)('one policy: %s', (_, start) => {
  test('retry.attempts is how often it is tried again, and --retries wins over it', async () => {
    const failing = await start()
    failing.fail(503, 2)
    expect(await sync(failing, '{ attempts: 2, delay: 0ms }')).toMatchObject({ code: 0 })
    failing.fail(503, 2)
    expect((await sync(failing, '{ attempts: 1, delay: 0ms }')).code).not.toBe(0)
    failing.fail(503, 2)
    expect(await sync(failing, '{ attempts: 0, delay: 0ms }', ['--retries', '2'])).toMatchObject({ code: 0 })
  })

  test('retry.max_delay bounds the waits that retry.delay begins with', async () => {
    const failing = await start()
    failing.fail(503, 3)
    // Three waits of an hour and more.
    expect(await sync(failing, '{ attempts: 3, delay: 1h, max_delay: 5ms }')).toMatchObject({ code: 0 })
  })

  test('retry.rate_limit_patience is how long a 429 is waited for, and attempts do not count then', async () => {
    const failing = await start()
    failing.fail(429, 6)
    expect(await sync(failing, '{ attempts: 0, delay: 1ms }')).toMatchObject({ code: 0 })
    failing.fail(429, 1)
    expect((await sync(failing, '{ attempts: 9, delay: 1s, rate_limit_patience: 100ms }')).code).toBe(4)
  })
})

test('retry.attempts and retry.delay hold for a read that fails on its own, too', async () => {
  const failing = (times: number): Failing => {
    let left = times
    probe.onFetch = (id) => {
      if (id === 'one' && left-- > 0) throw unreachable()
    }
    return { fail: () => {}, global: '', sources: 'probe: { docs: { package: probe-connector } }' }
  }
  // With the default delay, 1 s that doubles, nine further tries would take more than four minutes.
  expect(await sync(failing(9), '{ attempts: 9, delay: 0ms }')).toMatchObject({ code: 0, totals: { documents: { failed: 0 } } })
  expect(await sync(failing(3), '{ attempts: 2, delay: 0ms }')).toMatchObject({ code: 5, totals: { documents: { failed: 1 } } })
})
