import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { live, pointOf, specOf } from '../../../test/store/point-fixtures.ts'
import { EmbeddedVectorStore } from './embedded-vector-store.ts'
import { ThreadedWriter } from './threaded-writer.ts'

let directory: string
let path: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'threaded-writer-'))
  path = join(directory, 'store.sqlite')
})
afterEach(() => rm(directory, { recursive: true }))

it('leaves the event loop free while it writes', async () => {
  const store = new EmbeddedVectorStore({ path, threadFrom: 1 })
  await store.open(specOf(), live)
  const points = Array.from({ length: 1_000 }, (_, index) => pointOf(`p${index}`, { content: 'word '.repeat(400) }))
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await store.upsert(points, live)
  clearInterval(timer)
  expect(turns).toBeGreaterThan(2)
  expect(await store.count({}, live)).toBe(1_000)
  await store.close()
})

it('says what is wrong with the file as a write in the same thread does', async () => {
  const writer = new ThreadedWriter({ path, busyTimeoutMs: 100 })
  await expect(writer.upsert([pointOf('a')])).rejects.toMatchObject({ code: 'store_path_unwritable', kind: 'config' })
  await writer.close()
})

it('writes what was begun before it closes, and ends its thread', async () => {
  const store = new EmbeddedVectorStore({ path, threadFrom: 1 })
  await store.open(specOf(), live)
  const written = store.upsert([pointOf('a')], live)
  await store.close()
  await written
  await store.open(specOf(), live)
  expect(await store.count({}, live)).toBe(1)
  await store.upsert([pointOf('b')], live)
  expect(await store.count({}, live)).toBe(2)
  await store.close()
})
