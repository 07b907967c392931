import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { createUserWorld, expectJsonFailure, expectOneClearMessage, GOOD } from './user-world.ts'
import type { UserWorld } from './user-world.ts'

// Each test starts the command several times.
vi.setConfig({ testTimeout: 180_000 })

/** After the fault is mended, a run ends well, and the collection is what a clean build holds. */
async function expectConvergence(world: UserWorld): Promise<void> {
  const mended = await world.run(['sync'])
  expect([mended.code, mended.stdout]).toEqual([0, expect.stringContaining('succeeded')])
  const env = { STATE_DB_PATH: path.join(world.folder, 'clean.db') }
  expect(await world.run(['sync'], { env })).toMatchObject({ code: 0 })
  const [points, cleanPoints] = await Promise.all([world.exported(), world.exported([], { env })])
  expect(points.length).toBeGreaterThan(0)
  expect(points).toEqual(cleanPoints)
}

function serve(status: number, body: (request: unknown) => unknown): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (piece) => void (text += String(piece)))
    request.on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body(text === '' ? undefined : JSON.parse(text))))
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({ url: `http://127.0.0.1:${port}`, close: () => server.closeAllConnections() ?? server.close() })
    })
  })
}

test('a state folder that cannot be made is status 2, and a good path then converges', async () => {
  const world = createUserWorld()
  writeFileSync(path.join(world.folder, 'a-file'), '')
  world.configure(GOOD.replace('./state.db', './a-file/below/state.db'))
  expectOneClearMessage(await world.run(['sync']), 2, /a-file[^]*(STATE_DB_PATH|database_path)/)
  world.configure(GOOD)
  await expectConvergence(world)
})

test('a state file of a newer version is left as it is', async () => {
  const world = createUserWorld()
  await world.run(['sync'])
  const file = path.join(world.folder, 'state.db')
  const database = new DatabaseSync(file)
  database.exec("INSERT INTO qdrant_loader_migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture9999999999999')")
  expectOneClearMessage(await world.run(['sync']), 2, /newer version[^]*Update qdrant-loader/)
  database.exec("DELETE FROM qdrant_loader_migrations WHERE name LIKE 'FromTheFuture%'")
  database.close()
  await expectConvergence(world)
})

test('a corrupt state file is left as it is, and moved away it is built again', async () => {
  const world = createUserWorld()
  writeFileSync(path.join(world.folder, 'state.db'), 'this is no database, and long enough to be looked at '.repeat(100))
  expectOneClearMessage(await world.run(['sync']), 2, /state\.db is damaged/)
  expectJsonFailure(await world.run(['sync', '--json']), 2)
  world.configure(GOOD.replace('./state.db', './another.db'))
  await expectConvergence(world)
})

test('a collection of other dimensions is refused, and nothing is embedded again after going back', async () => {
  const world = createUserWorld()
  await world.run(['sync'])
  const before = await world.exported()
  world.configure(GOOD.replace('32', '64'))
  expectOneClearMessage(await world.run(['sync']), 2, /state\.points\.db/)
  world.configure(GOOD)
  const { stdout } = await world.run(['sync', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ status: 'succeeded', totals: { chunks: { embedded: 0 } } })
  expect(await world.exported()).toEqual(before)
})

test('a full disk loses nothing', async () => {
  const world = createUserWorld()
  await world.run(['sync'])
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`more/${index}.md`, `# Page ${index}\n\n${`Words of page ${index}. `.repeat(40)}\n`]))
  world.commit(many)
  const blocks = Math.ceil(statSync(path.join(world.folder, 'state.points.db')).size / 512) + 64
  const full = await world.run(['sync', '--json'], { shell: `ulimit -f ${blocks}; exec "$@"` })
  expect(expectJsonFailure(full, 2).error.code).toMatch(/disk_full/)
  const again = await world.run(['sync'], { shell: `ulimit -f ${blocks}; exec "$@"` })
  expectOneClearMessage(again, 2, /full|limit/)
  await expectConvergence(world)
})

test('credentials that the store or the embedder refuses are status 3', async () => {
  const refusing = await serve(401, () => ({ status: { error: 'Unauthorized' }, error: { message: 'bad key', code: 'invalid_api_key' } }))
  try {
    const world = createUserWorld()
    world.configure(GOOD.replace('global:', `global:\n  qdrant: { url: "${refusing.url}", api_key: wrong-secret-key }`))
    const stored = await world.run(['sync'])
    expectOneClearMessage(stored, 3, /api_key/i)
    expect(`${stored.stdout}${stored.stderr}`).not.toContain('wrong-secret-key')
      world.configure(GOOD.replace('{ provider: hash, dimensions: 32 }', `{ provider: openai, model: m, dimensions: 32, base_url: "${refusing.url}/v1", api_key: wrong-secret-key }`))
    expectOneClearMessage(await world.run(['sync']), 3, /key/i)
    world.configure(GOOD)
    await expectConvergence(world)
  } finally {
    refusing.close()
  }
})

test('a server that does not answer is status 4', async () => {
  const world = createUserWorld()
  world.configure(GOOD.replace('global:', 'global:\n  qdrant: { url: "http://127.0.0.1:1" }'))
  expectOneClearMessage(await world.run(['sync', '--retries', '0']), 4, /127\.0\.0\.1:1/)
  expectJsonFailure(await world.run(['sync', '--json', '--retries', '0']), 4)
})

test.each([
  ['vectors of another length', (inputs: readonly unknown[]) => inputs.map(() => [1, 0, 0])],
  ['fewer vectors than inputs', () => []],
  ['something that is no number', (inputs: readonly unknown[]) => inputs.map(() => Array.from({ length: 32 }, () => null))],
] as const)('an embedder that answers %s is refused before anything is written', async (_name, vectors) => {
  const nonsense = await serve(200, (request) => {
    const inputs = [(request as { input?: unknown } | undefined)?.input ?? []].flat()
    return { object: 'list', model: 'm', data: vectors(inputs).map((embedding, index) => ({ object: 'embedding', index, embedding })) }
  })
  try {
    const world = createUserWorld()
    world.configure(GOOD.replace('{ provider: hash, dimensions: 32 }', `{ provider: openai, model: m, dimensions: 32, base_url: "${nonsense.url}/v1" }`))
    expectOneClearMessage(await world.run(['sync', '--retries', '0']), 2, /embed/i)
    expect(await world.exported()).toEqual([])
  } finally {
    nonsense.close()
  }
})
