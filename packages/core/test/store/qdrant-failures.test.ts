import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import { QdrantSimulator } from '@qdrant-loader/simulators'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { QdrantVectorStore, type QdrantVectorStoreOptions } from '../../src/store/qdrant/qdrant-vector-store.ts'
import { collect, idOf, live, payloadOf, pointOf, specOf } from './point-fixtures.ts'

const UPSERT = 'PUT /collections/{collection_name}/points'
const SCROLL = 'POST /collections/{collection_name}/points/scroll'

let server: QdrantSimulator
let waits: number[]

beforeEach(async () => {
  waits = []
  server = await QdrantSimulator.start()
})
afterEach(async () => {
  expect(server.violations).toEqual([])
  await server.close()
})

function make(options: Partial<QdrantVectorStoreOptions> = {}): QdrantVectorStore {
  return new QdrantVectorStore({
    url: server.url,
    collectionName: 'docs',
    retry: { ...DEFAULT_RETRY, attempts: 2, delayMs: 100 },
    random: () => 1,
    sleep: (ms) => Promise.resolve(waits.push(ms)),
    ...options,
  })
}

async function open(options: Partial<QdrantVectorStoreOptions> = {}): Promise<QdrantVectorStore> {
  const store = make(options)
  await store.open(specOf(), live)
  return store
}

describe('what goes away', () => {
  for (const status of [408, 429, 500, 502, 503, 504]) {
    it(`is tried again after ${status}, with growing waits`, async () => {
      const store = await open()
      server.faults.add({ kind: 'status', status }, { route: UPSERT, times: 2 })
      await store.upsert([pointOf('a')], live)
      expect(await store.count({}, live)).toBe(1)
      expect(waits).toEqual([100, 200])
    })
  }

  it('is given up after the configured attempts, as transient', async () => {
    const store = await open()
    server.faults.add({ kind: 'status', status: 503, text: 'Shard temporarily unavailable: x' }, { times: 3 })
    const error = await store.upsert([pointOf('a')], live).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'store_unreachable', kind: 'transient', hint: expect.stringContaining('6333') })
    expect(String(error)).toContain('Shard temporarily unavailable: x')
    expect(server.faults.pending).toBe(0)
  })

  it('waits as long as a 429 asks, in seconds or until a date', async () => {
    server.now = () => Date.UTC(2026, 10, 22, 10, 0, 0)
    const store = await open()
    server.faults.add({ kind: 'status', status: 429, retryAfter: '30' }, { route: UPSERT })
    await store.upsert([pointOf('a')], live)
    expect(waits).toEqual([30_000])
    server.faults.add({ kind: 'status', status: 429, retryAfter: 'Sun, 22 Nov 2026 10:00:42 GMT' }, { route: UPSERT })
    await store.upsert([pointOf('a')], live)
    expect(waits).toEqual([30_000, 42_000])
  })

  it('does not wait for an hour, and says when to come back', async () => {
    const store = await open()
    server.faults.add({ kind: 'status', status: 429, retryAfter: '3600' }, { route: UPSERT })
    await expect(store.upsert([pointOf('a')], live)).rejects.toMatchObject({ kind: 'transient', retryAfterMs: 3_600_000 })
    expect(waits).toEqual([])
  })

  it('is tried again after a lost connection, applied or not, and after half an answer', async () => {
    const store = await open()
    server.faults.add({ kind: 'drop', when: 'before' }, { route: UPSERT })
    server.faults.add({ kind: 'drop', when: 'after' }, { route: UPSERT })
    await store.upsert([pointOf('a')], live)
    server.faults.add({ kind: 'truncate' }, { route: SCROLL })
    expect(await collect(store.scroll({}, { vector: false, payload: false }, live))).toEqual([{ id: idOf('a') }])
    expect(server.counters.pointsUpserted).toBe(2)
  })

  it('is tried again when there is no answer in time', async () => {
    const store = await open({ timeoutMs: 300 })
    server.faults.add({ kind: 'delay', ms: Number.POSITIVE_INFINITY }, { route: UPSERT })
    await store.upsert([pointOf('a')], live)
    expect(waits).toEqual([100])
  })

  it('is a server that is not there', async () => {
    const store = make({ url: 'http://127.0.0.1:1' })
    await expect(store.open(specOf(), live)).rejects.toMatchObject({ code: 'store_unreachable', kind: 'transient' })
    expect(waits).toEqual([100, 200])
  })
})

describe('a change that is answered but not applied', () => {
  for (const applied of ['later', 'never'] as const) {
    for (const status of ['wait_timeout', 'acknowledged'] as const) {
      it(`is sent again until it is applied (${status}, ${applied})`, async () => {
        const store = await open()
        await store.upsert([pointOf('a'), pointOf('b')], live)
        const fault = { kind: 'update-status', status, applied } as const
        server.faults.add(fault, { times: 2 })
        await store.upsert([pointOf('c')], live)
        server.faults.add(fault)
        await store.replacePayload([{ id: idOf('a'), payload: payloadOf('a', { source: 'new' }) }], live)
        server.faults.add(fault)
        await store.delete([idOf('b')], live)
        const left = await collect(store.scroll({}, { vector: false, payload: true }, live))
        expect(left.map(({ id }) => id)).toEqual([idOf('a'), idOf('c')].sort())
        expect(await store.count({ source: 'new' }, live)).toBe(1)
      })
    }
  }

  it('is given up as transient', async () => {
    const store = await open()
    server.faults.add({ kind: 'update-status', status: 'wait_timeout', applied: 'never' }, { times: 3 })
    await expect(store.upsert([pointOf('a')], live)).rejects.toMatchObject({ code: 'store_not_applied', kind: 'transient' })
  })
})

describe('what does not go away', () => {
  it('is refused credentials', async () => {
    await using guarded = await QdrantSimulator.start({ apiKey: 'right-key' })
    const missing = await make({ url: guarded.url }).open(specOf(), live).catch((reason: unknown) => reason)
    expect(missing).toMatchObject({ code: 'store_unauthorized', kind: 'auth' })
    const wrong = await make({ url: guarded.url, apiKey: 'wrong-key' }).open(specOf(), live).catch((reason: unknown) => reason)
    expect(wrong).toMatchObject({ kind: 'auth', hint: expect.stringContaining('qdrant.api_key') })
    expect(JSON.stringify([String(wrong), wrong])).not.toContain('wrong-key')
    expect(waits).toEqual([])
    const store = await open()
    server.faults.add({ kind: 'status', status: 403, text: 'Forbidden: read-only key' })
    await expect(store.upsert([pointOf('a')], live)).rejects.toMatchObject({ kind: 'auth' })
  })

  it('is a full server', async () => {
    const store = await open()
    server.faults.add({ kind: 'status', status: 507, text: 'Insufficient storage: disk quota' })
    await expect(store.upsert([pointOf('a')], live)).rejects.toMatchObject({ code: 'store_quota_exceeded', kind: 'config' })
    expect(waits).toEqual([])
  })

  it('is a refused request, with what the server says', async () => {
    const store = await open()
    server.faults.add({ kind: 'status', status: 400, text: 'Wrong input: something odd' })
    const error = await store.upsert([pointOf('a')], live).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'store_request_refused', kind: 'internal' })
    expect(String(error)).toContain('Wrong input: something odd')
  })

  it('is a collection that is removed meanwhile', async () => {
    const store = await open()
    server.collections.clear()
    await expect(store.upsert([pointOf('a')], live)).rejects.toMatchObject({ code: 'store_collection_missing', kind: 'config' })
  })

  it('is an address without Qdrant behind it', async () => {
    await using proxied = await QdrantSimulator.start({ prefix: '/qdrant' })
    const wrong = make({ url: proxied.url.replace('/qdrant', '/other') })
    await expect(wrong.open(specOf(), live)).rejects.toMatchObject({ code: 'store_url_wrong', kind: 'config' })
    await expect(wrong.peek(live)).rejects.toMatchObject({ code: 'store_url_wrong' })
    const page = { kind: 'answer', status: 200, body: '<html>hello</html>', contentType: 'text/html' } as const
    server.faults.add(page)
    await expect(make().open(specOf(), live)).rejects.toMatchObject({ code: 'store_answer_unexpected', kind: 'config' })
  })

  it('is a redirect, which would carry the key to another host', async () => {
    const seen: unknown[] = []
    const other = createServer((request, response) => {
      seen.push(request.headers['api-key'])
      response.end('{}')
    })
    await once(other.listen(0, '127.0.0.1'), 'listening')
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
    server.faults.add({ kind: 'answer', status: 308, body: '', contentType: 'text/plain', headers: { location } })
    await expect(make({ apiKey: 'key' }).open(specOf(), live)).rejects.toMatchObject({ code: 'store_url_wrong' })
    expect(seen).toEqual([])
    other.close()
  })

  it('is not asked for when the run is stopped', async () => {
    const store = await open()
    const stop = new AbortController()
    server.faults.add({ kind: 'delay', ms: Number.POSITIVE_INFINITY }, { route: UPSERT })
    const writing = store.upsert([pointOf('a')], stop.signal)
    stop.abort(new Error('stopped'))
    await expect(writing).rejects.toThrow('stopped')
    expect(waits).toEqual([])
  })
})

describe('requests', () => {
  it('are cut by bytes and by count', async () => {
    const store = await open({ batch: { points: 10, bytes: 10_000 } })
    server.resetCounters()
    await store.upsert(Array.from({ length: 25 }, (_, index) => pointOf(`small${index}`)), live)
    expect(server.requests.get(UPSERT)).toBeGreaterThanOrEqual(3)
    server.resetCounters()
    await store.upsert(Array.from({ length: 4 }, (_, index) => pointOf(`large${index}`, { content: 'é'.repeat(3_000) })), live)
    expect(server.requests.get(UPSERT)).toBe(4)
    expect(await store.count({}, live)).toBe(29)
  })

  it('stay below the size a server takes by default', async () => {
    await using strict = await QdrantSimulator.start({ maxRequestBytes: 17_000_000 })
    const store = await open({ url: strict.url, retry: { ...DEFAULT_RETRY, attempts: 0 } })
    strict.resetCounters()
    await store.upsert(Array.from({ length: 60 }, (_, index) => pointOf(`p${index}`, { content: '界'.repeat(150_000) })), live)
    expect(strict.requests.get(UPSERT)).toBe(2)
    expect(strict.collections.get('docs')?.count).toBe(60)
  })

  it('are halved where the server takes less', async () => {
    await using small = await QdrantSimulator.start({ maxRequestBytes: 4_000 })
    const store = await open({ url: small.url })
    await store.upsert(Array.from({ length: 30 }, (_, index) => pointOf(`p${index}`)), live)
    expect(await store.count({}, live)).toBe(30)
    await expect(store.upsert([pointOf('x', { content: 'x'.repeat(5_000) })], live)).rejects.toMatchObject({
      code: 'store_request_too_large',
      kind: 'config',
    })
    expect(small.violations).toEqual([])
  })

  it('carry the key in a header only, with a warning where it travels in clear text', async () => {
    const warnings: unknown[] = []
    const quiet = { debug() {}, info() {}, error() {} }
    const logger = { ...quiet, warn: (...parts: unknown[]) => void warnings.push(parts) }
    make({ url: 'http://10.1.2.3:6333', apiKey: 'hidden', logger })
    make({ apiKey: 'hidden', logger })
    expect(warnings).toHaveLength(1)
    expect(JSON.stringify(warnings)).not.toContain('hidden')
  })

  it('are counted, retries included', async () => {
    const store = await open()
    const before = store.requests
    server.faults.add({ kind: 'status', status: 500 }, { times: 2 })
    await store.count({}, live)
    expect(store.requests - before).toBe(3)
  })
})
