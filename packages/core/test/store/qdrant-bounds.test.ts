import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import { QdrantSimulator } from '@qdrant-loader/simulators'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { QdrantVectorStore } from '../../src/store/qdrant/qdrant-vector-store.ts'
import { collect, live, pointOf, specOf } from './point-fixtures.ts'

const COUNT = 'POST /collections/{collection_name}/points/count'
const SCROLL = 'POST /collections/{collection_name}/points/scroll'
const RETRIEVE = 'POST /collections/{collection_name}/points'
const FACET = 'POST /collections/{collection_name}/facet'
const WANT = { vector: true, payload: true }

let server: QdrantSimulator
let store: QdrantVectorStore

beforeEach(async () => {
  server = await QdrantSimulator.start()
  store = new QdrantVectorStore({ url: server.url, collectionName: 'docs', retry: { ...DEFAULT_RETRY, attempts: 0 } })
  await store.open(specOf(), live)
  await store.upsert(['a', 'b', 'c'].map((name) => pointOf(name)), live)
})
afterEach(async () => {
  expect(server.violations).toEqual([])
  await store.close()
  await server.close()
})

describe('H4: an answer of 1.5 GB', () => {
  const calls: readonly [string, string, () => Promise<unknown>][] = [
    ['a count', COUNT, () => store.count({}, live)],
    ['a listing', SCROLL, () => collect(store.scroll({}, WANT, live))],
    ['points by id', RETRIEVE, () => store.retrieve([pointOf('a').id], WANT, live)],
    ['the counts of sources', FACET, () => store.countBySource({}, live)],
  ]
  it.each(calls)('to %s is cut off once it is longer than what was asked for can take, and not tried again', async (_, route, ask) => {
    server.faults.add({ kind: 'flood', bytes: 1_500_000_000 }, { route, times: 20 })
    const before = process.memoryUsage().rss
    await expect(ask()).rejects.toMatchObject({ code: 'store_answer_too_large', kind: 'config' })
    expect(process.memoryUsage().rss - before).toBeLessThan(700_000_000)
    // A listing is asked for again with fewer points, each time with a lower bound, down to one point.
    expect(server.counters.bytesFlooded).toBeLessThan(300_000_000)
  })

  it('that says its length is refused before anything of it is read', async () => {
    server.faults.add({ kind: 'flood', bytes: 1_500_000_000, announced: true }, { route: COUNT, times: 20 })
    await expect(store.count({}, live)).rejects.toMatchObject({ code: 'store_answer_too_large' })
    expect(server.counters.bytesFlooded).toBeLessThan(20_000_000)
  })

  it('that is compressed to 1.5 MB is not unpacked', async () => {
    server.faults.add({ kind: 'flood', bytes: 1_500_000_000, coding: 'gzip' }, { route: COUNT, times: 20 })
    const before = process.memoryUsage().rss
    await expect(store.count({}, live)).rejects.toMatchObject({ code: 'store_answer_too_large', message: expect.stringContaining('compressed') })
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000)
  })
})

describe('H4: a page of a listing', () => {
  it('that is too long for its bound is asked for again with fewer points, and loses none', async () => {
    const large = Array.from({ length: 3 }, (_, at) => pointOf(`large ${at}`, { content: 'x'.repeat(2_000_000) }))
    await store.upsert(large, live)
    server.faults.add({ kind: 'flood', bytes: 100_000_000 }, { route: SCROLL, times: 1 })
    expect(await collect(store.scroll({}, WANT, live))).toHaveLength(6)
    expect(await store.retrieve(large.map(({ id }) => id), WANT, live)).toHaveLength(3)
  })

  it('that begins where one before it did ends the listing with an error', async () => {
    server.faults.stay({ kind: 'next-offset', offset: pointOf('b').id }, { route: SCROLL })
    await expect(collect(store.scroll({}, WANT, live))).rejects.toMatchObject({ code: 'store_answer_unexpected', message: expect.stringContaining('in circles') })
    expect(server.requests.get(SCROLL)).toBeLessThan(5)
  })

  it('that is empty, again and again, ends the listing with an error', async () => {
    let next = 0
    const empty = () => ({ kind: 'answer' as const, status: 200, contentType: 'application/json', body: JSON.stringify({ result: { points: [], next_page_offset: (next += 1) } }) })
    for (let at = 0; at < 150; at += 1) server.faults.add(empty(), { route: SCROLL, times: 1 })
    await expect(collect(store.scroll({}, WANT, live))).rejects.toMatchObject({ message: expect.stringContaining('page after page is empty') })
    server.faults.clear()
  })
})

it('H4: a redirect to another origin is not followed, and nothing is sent there', async () => {
  const asked: unknown[] = []
  const other = createServer((request, response) => {
    asked.push(request.headers)
    response.end('{}')
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
  for (const status of [301, 302, 303, 307, 308]) {
    server.faults.add({ kind: 'answer', status, contentType: 'text/plain', body: '', headers: { location } }, { route: COUNT, times: 1 })
    await expect(store.count({}, live)).rejects.toMatchObject({ code: 'store_url_wrong', kind: 'config' })
  }
  expect(asked).toEqual([])
  other.close()
})
