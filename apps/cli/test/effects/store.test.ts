import { existsSync } from 'node:fs'
import path from 'node:path'
import { QdrantSimulator } from '@qdrant-loader/simulators'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'

const KEY = 'key-of-the-server'
let simulator: QdrantSimulator
let locked: QdrantSimulator
let world: EffectsWorld

beforeAll(async () => {
  simulator = await QdrantSimulator.start()
  locked = await QdrantSimulator.start({ apiKey: KEY })
})
beforeEach(() => {
  simulator.collections.clear()
  simulator.faults.clear()
  locked.collections.clear()
  world = createEffectsWorld()
})
afterAll(async () => {
  expect([...simulator.violations, ...locked.violations]).toEqual([])
  await Promise.all([simulator.close(), locked.close()])
})

function configure(store: string, more = ''): void {
  world.configure(`global:
  ${store}
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
${more}sources: { git: { docs: { base_url: ./repository } } }
`)
}

test('qdrant.url and qdrant.collection_name say where the points go', async () => {
  configure(`qdrant: { url: "${simulator.url}", collection_name: my_docs }`)
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  expect([...simulator.collections.keys()]).toEqual(['my_docs'])
  expect(await world.documents()).toEqual(['guide.md', 'notes.txt'])
})

test('QDRANT_URL and QDRANT_COLLECTION_NAME win over the file, and turn the embedded store into a server', async () => {
  configure('qdrant: { url: "http://127.0.0.1:1", collection_name: my_docs }')
  const env = { QDRANT_URL: simulator.url, QDRANT_COLLECTION_NAME: 'other_docs' }
  expect(await world.json(['sync'], { env })).toMatchObject({ code: 0 })
  expect([...simulator.collections.keys()]).toEqual(['other_docs'])

  world = createEffectsWorld()
  configure('logging: {}')
  expect(await world.json(['sync'], { env: { QDRANT_URL: simulator.url } })).toMatchObject({ code: 0 })
  expect([...simulator.collections.keys()]).toEqual(['other_docs', 'qdrant_loader'])
})

test('qdrant.api_key opens the server, and QDRANT_API_KEY wins over it', async () => {
  const server = (key: string) => configure(`qdrant: { url: "${locked.url}", api_key: ${key} }`)
  server('not-the-key')
  expect(await world.json(['sync'])).toMatchObject({ code: 3 })
  expect(await world.json(['sync'], { env: { QDRANT_API_KEY: KEY } })).toMatchObject({ code: 0 })
  server(KEY)
  expect(await world.json(['doctor'])).toMatchObject({ code: 0 })
  expect(await world.json(['doctor'], { env: { QDRANT_API_KEY: 'not-the-key' } })).toMatchObject({ code: 3 })
})

test('qdrant.timeout ends a request that is not answered', async () => {
  configure(`qdrant: { url: "${simulator.url}", timeout: 150ms }\n  ingestion: { batch: { retry_attempts: 0 } }`)
  simulator.faults.add({ kind: 'delay', ms: Number.POSITIVE_INFINITY })
  const started = performance.now()
  expect(await world.json(['sync'])).toMatchObject({ code: 4, error: { message: expect.stringContaining('no answer in time') } })
  // The default is 30 s.
  expect(performance.now() - started).toBeLessThan(15_000)
  configure(`qdrant: { url: "${simulator.url}", timeout: 10s }\n  ingestion: { batch: { retry_attempts: 0 } }`)
  simulator.faults.add({ kind: 'delay', ms: 300 })
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
})

test('embedded.path is the file of the points, relative to the configuration; without it they lie beside the state', async () => {
  configure('embedded: { path: ./elsewhere/points.file }')
  await world.run(['sync'])
  expect(existsSync(path.join(world.folder, 'elsewhere', 'points.file'))).toBe(true)
  expect(existsSync(path.join(world.folder, 'state.points.db'))).toBe(false)
  world = createEffectsWorld()
  configure('logging: {}')
  await world.run(['sync'])
  expect(existsSync(path.join(world.folder, 'state.points.db'))).toBe(true)
})
