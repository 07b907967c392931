import confluence from '@qdrant-loader/connector-confluence'
import { createJiraConnector } from '@qdrant-loader/connector-jira'
import type { SourceJob } from '@qdrant-loader/core/pipeline'
import { ConfluenceSimulator, generateJira, generateSite, generateConfluence, JiraSimulator, SiteSimulator } from '@qdrant-loader/simulators'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { damage } from './damage.ts'
import { randomFrom } from './git/random-history.ts'
import { siteBenchOptions } from './site/bench.ts'
import { cleanBuildOf, SyncBench, type SyncBenchOptions } from './sync-bench.ts'

// Reading a document again that did not change is another request for each connector: a 304 would bring no text.

vi.setConfig({ testTimeout: 120_000 })

const HOUR = 3_600_000
let clock = { now: Date.UTC(2026, 2, 1) }
const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const DEPLOYMENTS = ['cloud', 'datacenter'] as const

const WORLDS: Readonly<Record<string, () => Promise<SyncBenchOptions>>> = {
  'a documentation site': async () => {
    const site = await SiteSimulator.start({ now: () => clock.now })
    closers.push(() => site.close())
    generateSite(site.world, 40)
    return siteBenchOptions(site)
  },
  ...Object.fromEntries(DEPLOYMENTS.map((deployment) => [`Confluence ${deployment}`, () => confluenceOptions(deployment)])),
  ...Object.fromEntries(DEPLOYMENTS.map((deployment) => [`Jira ${deployment}`, () => jiraOptions(deployment)])),
}

async function confluenceOptions(deployment: 'cloud' | 'datacenter'): Promise<SyncBenchOptions> {
  const server = await ConfluenceSimulator.start({ deployment, now: () => clock.now })
  closers.push(() => server.close())
  generateConfluence(server.world, { pages: 40 })
  const credentials = { ...(deployment === 'cloud' ? { email: server.email } : {}), token: server.token }
  const config = () => ({ base_url: server.url, deployment_type: deployment, space_key: 'DOCS', ...credentials })
  return { plugin: confluence as SourceJob['plugin'], config, now: () => clock.now }
}

async function jiraOptions(deployment: 'cloud' | 'datacenter'): Promise<SyncBenchOptions> {
  const server = await JiraSimulator.start({ deployment, now: () => clock.now })
  closers.push(() => server.close())
  generateJira(server.world, 40)
  const credentials = { ...(deployment === 'cloud' ? { email: server.email } : {}), token: server.token }
  const config = () => ({ base_url: server.url, deployment_type: deployment, project_key: 'DEMO', ...credentials })
  return { plugin: createJiraConnector() as SourceJob['plugin'], config, now: () => clock.now }
}

describe.each(Object.entries(WORLDS))('%s', (_name, open) => {
  it('is read again where its points were damaged, and repaired to a clean build', async () => {
    const random = randomFrom(14)
    clock = { now: Date.UTC(2026, 2, 1) }
    const options = await open()
    clock.now += 24 * HOUR
    const bench = await SyncBench.open(options)
    closers.push(() => bench.close())
    expect((await bench.sync()).status).toBe('succeeded')
    for (let round = 0; round < 2; round += 1) {
      clock.now += HOUR
      expect((await damage(bench.store, random)).length).toBeGreaterThan(5)
      expect((await bench.verify()).status).toBe('different')
      const report = await bench.repair()
      expect([report.status, report.sources[0]?.repair?.sync.error]).toEqual(['repaired', null])
      expect(await bench.export()).toEqual(await cleanBuildOf(options))
    }
  })
})
