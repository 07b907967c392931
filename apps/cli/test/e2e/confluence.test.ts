import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { ConfluenceSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createUserWorld, expectOneClearMessage } from './user-world.ts'
import type { UserWorld } from './user-world.ts'

// Each test starts the command several times.
vi.setConfig({ testTimeout: 180_000 })

const TOKEN = 'ATATT3-a-token-that-nobody-may-see'

let server: ConfluenceSimulator
let world: UserWorld
beforeEach(async () => {
  server = await ConfluenceSimulator.start({ deployment: 'cloud', token: TOKEN })
  for (const key of ['DEV', 'OPS']) {
    server.world.createSpace({ key, homepage: false })
    for (let number = 0; number < 4; number += 1) {
      server.world.createPage({ space: key, title: `${key} ${number}`, body: `<h2>Part</h2><p>What ${key} says about ${number}.</p>` })
    }
  }
  world = createUserWorld()
  configure()
})
afterEach(() => server.close())

function configure(): void {
  world.configure(`global:
  embedding: { provider: hash, dimensions: 32 }
  state_management: { database_path: ./state.db }
sources:
  confluence:
    docs:
      base_url: ${server.url}
      deployment_type: cloud
      space_key: [DEV, OPS]
      email: ${server.email}
      token: \${CONFLUENCE_TOKEN}
`)
}

const env = (token = TOKEN): { env: Record<string, string> } => ({ env: { CONFLUENCE_TOKEN: token } })

interface Report {
  readonly status: string
  readonly sources: readonly { readonly error: { readonly message: string } | null; readonly documents: Record<string, number>; readonly requests: Record<string, number> }[]
}

async function sync(...flags: string[]): Promise<{ code: number | null; report: Report }> {
  const { code, stdout } = await world.run(['sync', '--json', ...flags], env())
  return { code, report: JSON.parse(stdout) as Report }
}

async function titles(): Promise<string[]> {
  const points = (await world.exported([], env())) as { readonly payload: { readonly title: string } }[]
  return [...new Set(points.map(({ payload }) => payload.title))].sort()
}

/** Every file below a folder that holds a text. */
function filesWith(text: string, folder = world.folder): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile() && readFileSync(file).includes(text))
}

const ALL = ['DEV', 'OPS'].flatMap((key) => [0, 1, 2, 3].map((number) => `${key} ${number}`))

test('spaces are read, kept in step, and an unchanged run does nothing', async () => {
  expect(await sync()).toMatchObject({ code: 0, report: { status: 'succeeded', sources: [{ documents: { added: 8 } }] } })
  expect(await titles()).toEqual(ALL)

  const unchanged = await sync()
  expect(unchanged.report.sources[0]).toMatchObject({ documents: { added: 0, updated: 0, deleted: 0 }, requests: { content: 0, embedder: 0 }, points: { upserted: 0, payload_updated: 0, deleted: 0 } })

  const [edited, trashed] = ['DEV 1', 'OPS 2'].map((title) => server.world.contents.values().find((page) => page.title === title)?.id ?? '')
  server.world.edit(edited ?? '', '<p>Something new.</p>')
  server.world.trash(trashed ?? '')
  expect(await sync('--full')).toMatchObject({ code: 0, report: { sources: [{ documents: { added: 0, updated: 1, deleted: 1 } }] } })
  expect(await titles()).toEqual(ALL.filter((title) => title !== 'OPS 2'))
  expect(server.violations).toEqual([])
  expect(filesWith(TOKEN)).toEqual([])
})

test.each([false, true])('a wrong token is one clear error, and stands nowhere (listings for visitors: %s)', async (anonymousListings) => {
  await sync()
  server.anonymousListings = anonymousListings
  const wrong = 'ATATT3-a-wrong-token'
  const result = await world.run(['sync', '--full'], env(wrong))
  expectOneClearMessage(result, 3, /token/i)
  const detailed = await world.run(['sync', '--full', '--log-level', 'debug'], env(wrong))
  const printed = [result, detailed].map(({ stdout, stderr }) => stdout + stderr).join('')
  for (const secret of [wrong, btoa(`${server.email}:${wrong}`)]) {
    expect(printed).not.toContain(secret)
    expect(filesWith(secret)).toEqual([])
  }
  expect(await titles()).toEqual(ALL)
})

test('a space that is lost is said, and nothing of it is deleted; the other goes on', async () => {
  await sync()
  server.world.setAccess('OPS', 'hidden')
  server.world.createPage({ space: 'DEV', title: 'DEV 4', body: '<p>New.</p>' })
  for (let run = 0; run < 2; run += 1) {
    const { code, report } = await sync('--full')
    expect([code, report.status, report.sources[0]?.error?.message]).toEqual([expect.any(Number), 'partial', expect.stringContaining('OPS')])
    expect(code).toBeGreaterThan(0)
    expect(await titles()).toEqual([...ALL.slice(0, 4), 'DEV 4', ...ALL.slice(4)])
  }
  server.world.setAccess('OPS', 'readable')
  expect(await sync('--full')).toMatchObject({ code: 0, report: { status: 'succeeded' } })
  expect(await titles()).toHaveLength(9)
})

test('a server in trouble ends with status 4 and deletes nothing; the next run goes on', async () => {
  await sync()
  server.faults.stay({ kind: 'login-page' })
  expect((await world.run(['sync', '--full'], env())).code).toBeGreaterThan(0)
  expect(await titles()).toEqual(ALL)
  server.faults.clear()
  const { code, report } = await sync('--full')
  expect([code, report.sources[0]?.error]).toEqual([0, null])
})
