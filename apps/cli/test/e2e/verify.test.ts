import { existsSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { StateManager } from '@qdrant-loader/core/state'
import { EmbeddedVectorStore, type StoredPoint } from '@qdrant-loader/core/store'
import { expect, test, vi } from 'vitest'
import { createUserWorld, expectJsonFailure, expectOneClearMessage, GOOD, type UserWorld } from './user-world.ts'

vi.setConfig({ testTimeout: 180_000 })

const SIGNAL = new AbortController().signal
const QUIET = { debug() {}, info() {}, warn() {}, error() {} }

/** Does something to the collection that no sync knows of. */
async function behindTheBack(world: UserWorld, work: (store: EmbeddedVectorStore, points: readonly StoredPoint[]) => Promise<void>): Promise<void> {
  const store = new EmbeddedVectorStore({ path: path.join(world.folder, 'state.points.db') })
  try {
    await store.peek(SIGNAL)
    const points: StoredPoint[] = []
    for await (const point of store.scroll({}, { vector: true, payload: true }, SIGNAL)) points.push(point)
    await work(store, points)
  } finally {
    await store.close()
  }
}

const removeOne = (world: UserWorld, document: string) =>
  behindTheBack(world, (store, points) => store.delete(points.filter(({ payload }) => payload?.document_id === document).map(({ id }) => id), SIGNAL))

function pages(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`pages/${index}.md`, `# Page ${index}\n\nWords of page ${index}.\n`]))
}

async function expectCleanBuild(world: UserWorld): Promise<void> {
  const clean = path.join(world.folder, 'clean.yaml')
  writeFileSync(clean, GOOD.replace('./state.db', './clean.db'))
  expect(await world.run(['sync', '--config', clean])).toMatchObject({ code: 0 })
  expect(await world.exported()).toEqual(await world.exported(['--config', clean]))
}

test('what is missing is named with status 5, and repaired with status 0', async () => {
  const world = createUserWorld()
  await world.run(['sync'])
  expect(await world.run(['verify'])).toMatchObject({ code: 0, stderr: '' })
  await removeOne(world, 'guide.md')

  const found = await world.run(['verify'])
  expect([found.code, found.stdout, found.stderr]).toEqual([5, expect.stringMatching(/missing {4}guide\.md/), expect.stringMatching(/To fix it: qdrant-loader verify --repair/)])
  const json = await world.run(['verify', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ status: 'different', totals: { points: { checked: 2, missing: 1, orphaned: 0, different: 0 } } })

  const repaired = await world.run(['verify', '--repair'])
  expect([repaired.code, repaired.stdout]).toEqual([0, expect.stringContaining('repaired')])
  expect(await world.run(['verify'])).toMatchObject({ code: 0 })
  await expectCleanBuild(world)
})

test('before the first sync it says so, with status 5, and nothing is made', async () => {
  const world = createUserWorld()
  const { code, stdout } = await world.run(['verify', '--json'])
  expect([code, JSON.parse(stdout)]).toMatchObject([5, { status: 'unsynced', totals: { documents: { checked: 0 }, points: { checked: 0 } } }])
  for (const file of ['state.db', 'state.points.db']) expect([file, existsSync(path.join(world.folder, file))]).toEqual([file, false])
})

test('a collection that was removed is missing as a whole', async () => {
  const world = createUserWorld()
  await world.run(['sync'])
  for (const suffix of ['', '-wal', '-shm']) rmSync(path.join(world.folder, `state.points.db${suffix}`), { force: true })
  const { code, stdout } = await world.run(['verify', '--json'])
  expect([code, JSON.parse(stdout)]).toMatchObject([5, { totals: { points: { checked: 2, missing: 2 } } }])
  expect(await world.run(['verify', '--repair'])).toMatchObject({ code: 0 })
  await expectCleanBuild(world)
})

test('while another run holds the lease it looks at nothing, says who, with status 7', async () => {
  const world = createUserWorld()
  await world.run(['sync'])
  const state = await StateManager.open({ path: path.join(world.folder, 'state.db'), now: Date.now, logger: QUIET })
  const lease = await state.leases.acquire({ project: 'default', sourceType: 'git', source: 'docs' })
  try {
    for (const words of [['verify'], ['verify', '--repair']]) {
      expectOneClearMessage(await world.run(words), 7, /pid \d+/)
      expect(expectJsonFailure(await world.run([...words, '--json']), 7).error.code).toBe('lease_held')
    }
  } finally {
    await state.leases.release(lease)
    await state.close()
  }
  expect(await world.run(['verify'])).toMatchObject({ code: 0 })
})

test('many points that nobody knows are held with status 6 until their removal is allowed', async () => {
  const world = createUserWorld()
  await world.run(['sync'])
  await behindTheBack(world, async (store, [point]) => {
    if (point?.vector === undefined || point.payload === undefined) throw new Error('there is no point')
    const { vector, payload } = point
    const foreign = Array.from({ length: 40 }, (_, index) => ({ id: crypto.randomUUID(), vector, payload: { ...payload, document_id: `foreign/${index}` } }))
    await store.upsert(foreign, SIGNAL)
  })
  const held = await world.run(['verify', '--repair'])
  expect([held.code, held.stderr]).toEqual([6, expect.stringContaining('after the repair 40 points still differ')])
  expect(await world.run(['verify', '--repair', '--allow-mass-delete'])).toMatchObject({ code: 0 })
  await expectCleanBuild(world)
})

test('a store out of reach and a wrong command line are one JSON object, and say what to do', async () => {
  const world = createUserWorld()
  world.configure(GOOD.replace('global:', 'global:\n  qdrant: { url: "http://127.0.0.1:1", collection_name: x }\n  ingestion: { batch: { retry_attempts: 0 } }'))
  expectOneClearMessage(await world.run(['verify']), 4, /127\.0\.0\.1:1/)
  expect(expectJsonFailure(await world.run(['verify', '--json']), 4).error.code).toBe('store_unreachable')
  expect(expectJsonFailure(await world.run(['verify', '--json', '--allow-mass-delete']), 2).error.code).toBe('usage')
})

test('a repair that is killed at any moment does no harm: syncs go on, and the next repair ends it', async () => {
  const world = createUserWorld()
  world.commit(pages(150))
  const small = GOOD.replace('global:', 'global:\n  ingestion: { batch: { size: 3 } }\n  change_detection: { max_delete_ratio: 1 }')
  world.configure(small)
  await world.run(['sync'])
  let killed = 0
  for (let round = 0; round < 6; round += 1) {
    await behindTheBack(world, async (store, points) => {
      const some = points.filter((_, index) => index % 6 !== round)
      await store.delete(some.filter((_, index) => index % 2 === 0).map(({ id }) => id), SIGNAL)
      const changed = some.filter((_, index) => index % 2 === 1).flatMap(({ id, payload }) => (payload === undefined ? [] : [{ id, payload: { ...payload, title: 'x' } }]))
      await store.replacePayload(changed, SIGNAL)
    })
    const { child, ended } = world.start(['verify', '--repair', '--log-level', 'debug'])
    // At another place of the state in each round: the more lines of its log, the further it is.
    let lines = 0
    child.stderr.on('data', (text: string) => {
      lines += text.split('state: ').length - 1
      if (lines > 20 + round * 60) child.kill('SIGKILL')
    })
    if ((await ended).signal === 'SIGKILL') killed += 1
    expect(await world.run(['sync'])).toMatchObject({ code: 0 })
    if (round % 2 === 0) expect(await world.run(['verify', '--repair'])).toMatchObject({ code: 0 })
  }
  expect(killed).toBeGreaterThan(3)
  expect(await world.run(['verify', '--repair'])).toMatchObject({ code: 0 })
  await expectCleanBuild(world)
})
