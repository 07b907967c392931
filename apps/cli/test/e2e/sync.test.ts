import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { createUserWorld } from './user-world.ts'

vi.setConfig({ testTimeout: 180_000 })

const pages = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`pages/${index}.md`, `# Page ${index}\n\nWords of page ${index}.\n`]))

test('the commands from the first look to the export', async () => {
  const world = createUserWorld()
  const state = path.join(world.folder, 'state.db')

  const planned = await world.run(['plan', '--json'])
  expect(planned.code).toBe(0)
  expect(JSON.parse(planned.stdout)).toMatchObject({
    dry_run: true,
    status: 'succeeded',
    sources: [{ changes: [{ document_id: 'guide.md', action: 'add', reason: expect.any(String) }, { document_id: 'notes.txt' }] }],
  })
  expect(existsSync(state)).toBe(false)
  expect((await world.run(['sync', '--dry-run'])).stdout).toMatch(/add +guide\.md \(.+\)/)

  const synced = await world.run(['sync', '--json'])
  expect(synced.code).toBe(0)
  expect(JSON.parse(synced.stdout)).toMatchObject({ mode: 'incremental', status: 'succeeded', totals: { documents: { added: 2 } } })
  const again = await world.run(['sync', '--json'])
  expect(JSON.parse(again.stdout)).toMatchObject({
    status: 'succeeded',
    totals: { chunks: { embedded: 0 }, points: { upserted: 0, payload_updated: 0, deleted: 0 }, requests: { content: 0, embedder: 0 } },
  })

  expect((await world.run(['status'])).stdout).toMatch(/git\/docs +2 /)
  expect(JSON.parse((await world.run(['history', '--json', '--limit', '1'])).stdout)).toMatchObject({ runs: [{ source: 'docs', status: 'succeeded' }] })
  expect((await world.run(['failures'])).stdout).toBe('No document failed.\n')
  const found = await world.run(['search', 'install', '--json', '--mode', 'keyword'])
  expect(JSON.parse(found.stdout)).toMatchObject({ mode: 'keyword', results: [{ document_id: 'guide.md' }] })

  const ids = (await world.exported()).map((point) => (point as { id: string }).id)
  expect(ids).toEqual(ids.toSorted())
  expect(await world.run(['doctor'])).toMatchObject({ code: 0 })
})

test('a plan of a synced source says what changed, and leaves the state file as it was', async () => {
  const world = createUserWorld()
  await world.run(['sync'])
  world.commit({ 'guide.md': '# Guide\n\nAnother text.\n', 'notes.txt': undefined, 'new.md': '# New\n' })
  const before = readFileSync(path.join(world.folder, 'state.db'))
  const { stdout } = await world.run(['plan'])
  expect(stdout).toMatch(/update +guide\.md/)
  expect(stdout).toMatch(/delete +notes\.txt/)
  expect(stdout).toMatch(/add +new\.md/)
  expect(readFileSync(path.join(world.folder, 'state.db')).equals(before)).toBe(true)
})

test('a mass deletion is held with status 6 until it is allowed', async () => {
  const world = createUserWorld()
  world.commit(pages(60))
  await world.run(['sync'])
  world.commit(Object.fromEntries(Object.keys(pages(60)).map((name) => [name, undefined])))
  const held = await world.run(['sync'])
  expect([held.code, held.stderr]).toEqual([6, expect.stringContaining('sync --allow-mass-delete')])
  expect((await world.run(['sync', '--json'])).code).toBe(6)
  expect(await world.run(['sync', '--allow-mass-delete'])).toMatchObject({ code: 0 })
  expect((await world.exported(['--no-vectors'])).length).toBe(2)
})

test('a reader of the export that leaves ends it without an error', async () => {
  const world = createUserWorld()
  world.commit(pages(500))
  await world.run(['sync'])
  const { child, ended } = world.start(['export'])
  child.stdout.once('data', () => child.stdout.destroy())
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})
