import { createJiraConnector } from '@qdrant-loader/connector-jira'
import type { SourceJob } from '@qdrant-loader/core/pipeline'
import { generateJira, type JiraProject, JiraSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BenchSyncOptions, SyncBench } from '../sync-bench.ts'

// Counted at the server, the embedder and the store themselves, not by the report.

const HOUR = 3_600_000
const NOTHING = { embedded: 0, upserted: 0, payloads: 0, deleted: 0 }
let time = 0
let jira: JiraSimulator
let bench: SyncBench
let project: JiraProject

async function open(issues: number, deployment: 'cloud' | 'datacenter' = 'cloud', keys: Readonly<Record<string, unknown>> = {}): Promise<void> {
  time = Date.UTC(2026, 2, 1)
  jira = await JiraSimulator.start({ deployment, now: () => time })
  project = generateJira(jira.world, issues)
  time += 24 * HOUR
  const credentials = deployment === 'cloud' ? { email: jira.email, token: jira.token } : { token: jira.token }
  bench = await SyncBench.open({
    plugin: createJiraConnector() as SourceJob['plugin'],
    config: () => ({ base_url: jira.url, deployment_type: deployment, project_key: 'DEMO', ...credentials, ...keys }),
    now: () => time,
    batchSize: 250,
  })
}

/** Syncs an hour later; what it cost is in `jira` and `bench`. */
async function sync(options: BenchSyncOptions = {}): Promise<number> {
  time += HOUR
  jira.resetCounters()
  const report = await bench.sync(options)
  expect(report.status, JSON.stringify(report.sources[0]?.error)).toBe('succeeded')
  return report.totals.requests.content
}

afterEach(async () => {
  await bench.close()
  await jira.close()
  expect(jira.violations).toEqual([])
})

describe('20,000 issues on Cloud', () => {
  beforeEach(() => open(20_000), 120_000)

  it('an unchanged run asks twice, the census at most ten times, and nothing is fetched, embedded or written', { timeout: 240_000 }, async () => {
    await sync()
    expect(await sync()).toBe(0)
    expect(jira.requestCount).toBeLessThanOrEqual(2)
    expect({ ...bench.counts, bodies: jira.counters.issues }).toEqual({ ...NOTHING, bodies: 0 })

    expect(await sync({ fullListingIntervalMs: 0 })).toBe(0)
    expect(jira.requestCount).toBeLessThanOrEqual(10)
    expect({ ...bench.counts, bodies: jira.counters.issues, rows: jira.counters.rows }).toEqual({ ...NOTHING, bodies: 0, rows: 20_000 })

    // A hundred issues have a status that they alone have, and that is given another name.
    const reviewed = [...jira.world.issues.keys()].filter((_id, at) => at % 200 === 0)
    for (const id of reviewed) jira.world.transition(id, 'In Review')
    expect(await sync()).toBe(100)
    jira.world.names.rename('status', 'In Review', 'Review')
    expect(await sync()).toBe(0)
    expect({ ...bench.counts }).toEqual(NOTHING)
    expect(await sync({ fullListingIntervalMs: 0 })).toBe(0)
    expect(jira.requestCount).toBeLessThanOrEqual(10)
    const points = (await bench.export()).filter(({ payload }) => payload.metadata['status'] === 'Review')
    expect(new Set(points.map(({ payload }) => payload.document_id))).toEqual(new Set(reviewed))
    expect({ ...bench.counts, bodies: jira.counters.issues }).toEqual({ ...NOTHING, payloads: points.length, bodies: 0 })
  })
})

describe.each(['cloud', 'datacenter'] as const)('300 issues, %s', (deployment) => {
  beforeEach(async () => {
    await open(300, deployment, { include_comments: true })
    await sync()
  })

  it('an unchanged run asks twice', async () => {
    expect(await sync()).toBe(0)
    expect(jira.requestCount).toBeLessThanOrEqual(2)
    expect({ ...bench.counts }).toEqual(NOTHING)
  })

  it('another status of 100 issues is payload only, and they are read in bulk', async () => {
    for (const id of [...jira.world.issues.keys()].slice(0, 100)) jira.world.transition(id, 'Done')
    expect(await sync()).toBe(100)
    expect(bench.counts).toMatchObject({ embedded: 0, upserted: 0, deleted: 0 })
    expect(bench.counts.payloads).toBeGreaterThanOrEqual(100)
    expect(jira.requestCount).toBeLessThanOrEqual(6)
    expect(await sync()).toBe(0)
  })

  it('rank, sprint, worklog and a move to another project embed nothing', async () => {
    const ids = [...jira.world.issues.keys()]
    const sprint = jira.world.createNamed('sprints', 'Sprint 1').id
    for (const id of ids.slice(0, 20)) jira.world.editIssue(id, { custom: { customfield_10019: '0|i0001:', customfield_10020: [sprint] } })
    for (const id of ids.slice(20, 40)) jira.world.logWork(id)
    await sync()
    expect(bench.counts).toMatchObject({ embedded: 0, upserted: 0, deleted: 0 })
    jira.world.renameProject(project.id, 'NEW')
    await sync({ fullListingIntervalMs: 0 })
    expect(bench.counts).toMatchObject({ embedded: 0, upserted: 0, deleted: 0 })
    expect((await bench.export())[0]?.payload.metadata['key']).toMatch(/^NEW-/)
  })

  it('a new name of somebody who comments embeds the comments, and reads those issues alone', async () => {
    const { id } = jira.world.createPerson('Edsger Dijkstra')
    const before = jira.world.actor
    jira.world.actor = id
    const issues = [...jira.world.issues.keys()].filter((_id, at) => at % 30 === 0)
    for (const issue of issues) jira.world.addComment(issue, 'Considered harmful.')
    jira.world.actor = before
    await sync()
    Object.assign(jira.world.people.get(id) ?? {}, { displayName: 'Edsger W. Dijkstra' })
    expect(await sync({ fullListingIntervalMs: 0 })).toBe(issues.length)
    expect(bench.counts).toMatchObject({ embedded: issues.length, upserted: issues.length, deleted: issues.length })
    expect(await sync({ fullListingIntervalMs: 0 })).toBe(0)
    expect({ ...bench.counts }).toEqual(NOTHING)
  })

  it('one more comment on 50 embeds the comment', async () => {
    const { id } = jira.world.createIssue(project.id, { summary: 'Much talked about', description: 'A description of some words.' })
    for (let at = 0; at < 50; at += 1) {
      time += 60_000
      jira.world.addComment(id, `Comment ${at} says: ${'word '.repeat(20)}${at}.`)
    }
    await sync()
    expect(bench.counts.embedded).toBeGreaterThanOrEqual(50)
    time += 60_000
    jira.world.addComment(id, 'One comment more, of a few words.')
    expect(await sync()).toBe(1)
    expect(bench.counts).toMatchObject({ embedded: 1, upserted: 1, deleted: 0 })
  })

  it('one paragraph of a long description embeds the chunks that it touches', async () => {
    const paragraphs = Array.from({ length: 40 }, (_, at) => `Paragraph ${at} says: ${'word '.repeat(30)}${at}.`)
    const { id } = jira.world.createIssue(project.id, { summary: 'Long', description: paragraphs.join('\n\n') })
    await sync()
    time += 60_000
    jira.world.editIssue(id, { description: paragraphs.toSpliced(20, 1, 'Another paragraph.').join('\n\n') })
    await sync()
    expect(bench.counts.embedded).toBeGreaterThan(0)
    expect(bench.counts.embedded).toBeLessThanOrEqual(2)
  })
})
