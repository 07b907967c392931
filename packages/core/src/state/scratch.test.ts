import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { commitOf, OTHER, openTestState, REF, rememberingLogger, START, temporaryFolder } from '../../test/state/test-state.ts'
import { migrateUp, migrationStatus } from './migrate.ts'
import { MIGRATIONS } from './migrations/index.ts'
import { StateManager } from './state-manager.ts'

const now = () => START

afterEach(() => vi.unstubAllEnvs())

it('a scratch holds what the file holds, and nobody sees what is done to it', async () => {
  await using test = await openTestState()
  const { state } = test
  const lease = await state.leases.acquire(REF)
  await state.sources.update(lease, { cursor: { at: 1 }, storeInstance: 'here' })
  await state.runs.start(lease, { runId: 'r1', mode: 'full', cursorBefore: undefined })
  await state.documents.commit(lease, 'r1', 'r1', [commitOf('a', { points: ['p1', 'p2'], dependsOn: ['b'] }), commitOf('b', { points: ['p3'] })])
  await state.deletions.stage(lease, 'r1', [{ documentId: 'b', verdict: 'unknown' }])
  const scratch = await state.scratch()

  // Leases and history are not in it.
  const own = await scratch.leases.acquire(REF)
  expect(await scratch.getLastIngestion(REF)).toBeUndefined()
  expect(await scratch.sources.get(REF)).toEqual(await state.sources.get(REF))
  expect(await scratch.documents.among(REF, ['a', 'b'])).toEqual(await state.documents.among(REF, ['a', 'b']))
  expect(await scratch.chunks.of(REF, ['a', 'b'])).toEqual(await state.chunks.of(REF, ['a', 'b']))

  await scratch.deletions.commit(own, 'r2', ['b'])
  await scratch.sources.update(own, { cursor: { at: 2 } })
  await scratch.runs.start(own, { runId: 'r2', mode: 'full', cursorBefore: undefined })
  expect((await scratch.documents.among(REF, ['a'])).get('a')?.redo).toBe('dependency')
  expect((await state.documents.among(REF, ['a', 'b'])).get('b')?.status).toBe('staged')
  expect((await state.sources.get(REF))?.cursor).toEqual({ at: 1 })
  expect((await state.reports.history({ limit: 9 })).map(({ runId }) => runId)).toEqual(['r1'])

  // And the other way round: it is of one moment.
  await state.documents.commit(lease, 'r3', 'r3', [commitOf('c', { points: ['p4'] })])
  expect(await scratch.documents.count(REF)).toBe(1)
  await scratch.close()
  expect(await state.documents.count(REF)).toBe(3)
  expect(readdirSync(test.folder).filter((name) => !name.startsWith('state.db'))).toEqual([])
})

it('a scratch is made while somebody writes, and holds what was committed', async () => {
  await using test = await openTestState()
  const { state } = test
  const lease = await state.leases.acquire(REF)
  await state.documents.commit(lease, 'r1', 'r1', [commitOf('a', { points: ['p1'] })])
  await using other = await test.open()
  const theirs = await other.leases.acquire(OTHER)
  await other.transaction(async () => {
    await other.documents.commit(theirs, 'r2', 'r2', [commitOf('b', { points: ['p2'] })])
    await using scratch = await state.scratch()
    expect([await scratch.documents.count(REF), await scratch.documents.count(OTHER)]).toEqual([1, 0])
  })
  expect(await state.documents.count(OTHER)).toBe(1)
})

it('a scratch of a file of an older version is of this one, and the file stays as it is', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'state.db')
  await migrateUp({ path, migrations: MIGRATIONS.slice(0, 1) })
  const before = readFileSync(path)
  vi.stubEnv('TMPDIR', folder.path)
  await using scratch = await StateManager.openScratch({ path, now, logger: rememberingLogger() })
  const lease = await scratch.leases.acquire(REF)
  await scratch.documents.commit(lease, 'r1', 'r1', [commitOf('a', { points: ['p1'] })])
  expect(await scratch.documents.count(REF)).toBe(1)
  expect(readFileSync(path).equals(before)).toBe(true)
  expect((await migrationStatus({ path })).filter(({ applied }) => applied)).toHaveLength(1)
  // What was needed for it is gone.
  expect(readdirSync(folder.path).filter((name) => !name.startsWith('state.db'))).toEqual([])
})

it('a scratch without a file is empty, and makes none', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'nowhere', 'state.db')
  await using scratch = await StateManager.openScratch({ path, now, logger: rememberingLogger() })
  await scratch.leases.acquire(REF)
  expect(await scratch.documents.count(REF)).toBe(0)
  expect(existsSync(join(folder.path, 'nowhere'))).toBe(false)
})
