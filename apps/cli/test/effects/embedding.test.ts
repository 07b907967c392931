import { EmbedderSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'

let server: EmbedderSimulator
let world: EffectsWorld

beforeEach(async () => {
  server = await EmbedderSimulator.start()
  world = createEffectsWorld()
  const pages = Array.from({ length: 5 }, (_, index) => [`pages/${index}.md`, `# Page ${index}\n\nWords of page ${index}.\n`])
  world.commit(Object.fromEntries(pages) as Record<string, string>)
})
afterEach(() => server[Symbol.asyncDispose]())

function configure(embedding: string, more = ''): void {
  world.configure(`global:
  embedding: ${embedding}
  state_management: { database_path: ./state.db }
  ${more}
sources: { git: { docs: { base_url: ./repository } } }
`)
}

test('embedding.provider and embedding.dimensions decide what makes the vectors', async () => {
  configure('{ provider: hash, dimensions: 48 }')
  await world.run(['sync'])
  expect((await world.points()).map(({ vector }) => vector?.length)).toEqual(Array(7).fill(48))
  configure('{ provider: hash }')
  expect((await world.run(['doctor'], { env: { STATE_DB_PATH: './other.db' } })).stdout).toContain('hash hash-v1, 384 dimensions')
  configure('{ provider: local }')
  expect((await world.run(['doctor'], { env: { STATE_DB_PATH: './other.db' } })).stdout).toContain('local universal-sentence-encoder-lite, 512 dimensions')
})

test('embedding.model and embedding.dimensions that a provider does not have are refused', async () => {
  for (const unfit of ['{ provider: local, model: other }', '{ provider: local, dimensions: 64 }']) {
    configure(unfit)
    expect(await world.json(['sync'])).toMatchObject({ code: 2, error: { code: 'embedder_option_unfit' } })
  }
})

test('embedding.base_url, model, api_key and dimensions are what the server sees; OPENAI_API_KEY wins over the file', async () => {
  configure(`{ provider: openai, base_url: "${server.url}", model: some-model, api_key: key-in-file, dimensions: 20 }`)
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  expect(server.asked.length).toBeGreaterThan(0)
  for (const { path, authorization, body } of server.asked) {
    expect([path, authorization, body.model, body.dimensions]).toEqual(['/v1/embeddings', 'Bearer key-in-file', 'some-model', 20])
  }
  expect((await world.points()).map(({ vector }) => vector?.length)).toEqual(Array(7).fill(20))

  await world.run(['search', 'words'], { env: { OPENAI_API_KEY: 'key-of-environment' } })
  expect(server.asked.at(-1)?.authorization).toBe('Bearer key-of-environment')
})

test('embedding.batch_size bounds the inputs of a request, of every provider', async () => {
  configure(`{ provider: openai, base_url: "${server.url}", model: m, dimensions: 16, batch_size: 3 }`)
  await world.run(['sync'])
  expect(server.asked.map(({ body }) => body.input.length).sort()).toEqual([1, 3, 3])
  for (const [provider, state] of [['hash', 'one'], ['local', 'two']] as const) {
    const env = { STATE_DB_PATH: `./${state}.db` }
    configure(`{ provider: ${provider}, batch_size: 3 }`)
    expect(await world.json(['sync'], { env })).toMatchObject({ code: 0, totals: { chunks: { embedded: 7 }, requests: { embedder: 3 } } })
  }
})

test('embedding.max_concurrency bounds the requests at once', async () => {
  for (const most of [1, 3]) {
    configure(`{ provider: openai, base_url: "${server.url}", model: m, dimensions: 16, batch_size: 1, max_concurrency: ${most} }`)
    // No request is answered before as many as may be have come, and one more would have had its chance.
    let come = 0
    server.misbehave = async () => {
      come += 1
      await vi.waitUntil(() => come >= most, { interval: 1, timeout: 20_000 })
      for (let turns = 0; turns < 200; turns += 1) await new Promise<void>((resolve) => setImmediate(resolve))
      return undefined
    }
    server.resetCounters()
    expect(await world.json(['sync'], { env: { STATE_DB_PATH: `./state${most}.db` } })).toMatchObject({ code: 0 })
    expect(server.mostAtOnce).toBe(most)
  }
})

test('chunking.chunk_size bounds the chunks, and chunking.chunk_overlap repeats what came before', async () => {
  const sentences = Array.from({ length: 60 }, (_, index) => `Sentence number ${index} says something of its own.`)
  world.commit({ 'long.md': `# Long\n\n${sentences.join(' ')}\n` })
  const chunksOf = async (chunking: string, state: string): Promise<string[]> => {
    configure('{ provider: hash, dimensions: 16 }', `chunking: ${chunking}`)
    const env = { STATE_DB_PATH: `./${state}.db` }
    expect(await world.json(['sync'], { env })).toMatchObject({ code: 0 })
    const points = await world.points([], { env })
    return points.filter(({ payload }) => payload.document_id === 'long.md').map(({ payload }) => payload.content)
  }
  const times = (chunks: readonly string[]) => sentences.map((sentence) => chunks.filter((chunk) => chunk.includes(sentence)).length)
  const whole = await chunksOf('{ chunk_size: 2000 }', 'whole')
  const small = await chunksOf('{ chunk_size: 100 }', 'small')
  const overlapping = await chunksOf('{ chunk_size: 100, chunk_overlap: 40 }', 'overlapping')
  expect(whole).toHaveLength(1)
  expect(small.length).toBeGreaterThan(5)
  expect(Math.max(...times(small))).toBe(1)
  expect(Math.max(...times(overlapping))).toBeGreaterThan(1)
})
