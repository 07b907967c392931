import { createJiraConnector } from '@qdrant-loader/connector-jira'
import { MemoryHost } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { DAY, JiraStage, SEARCH } from './jira-stage.ts'

describe('J8: too many requests', () => {
  it.each([
    ['zero', true],
    ['none', true],
    ['seconds', true],
    ['seconds', false],
    ['zero', false],
    ['none', false],
  ] as const)('J8: a bucket that fills up in minutes is waited for, with Retry-After %s and headers beside it: %s', async (retryAfter, headers) => {
    await using stage = await JiraStage.start('datacenter', {}, { bucket: { requests: 3, seconds: 120, retryAfter, headers } })
    for (let at = 0; at < 400; at++) stage.world.createIssue(stage.project)
    stage.pass(DAY)
    const waits: number[] = []
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms)
      stage.pass(ms)
      return Promise.resolve()
    }
    const host = new MemoryHost({ plugin: createJiraConnector({ sleep, now: () => stage.world.now() }), config: stage.config, configDirectory: '/', cacheDirectory: '/' })
    const { said } = await host.sync()
    expect(host.documents.size).toBe(400)
    expect(waits.length).toBeGreaterThan(0)
    expect(said.join('\n')).toMatch(/waiting \d+ s/)
    // Where the server says how long, nobody asks again before: refused are those alone that are under way together.
    if (headers || retryAfter === 'seconds') expect(stage.takeRequests()[SEARCH.datacenter]).toBeLessThanOrEqual(9 + 2 * 4)
  })
})
