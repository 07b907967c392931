import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { QdrantSimulator } from './qdrant-simulator.ts'

let server: QdrantSimulator

beforeEach(async () => {
  server = await QdrantSimulator.start()
  await send('PUT', '/collections/c', { vectors: { size: 2, distance: 'Cosine' } })
})
afterEach(() => server.close())

async function send(method: string, path: string, body?: unknown): Promise<{ status: number; data: unknown }> {
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const response = await fetch(`${server.url}${path}`, init)
  const text = await response.text()
  return { status: response.status, data: response.headers.get('content-type') === 'application/json' ? JSON.parse(text) : text }
}

const ID = '00000000-0000-4000-8000-000000000001'

describe('what is not known fails and is recorded', () => {
  const requests = {
    'a route': ['POST', '/collections/c/points/search', { vector: [1, 0], limit: 1 }],
    'a method': ['DELETE', '/collections/c/points', { points: [] }],
    'a parameter': ['PUT', '/collections/c/points?wait=true&async=1', { points: [] }],
    'a missing parameter': ['PUT', '/collections/c/points', { points: [{ id: ID, vector: [1, 0] }] }],
    'a field': ['POST', '/collections/c/points/count', { exact: true, approximate: false }],
    'a missing field': ['POST', '/collections/c/points/scroll', { limit: 1 }],
    'an id that is no UUID': ['PUT', '/collections/c/points?wait=true', { points: [{ id: 'x', vector: [1, 0] }] }],
    'half a character': ['PUT', '/collections/c/points?wait=true', { points: [{ id: ID, vector: [1, 0], payload: { a: '\ud800' } }] }],
  } as const
  for (const [what, [method, path, body]] of Object.entries(requests)) {
    it(what, async () => {
      expect((await send(method, path, body)).status).toBeGreaterThanOrEqual(400)
      expect(server.violations).toHaveLength(1)
      expect(server.counters.pointsUpserted).toBe(0)
    })
  }
})

describe('as the real server', () => {
  it('scales vectors to length 1, but for those that have it', async () => {
    const close = Math.fround(1 + 3e-8)
    const points = [
      { id: 1, vector: [3, 4] },
      { id: 2, vector: [close, 0] },
      { id: 3, vector: [0, 0] },
    ]
    await send('PUT', '/collections/c/points?wait=true', { points })
    const { data } = await send('POST', '/collections/c/points', { ids: [1, 2, 3, 4], with_payload: false, with_vector: true })
    const vectors = (data as { result: { vector: number[] }[] }).result.map(({ vector }) => vector.map(Math.fround))
    expect(vectors).toEqual([[Math.fround(0.6), Math.fround(0.8)], [close, 0], [0, 0]])
  })

  it('lists by id and says where the next page starts', async () => {
    const ids = ['ffffffff-0000-4000-8000-000000000000', 12, ID, 3]
    await send('PUT', '/collections/c/points?wait=true', { points: ids.map((id) => ({ id, vector: [1, 0] })) })
    const want = { with_payload: false, with_vector: false }
    const first = await send('POST', '/collections/c/points/scroll', { limit: 3, ...want })
    expect(first.data).toMatchObject({ result: { points: [{ id: 3 }, { id: 12 }, { id: ID }], next_page_offset: ids[0] } })
    const next = await send('POST', '/collections/c/points/scroll', { limit: 3, offset: ids[0], ...want })
    expect(next.data).toMatchObject({ result: { points: [{ id: ids[0] }], next_page_offset: null } })
  })

  it('stops a batch at the first point that is missing', async () => {
    await send('PUT', '/collections/c/points?wait=true', { points: [1, 3].map((id) => ({ id, vector: [1, 0] })) })
    const operations = [1, 2, 3].map((id) => ({ overwrite_payload: { payload: { n: id }, points: [id] } }))
    expect(await send('POST', '/collections/c/points/batch?wait=true', { operations })).toMatchObject({
      status: 404,
      data: { status: { error: 'Not found: No point with id 2 found' } },
    })
    expect([1, 3].map((id) => server.collections.get('c')?.get(id)?.payload)).toEqual([{ n: 1 }, {}])
  })

  it('refuses a filter on a field without an index, in strict mode', async () => {
    const filter = { must: [{ key: 'source', match: { value: 'x' } }] }
    expect((await send('POST', '/collections/c/points/count', { exact: true, filter })).status).toBe(400)
    await send('PUT', '/collections/c/index?wait=true', { field_name: 'source', field_schema: 'keyword' })
    expect((await send('POST', '/collections/c/points/count', { exact: true, filter })).status).toBe(200)
  })

  it('counts what was written', async () => {
    const point = { id: ID, vector: [1, 0] }
    await send('PUT', '/collections/c/points?wait=true', { points: [point] })
    await send('PUT', '/collections/c/points?wait=true', { points: [{ ...point, payload: { a: 1 } }] })
    await send('POST', '/collections/c/points/delete?wait=true', { points: [ID, 5] })
    expect(server.counters).toEqual({ pointsUpserted: 2, payloadUpdates: 0, pointsDeleted: 1, vectorsWritten: 1, bytesFlooded: 0 })
    expect(server.requests.get('PUT /collections/{collection_name}/points')).toBe(2)
    expect(server.violations).toEqual([])
  })
})
