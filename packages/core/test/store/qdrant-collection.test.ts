import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import { QdrantSimulator, SimulatedCollection } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MARKER_ID } from '../../src/store/qdrant/qdrant-identity.ts'
import { QdrantVectorStore } from '../../src/store/qdrant/qdrant-vector-store.ts'
import { collect, live, pointOf, specOf, vectorOf } from './point-fixtures.ts'

let server: QdrantSimulator

beforeEach(async () => {
  server = await QdrantSimulator.start()
})
afterEach(async () => {
  expect(server.violations).toEqual([])
  await server.close()
})

function make(collectionName = 'docs'): QdrantVectorStore {
  return new QdrantVectorStore({ url: server.url, collectionName, retry: { ...DEFAULT_RETRY, attempts: 0 } })
}

/** The server describes the collection with these vector parameters. */
function answerVectors(vectors: unknown): void {
  const result = { status: 'green', config: { params: { vectors } }, payload_schema: {} }
  const body = JSON.stringify({ result, status: 'ok', time: 0 })
  const route = 'GET /collections/{collection_name}'
  server.faults.add({ kind: 'answer', status: 200, body, contentType: 'application/json' }, { route })
}

describe('a collection of ours', () => {
  it('is made for cosine similarity, with indexes on what filters name and with its identity', async () => {
    const { instanceId } = await make().open(specOf(), live)
    const collection = server.collections.get('docs')
    expect(collection).toMatchObject({ size: 8, distance: 'Cosine' })
    expect(collection?.metadata).toEqual({ qdrant_loader: { instance_id: instanceId, embedding_fingerprint: 'model-a' } })
    expect(Object.fromEntries(collection?.indexes ?? [])).toEqual({
      project_id: { type: 'keyword', is_tenant: true },
      source_type: {},
      source: {},
      document_id: {},
    })
    expect(collection?.count).toBe(0)
  })

  it('gets an index back that was removed', async () => {
    await make().open(specOf(), live)
    server.collections.get('docs')?.indexes.delete('source')
    server.resetCounters()
    await make().open(specOf(), live)
    expect(server.collections.get('docs')?.indexes.has('source')).toBe(true)
    expect(server.requests.get('PUT /collections/{collection_name}/index')).toBe(1)
  })

  it('is opened with two requests when nothing is missing', async () => {
    await make().open(specOf(), live)
    server.resetCounters()
    await make().open(specOf(), live)
    expect(server.requestCount).toBe(2)
  })
})

describe('a server too old for collection metadata', () => {
  beforeEach(() => {
    server.version = '1.15.5'
  })

  it('keeps the identity in a point that nobody sees', async () => {
    const store = make()
    const { instanceId } = await store.open(specOf(), live)
    await store.upsert([pointOf('a')], live)
    expect(server.collections.get('docs')?.get(MARKER_ID)?.payload).toEqual({
      instance_id: instanceId,
      embedding_fingerprint: 'model-a',
    })
    expect(await store.count({}, live)).toBe(1)
    expect(await collect(store.scroll({}, { vector: true, payload: true }, live))).toHaveLength(1)
    const query = { mode: 'vector', text: '', vector: vectorOf('a'), filter: {}, limit: 10 } as const
    expect(await store.search(query, live)).toHaveLength(1)
  })

  it('may be upgraded later', async () => {
    const { instanceId } = await make().open(specOf(), live)
    server.version = '1.19.0'
    const store = make()
    expect(await store.open(specOf(), live)).toEqual({ instanceId, dimensions: 8, created: false })
    expect(await store.count({}, live)).toBe(0)
  })

  it('is refused before 1.15', async () => {
    server.version = '1.14.1'
    await expect(make().open(specOf(), live)).rejects.toMatchObject({ code: 'store_server_too_old', kind: 'config' })
    expect(server.collections.size).toBe(0)
  })
})

describe('a collection that somebody else made', () => {
  it('is taken over while it is empty', async () => {
    server.collections.set('docs', new SimulatedCollection(8, 'Cosine', { owner: 'team' }))
    expect(await make().peek(live)).toMatchObject({ embeddingFingerprint: undefined, dimensions: 8 })
    expect(await make().open(specOf(), live)).toMatchObject({ created: true, dimensions: 8 })
    expect(await make().open(specOf(), live)).toMatchObject({ created: false })
    expect(server.collections.get('docs')?.metadata).toMatchObject({ owner: 'team', qdrant_loader: {} })
    expect(server.collections.get('docs')?.indexes.size).toBe(4)
  })

  it('is refused and left alone when it holds points', async () => {
    const collection = new SimulatedCollection(8, 'Cosine')
    collection.put(7, [...vectorOf('x')], { text: 'theirs' })
    server.collections.set('docs', collection)
    const error = await make().open(specOf(), live).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'store_collection_foreign', kind: 'config', hint: expect.stringContaining('collection_name') })
    expect(collection.metadata).toBeUndefined()
    expect(collection.indexes.size).toBe(0)
    expect(collection.get(7)?.payload).toEqual({ text: 'theirs' })
  })

  it('is refused when its vectors have another length', async () => {
    server.collections.set('docs', new SimulatedCollection(16, 'Cosine'))
    await expect(make().open(specOf(), live)).rejects.toMatchObject({ code: 'store_dimensions_mismatch', kind: 'config' })
  })

  const unfit = {
    'another distance': { size: 8, distance: 'Dot' },
    'named vectors only': { text: { size: 8, distance: 'Cosine' } },
    'no vectors': {},
    'smaller numbers': { size: 8, distance: 'Cosine', datatype: 'uint8' },
    'multivectors': { size: 8, distance: 'Cosine', multivector_config: { comparator: 'max_sim' } },
  }
  for (const [what, vectors] of Object.entries(unfit)) {
    it(`is refused for ${what}`, async () => {
      answerVectors(vectors)
      await expect(make().open(specOf(), live)).rejects.toMatchObject({ code: 'store_collection_unfit', kind: 'config' })
      expect(server.collections.size).toBe(0)
    })
  }

  it('may have named vectors beside the default one', async () => {
    answerVectors({ '': { size: 8, distance: 'Cosine' }, extra: { size: 4, distance: 'Dot' } })
    server.collections.set('docs', new SimulatedCollection(8, 'Cosine'))
    expect(await make().open(specOf(), live)).toMatchObject({ dimensions: 8 })
  })

  it('is used when another process makes it in between', async () => {
    const route = 'GET /collections/{collection_name}'
    const other = await make().open(specOf(), live)
    const body = JSON.stringify({ status: { error: "Not found: Collection `docs` doesn't exist!" }, time: 0 })
    server.faults.add({ kind: 'answer', status: 404, body, contentType: 'application/json' }, { route })
    expect(await make().open(specOf(), live)).toEqual({ ...other, created: false })
  })
})
