import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { JiraSimulator } from '@qdrant-loader/simulators'
import { afterEach, expect, test, vi } from 'vitest'
import { createUserWorld, expectOneClearMessage } from './user-world.ts'
import type { UserWorld } from './user-world.ts'

// Each test starts the command several times.
vi.setConfig({ testTimeout: 180_000 })

const TOKEN = 'ATATT3-a-token-that-nobody-may-see'

let jira: JiraSimulator
let world: UserWorld
afterEach(() => jira.close())

async function open(deployment: 'cloud' | 'datacenter' = 'cloud'): Promise<void> {
  jira = await JiraSimulator.start({ deployment, token: TOKEN })
  for (const key of ['DEV', 'OPS']) {
    const { id } = jira.world.createProject(key)
    for (let number = 1; number <= 4; number += 1) jira.world.createIssue(id, { summary: `${key} ${number}`, description: `What ${key} says about ${number}.` })
  }
  world = createUserWorld()
  world.configure(`global:
  embedding: { provider: hash, dimensions: 32 }
  state_management: { database_path: ./state.db }
sources:
  jira:
    issues:
      base_url: ${jira.url}
      deployment_type: ${deployment}
      project_key: [DEV, OPS]
      token: \${JIRA_TOKEN}
${deployment === 'cloud' ? `      email: ${jira.email}\n` : ''}`)
}

const env = (token = TOKEN): { env: Record<string, string> } => ({ env: { JIRA_TOKEN: token } })

interface Report {
  readonly status: string
  readonly sources: readonly { readonly documents: Record<string, number>; readonly requests: Record<string, number> }[]
}

async function sync(...flags: string[]): Promise<{ code: number | null; report: Report; stderr: string }> {
  const { code, stdout, stderr } = await world.run(['sync', '--json', ...flags], env())
  return { code, report: JSON.parse(stdout) as Report, stderr }
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

function issue(summary: string): string {
  return jira.world.issues.values().find((one) => one.summary === summary)?.id ?? ''
}

const ALL = ['DEV', 'OPS'].flatMap((key) => [1, 2, 3, 4].map((number) => `${key} ${number}`))

test.each(['cloud', 'datacenter'] as const)('projects are read, kept in step, and an unchanged run does nothing (%s)', async (deployment) => {
  await open(deployment)
  expect(await sync()).toMatchObject({ code: 0, report: { status: 'succeeded', sources: [{ documents: { added: 8 } }] } })
  expect(await titles()).toEqual(ALL)

  // What was edited a moment before it was read is read once more.
  jira.now = () => Date.now() + 60_000
  await sync()
  const unchanged = await sync()
  expect(unchanged.report.sources[0]).toMatchObject({
    documents: { added: 0, updated: 0, deleted: 0 },
    points: { upserted: 0, payload_updated: 0, deleted: 0 },
    requests: { source: 2, content: 0, embedder: 0 },
  })

  jira.world.editIssue(issue('DEV 1'), { description: 'Something new.' })
  jira.world.deleteIssue(issue('OPS 2'))
  expect(await sync('--full')).toMatchObject({ code: 0, report: { sources: [{ documents: { added: 0, updated: 1, deleted: 1 } }] } })
  expect(await titles()).toEqual(ALL.filter((title) => title !== 'OPS 2'))
  expect(jira.violations).toEqual([])
  expect(filesWith(TOKEN)).toEqual([])
  expect(await world.run(['doctor'], env())).toMatchObject({ code: 0 })
})

test.each(['cloud', 'datacenter'] as const)('a wrong token is one clear error with status 3, and stands nowhere (%s)', async (deployment) => {
  await open(deployment)
  await sync()
  const wrong = 'ATATT3-a-wrong-token'
  const result = await world.run(['sync', '--full'], env(wrong))
  expectOneClearMessage(result, 3, /token/i)
  const detailed = await world.run(['sync', '--json', '--log-level', 'debug'], env(wrong))
  for (const secret of [wrong, btoa(`${jira.email}:${wrong}`)]) {
    for (const { stdout, stderr } of [result, detailed]) expect(`${stdout}${stderr}`).not.toContain(secret)
    expect(filesWith(secret)).toEqual([])
  }
  expect((await world.run(['doctor'], env(wrong))).code).toBe(3)
  expect(await titles()).toEqual(ALL)
})

test('a project that is lost is said, and nothing of it is deleted; the other goes on, and it comes back', async () => {
  await open()
  await sync()
  const [dev, ops] = [...jira.world.projects.values()]
  if (dev === undefined || ops === undefined) throw new Error('no projects')
  ops.visible = false
  jira.world.createIssue(dev.id, { summary: 'DEV 5' })
  for (let run = 0; run < 3; run += 1) {
    const { code, stderr } = await sync('--full')
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringMatching(/OPS/)])
    expect(code).toBeGreaterThan(0)
    expect(await titles()).toEqual([...ALL.slice(0, 4), 'DEV 5', ...ALL.slice(4)])
  }
  ops.visible = true
  expect(await sync()).toMatchObject({ code: 0, report: { status: 'succeeded' } })
  expect(await titles()).toHaveLength(9)
})

test('an issue moved out of the projects leaves the collection', async () => {
  await open()
  await sync()
  jira.world.moveIssue(issue('DEV 2'), jira.world.createProject('OUT').id)
  expect(await sync('--full')).toMatchObject({ code: 0, report: { sources: [{ documents: { deleted: 1 } }] } })
  expect(await titles()).toEqual(ALL.filter((title) => title !== 'DEV 2'))
})

test('a listing that ends in a warning deletes nothing and ends with status 4; the next run goes on', async () => {
  await open()
  await sync()
  jira.faults.stay({ kind: 'warning' })
  expect((await sync('--full')).code).toBe(4)
  expect(await titles()).toEqual(ALL)
  jira.faults.clear()
  expect(await sync('--full')).toMatchObject({ code: 0 })
})
