import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { QdrantSimulator } from '@qdrant-loader/simulators'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { randomFrom } from '../oracle/git/random-history.ts'
import { createUserWorld, type UserWorld } from './user-world.ts'

// With QDRANT_URL (and QDRANT_API_KEY) these run against a real server, else against the simulator. Collections get
// names of their own and are deleted at the end.

vi.setConfig({ testTimeout: 240_000 })

const KEY = process.env['QDRANT_API_KEY'] ?? (process.env['QDRANT_URL'] === undefined ? 'a-key-that-must-not-show' : undefined)
const RUN = `qdrant_loader_e2e_${randomUUID().slice(0, 8)}`
const collections: string[] = []
let simulator: QdrantSimulator | undefined
let url: string

beforeAll(async () => {
  const real = process.env['QDRANT_URL']
  if (real === undefined) simulator = await QdrantSimulator.start(KEY === undefined ? {} : { apiKey: KEY })
  url = real ?? simulator?.url ?? ''
})

afterAll(async () => {
  if (simulator === undefined) {
    for (const name of collections) {
      await fetch(`${url.replace(/\/$/, '')}/collections/${name}`, { method: 'DELETE', headers: KEY === undefined ? {} : { 'api-key': KEY } })
    }
  } else {
    expect(simulator.violations).toEqual([])
    await simulator.close()
  }
})

function configuration(collection: string, state: string): string {
  collections.push(collection)
  return `global:
  qdrant: { url: "${url}", api_key: "\${TEST_KEY:-}", collection_name: ${collection}, timeout: 20s }
  embedding: { provider: hash, dimensions: 32 }
  state_management: { database_path: ./${state}.db }
  ingestion: { batch: { size: 5 } }
sources:
  git:
    docs: { base_url: ./repository }
`
}

/** Environment in which only the configuration names the server. */
const ENV = { env: { QDRANT_URL: undefined, QDRANT_API_KEY: undefined, TEST_KEY: KEY } }

function world(): { readonly user: UserWorld; readonly collection: string } {
  const user = createUserWorld()
  const collection = `${RUN}_${collections.length}`
  user.configure(configuration(collection, 'state'))
  return { user, collection }
}

async function report(user: UserWorld, args: readonly string[] = []): Promise<{ code: number | null; totals: Record<string, Record<string, number>> }> {
  const { code, stdout, stderr } = await user.run(['sync', '--json', ...args], ENV)
  expect(stderr).not.toContain(KEY ?? '\0')
  return { code, ...(JSON.parse(stdout) as { totals: Record<string, Record<string, number>> }) }
}

async function expectCleanBuild(user: UserWorld): Promise<void> {
  const file = path.join(user.folder, 'clean.yaml')
  writeFileSync(file, configuration(`${RUN}_${collections.length}`, `clean${collections.length}`))
  expect(await user.run(['sync', '--config', file], ENV)).toMatchObject({ code: 0 })
  expect(await user.exported([], ENV)).toEqual(await user.exported(['--config', file], ENV))
}

function pages(count: number, text = 'Words'): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`pages/${index}.md`, `# Page ${index}\n\n${text} of page ${index}.\n`]))
}

/** What another program may do to the collection. */
async function rest(collection: string, method: string, route: string, body: object): Promise<{ readonly points: readonly RestPoint[] }> {
  const headers = { 'content-type': 'application/json', ...(KEY === undefined ? {} : { 'api-key': KEY }) }
  const response = await fetch(`${url.replace(/\/$/, '')}/collections/${collection}/${route}`, { method, headers, body: JSON.stringify(body) })
  const { result } = (await response.json()) as { result: { readonly points: readonly RestPoint[] } }
  expect([route, response.status]).toEqual([route, 200])
  return result
}

interface RestPoint {
  readonly id: string
  readonly vector: readonly number[]
  readonly payload: object
}

describe('a Qdrant collection', () => {
  it('is kept equal to a repository, at a cost proportional to the change', async () => {
    const { user } = world()
    user.commit(pages(40))
    expect(await report(user)).toMatchObject({ code: 0, totals: { documents: { added: 42 } } })

    simulator?.resetCounters()
    expect(await report(user)).toMatchObject({
      code: 0,
      totals: { points: { upserted: 0, payload_updated: 0, deleted: 0 }, chunks: { embedded: 0 }, requests: { content: 0 } },
    })
    if (simulator !== undefined) {
      expect(simulator.counters).toEqual({ pointsUpserted: 0, payloadUpdates: 0, pointsDeleted: 0, vectorsWritten: 0, bytesFlooded: 0 })
    }

    user.commit({ 'pages/3.md': '# Page 3\n\nEdited.\n', 'pages/4.md': undefined, 'moved/5.md': pages(6)['pages/5.md'], 'pages/5.md': undefined })
    const changed = await report(user)
    expect(changed).toMatchObject({ code: 0, totals: { documents: { updated: 1, deleted: 1, moved: 1, added: 0 } } })
    expect(changed.totals['chunks']?.['embedded']).toBe(1)
    await expectCleanBuild(user)

    const found = await user.run(['search', 'words of page 17', '--json', '--limit', '3'], ENV)
    expect(JSON.parse(found.stdout)).toMatchObject({ mode: 'vector', results: [{ document_id: 'pages/17.md' }, {}, {}] })
    expect(await user.run(['doctor'], ENV)).toMatchObject({ code: 0 })
  })

  it('survives a command that is killed again and again', async () => {
    const { user } = world()
    const random = randomFrom(7)
    user.commit(pages(120))
    for (let round = 0; round < 5; round += 1) {
      const { child, ended } = user.start(['sync'], ENV)
      await wait(300 + random() * 1_200)
      child.kill('SIGKILL')
      await ended
      user.commit({ [`pages/${round}.md`]: `# Page ${round}\n\nRound ${round}.\n`, [`pages/${round + 20}.md`]: undefined })
    }
    expect(await report(user)).toMatchObject({ code: 0 })
    await expectCleanBuild(user)
  })

  it('is compared with the state, and mended, when somebody else changed it', async () => {
    const { user, collection } = world()
    user.commit(pages(30))
    await report(user)
    expect(await user.run(['verify'], ENV)).toMatchObject({ code: 0 })

    const { points } = await rest(collection, 'POST', 'points/scroll', { limit: 20, with_payload: true, with_vector: true })
    const [first, second, third] = points
    await rest(collection, 'POST', 'points/delete?wait=true', { points: [first?.id] })
    await rest(collection, 'POST', 'points/payload?wait=true', { payload: { title: 'changed by hand' }, points: [second?.id] })
    const foreign = [{ id: 42, vector: third?.vector, payload: { ...third?.payload, document_id: 'foreign' } }]
    const elsewhere = [{ id: randomUUID(), vector: third?.vector, payload: { ...third?.payload, project_id: 'other', source: 'wiki' } }]
    await rest(collection, 'PUT', 'points?wait=true', { points: [...foreign, ...elsewhere] })

    const verify = async (...args: string[]) => {
      const { code, stdout } = await user.run(['verify', '--json', ...args], ENV)
      return { code, ...(JSON.parse(stdout) as object) }
    }
    const found = { points: { missing: 1, orphaned: 1, different: 1 } }
    const unconfigured = [{ project: 'other', source_type: 'git', source: 'wiki', points: 1 }]
    expect(await verify()).toMatchObject({ code: 5, totals: found, unconfigured })
    expect(await verify('--repair')).toMatchObject({
      code: 0,
      totals: found,
      sources: [{ status: 'repaired', repair: { sync: { points: { upserted: 1, payload_updated: 1, deleted: 1 } } } }],
    })
    expect(await verify()).toMatchObject({ code: 0, status: 'equal', unconfigured })
    await rest(collection, 'POST', 'points/delete?wait=true', { points: elsewhere.map(({ id }) => id) })
    await expectCleanBuild(user)
  })

  it('holds a mass deletion', async () => {
    const { user } = world()
    user.commit(pages(60))
    await report(user)
    user.commit(Object.fromEntries(Object.keys(pages(60)).map((name) => [name, undefined])))
    expect(await report(user)).toMatchObject({ code: 6, totals: { documents: { held: 60, deleted: 0 } } })
    expect(await report(user, ['--allow-mass-delete'])).toMatchObject({ code: 0, totals: { documents: { deleted: 60 } } })
  })

  it('of other dimensions is refused and left as it is', async () => {
    const { user, collection } = world()
    await report(user)
    const before = await user.exported([], ENV)
    user.configure(configuration(collection, 'other').replace('dimensions: 32', 'dimensions: 64'))
    const refused = await user.run(['sync'], ENV)
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/To fix it: /)])
    user.configure(configuration(collection, 'state'))
    expect(await user.exported([], ENV)).toEqual(before)
  })

  it('with a wrong key, or out of reach, is one clear message, and nothing is lost', async () => {
    const { user, collection } = world()
    await report(user)
    user.commit({ 'guide.md': '# Guide\n\nChanged.\n' })
    if (simulator !== undefined) {
      const wrong = await user.run(['sync'], { env: { ...ENV.env, TEST_KEY: 'wrong' } })
      expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringMatching(/To fix it: /)])
    }
    user.configure(configuration(collection, 'state').replace(url, 'http://127.0.0.1:1').replace('{ batch: { size: 5 } }', '{ batch: { retry_attempts: 0 } }'))
    const unreachable = await user.run(['sync'], ENV)
    expect([unreachable.code, unreachable.stderr]).toEqual([4, expect.stringMatching(/To fix it: /)])
    user.configure(configuration(collection, 'state'))
    expect(await report(user)).toMatchObject({ code: 0, totals: { documents: { updated: 1 } } })
    await expectCleanBuild(user)
  })

  it.runIf(process.env['QDRANT_URL'] === undefined)('converges through faults of the server', async () => {
    const { user } = world()
    user.commit(pages(30))
    const upsert = { route: 'PUT /collections/{collection_name}/points' }
    simulator?.faults.add({ kind: 'status', status: 503 })
    simulator?.faults.add({ kind: 'status', status: 429, retryAfter: '0' }, upsert)
    simulator?.faults.add({ kind: 'update-status', status: 'wait_timeout', applied: 'later' }, upsert)
    simulator?.faults.add({ kind: 'drop', when: 'after' }, upsert)
    simulator?.faults.add({ kind: 'truncate' }, upsert)
    expect(await report(user, ['--retries', '6'])).toMatchObject({ code: 0 })
    expect(simulator?.faults.pending).toBe(0)
    await expectCleanBuild(user)
  })
})
