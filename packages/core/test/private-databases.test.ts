import { mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { StateManager } from '../src/state/index.ts'
import { EmbeddedVectorStore } from '../src/store/index.ts'

const QUIET = { debug() {}, info() {}, warn() {}, error() {} }
const { signal } = new AbortController()

let umask: number
beforeEach(() => {
  umask = process.umask(0)
})
afterEach(() => void process.umask(umask))

it('H5: the state and the points, and what SQLite keeps beside them, are for this user alone whatever the umask', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qdrant-loader-private-'))
  await using state = await StateManager.open({ path: join(folder, 'made', 'state.db'), now: Date.now, logger: QUIET })
  const lease = await state.leases.acquire({ project: 'p', sourceType: 'git', source: 's' })
  const store = new EmbeddedVectorStore({ path: join(folder, 'made', 'points.db') })
  await store.open({ dimensions: () => Promise.resolve(4), embeddingFingerprint: 'f' }, signal)
  const modes = Object.fromEntries(
    readdirSync(join(folder, 'made')).map((name) => [name, (statSync(join(folder, 'made', name)).mode & 0o777).toString(8)]),
  )
  expect(modes).toMatchObject({ 'state.db': '600', 'state.db-wal': '600', 'state.db-shm': '600', 'points.db': '600' })
  expect([...new Set(Object.values(modes))]).toEqual(['600'])
  expect(statSync(join(folder, 'made')).mode & 0o777).toBe(0o700)
  await state.leases.release(lease)
  await store.close()
})
