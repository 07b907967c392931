import { JiraSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'

vi.setConfig({ testTimeout: 60_000 })

let world: EffectsWorld
let jira: JiraSimulator
beforeEach(async () => {
  world = createEffectsWorld()
  jira = await JiraSimulator.start()
})
afterEach(() => jira.close())

const GLOBAL = `global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  ingestion: { batch: { retry_attempts: 0 } }
`

/** Sources by name, each with all that it has. */
function configure(sources: Readonly<Record<string, string>>): void {
  world.configure(`${GLOBAL}sources:\n  jira:\n${Object.entries(sources).map(([name, keys]) => `    ${name}: { ${keys} }\n`).join('')}`)
}

/** What a source of Jira Cloud needs beside its selection. */
const account = (): string => `deployment_type: cloud, base_url: "${jira.url}", email: ${jira.email}, token: ${jira.token}`

/** Summaries of the issues that a source holds, sorted. */
async function summaries(source: string): Promise<string[]> {
  const points = (await world.points(['--source', source])) as unknown as { readonly payload: { readonly title: string } }[]
  return [...new Set(points.map(({ payload }) => payload.title))].sort()
}

async function summariesOfAll(sources: Readonly<Record<string, unknown>>): Promise<Record<string, string[]>> {
  return Object.fromEntries(await Promise.all(Object.keys(sources).map(async (name) => [name, await summaries(name)] as const)))
}

test('project_key, jql, issue_types and include_statuses of jira select what is read', async () => {
  const [one, two] = ['ONE', 'TWO'].map((key) => jira.world.createProject(key).id)
  jira.world.createIssue(one ?? '', { summary: 'A bug', type: 'Bug', labels: ['red'] })
  const story = jira.world.createIssue(one ?? '', { summary: 'A story', type: 'Story' })
  jira.world.createIssue(two ?? '', { summary: 'A task elsewhere', type: 'Task', labels: ['red'] })
  jira.world.transition(story.id, 'Done')
  const sources = {
    one: 'project_key: ONE',
    both: 'project_key: [one, TWO]',
    query: "jql: 'labels = red ORDER BY created DESC'",
    bugs: 'project_key: ONE, issue_types: bug',
    several: 'project_key: [ONE, TWO], issue_types: [Bug, Task]',
    done: 'project_key: ONE, include_statuses: [Done, In Review]',
    queried: "jql: 'project in (ONE, TWO)', include_statuses: To Do, issue_types: [Story, Task]",
  }
  configure(Object.fromEntries(Object.entries(sources).map(([name, keys]) => [name, `${account()}, ${keys}`])))
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  expect(await summariesOfAll(sources)).toEqual({
    one: ['A bug', 'A story'],
    both: ['A bug', 'A story', 'A task elsewhere'],
    query: ['A bug', 'A task elsewhere'],
    bugs: ['A bug'],
    several: ['A bug', 'A task elsewhere'],
    done: ['A story'],
    queried: ['A task elsewhere'],
  })
  expect(jira.violations).toEqual([])
})

test('extra_fields of jira brings text into the content and values into the payload; a wrong name is an error', async () => {
  const { id: project } = jira.world.createProject('ONE')
  const custom = { customfield_10032: 'All of it works.', customfield_10037: 'Major', customfield_10016: 5 }
  jira.world.createIssue(project, { summary: 'An issue', custom })
  configure({
    plain: `${account()}, project_key: ONE`,
    more: `${account()}, project_key: ONE, extra_fields: [Acceptance criteria, Severity, customfield_10016]`,
    one: `${account()}, project_key: ONE, extra_fields: severity`,
  })
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  const contents = async (source: string) => (await world.points(['--source', source])).map(({ payload }) => payload.content).join('\n')
  expect(await contents('more')).toMatch(/Acceptance criteria\n\nAll of it works\./)
  expect(await contents('plain')).not.toContain('All of it works.')
  const values = async (source: string) => JSON.stringify((await world.points(['--source', source])).map(({ payload }) => payload))
  expect(await values('more')).toMatch(/"Severity":"Major".*"Story point estimate":5|"Story point estimate":5.*"Severity":"Major"/)
  expect(await values('one')).toContain('"Severity":"Major"')
  expect(await values('plain')).not.toContain('Major')
  configure({ wrong: `${account()}, project_key: ONE, extra_fields: Severety` })
  const { code, sources } = await world.json(['sync'])
  expect([code, sources[0].error.hint]).toEqual([2, expect.stringContaining('Severity')])
})

test('content_fields of jira makes the text of fields a section, whatever Jira calls their type; a field without text is an error', async () => {
  const { id: project } = jira.world.createProject('ONE')
  // The checklist is of an app: its type is none that Jira itself knows as text.
  jira.world.createIssue(project, { summary: 'An issue', custom: { customfield_10032: 'All of it works.', customfield_10044: 'Milk and honey.' } })
  configure({
    plain: `${account()}, project_key: ONE`,
    more: `${account()}, project_key: ONE, content_fields: [Checklist, Acceptance criteria]`,
    payload: `${account()}, project_key: ONE, extra_fields: Checklist`,
  })
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  const contents = async (source: string) => (await world.points(['--source', source])).map(({ payload }) => payload.content).join('\n')
  expect(await contents('more')).toMatch(/Checklist\n\nMilk and honey\.[^]*Acceptance criteria\n\nAll of it works\./)
  expect(await contents('plain')).not.toContain('All of it works.')
  expect(await contents('payload')).not.toContain('Milk and honey.')
  configure({ wrong: `${account()}, project_key: ONE, content_fields: Severity` })
  const { code, sources } = await world.json(['sync'])
  expect([code, sources[0].error.code, sources[0].error.hint]).toEqual([2, 'jira_unsupported_field', expect.stringContaining('extra_fields')])
})

test('include_comments of jira brings comments into the content', async () => {
  const { id: project } = jira.world.createProject('ONE')
  const { id } = jira.world.createIssue(project, { summary: 'An issue' })
  jira.world.addComment(id, 'Somebody says something.')
  configure({ with: `${account()}, project_key: ONE, include_comments: true`, without: `${account()}, project_key: ONE` })
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  const contents = async (source: string) => (await world.points(['--source', source])).map(({ payload }) => payload.content).join('\n')
  expect(await contents('with')).toContain('Somebody says something.')
  expect(await contents('without')).not.toContain('Somebody says something.')
})

test('base_url of jira leads to the server, with its context path, and deployment_type says which kind it is', async () => {
  await using datacenter = await JiraSimulator.start({ deployment: 'datacenter', prefix: '/jira' })
  for (const { world: site } of [jira, datacenter]) site.createIssue(site.createProject('ONE').id, { summary: 'An issue' })
  const read = `project_key: ONE, token: ${datacenter.token}`
  configure({
    cloud: `${account()}, project_key: ONE`,
    datacenter: `deployment_type: datacenter, base_url: "${datacenter.url}/", ${read}`,
    // No host of Atlassian: a Data Center.
    guessed: `base_url: "${datacenter.url}", ${read}`,
  })
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  expect(await summariesOfAll({ cloud: 1, datacenter: 1, guessed: 1 })).toEqual({ cloud: ['An issue'], datacenter: ['An issue'], guessed: ['An issue'] })
  expect([...jira.violations, ...datacenter.violations]).toEqual([])
  configure({ wrong: `deployment_type: datacenter, base_url: "${jira.url}", ${read}` })
  expect((await world.json(['sync'])).code).toBeGreaterThan(0)
  expect(jira.violations).not.toEqual([])
})

test('email and token of jira are what the server asks for', async () => {
  await using datacenter = await JiraSimulator.start({ deployment: 'datacenter', token: 'another-token' })
  for (const { world: site } of [jira, datacenter]) site.createIssue(site.createProject('ONE').id, { summary: 'An issue' })
  const cloud = `deployment_type: cloud, base_url: "${jira.url}", project_key: ONE`
  configure({
    right: `${cloud}, email: ${jira.email}, token: ${jira.token}`,
    email: `${cloud}, email: somebody@example.com, token: ${jira.token}`,
    token: `${cloud}, email: ${jira.email}, token: wrong-token`,
    personal: `deployment_type: datacenter, base_url: "${datacenter.url}", project_key: ONE, token: another-token`,
    refused: `deployment_type: datacenter, base_url: "${datacenter.url}", project_key: ONE, token: wrong-token`,
  })
  const report = await world.json(['sync'])
  expect(report.code).toBe(3)
  const kinds = report.sources.map(({ source, error }: { source: string; error: { code: string } | null }) => [source, error?.code ?? null])
  expect(Object.fromEntries(kinds)).toEqual({ right: null, email: 'jira_auth_failed', token: 'jira_auth_failed', personal: null, refused: 'jira_auth_failed' })
  expect(JSON.stringify(report)).not.toMatch(/wrong-token|another-token|the-token/)
})

test('requests_per_minute of jira is the pace', async () => {
  const { id: project } = jira.world.createProject('ONE')
  jira.world.createIssue(project, { summary: 'An issue' })
  const times: number[] = []
  jira.afterAnswer = () => void times.push(performance.now())
  configure({ slow: `${account()}, project_key: ONE, requests_per_minute: 300` })
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  const slow = times.slice(1).map((time, at) => time - (times[at] ?? 0))
  expect(slow.length).toBeGreaterThanOrEqual(2)
  // 200 ms from start to start; an answer may come a little late, and the next in time.
  expect(((times.at(-1) ?? 0) - (times[0] ?? 0)) / slow.length).toBeGreaterThan(150)
})
