import { createJiraConnector } from '@qdrant-loader/connector-jira'
import { loaderErrorOf, MemoryHost } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { JiraStage, SEARCH, SIGNAL } from './jira-stage.ts'

const BULK = 'POST /rest/api/3/issue/bulkfetch'

describe('J2: a token that the server repeats', () => {
  it.each(['cloud', 'datacenter'] as const)('J2: is in no error and no line, whole or cut, on %s', async (deployment) => {
    await using stage = await JiraStage.start(deployment, {}, { token: 'canary-0123456789-abcdefghij' })
    const { token, email } = stage.simulator
    const basic = Buffer.from(`${email}:${token}`).toString('base64')
    const secrets = [token, basic]
    const id = stage.issue()
    const host = new MemoryHost({ plugin: createJiraConnector({ sleep: () => Promise.resolve() }), config: stage.config, configDirectory: '/', cacheDirectory: '/', secrets })
    await host.sync()
    const bulk = deployment === 'cloud' ? BULK : SEARCH.datacenter
    // So far in that what is cut for a message ends within the secret.
    const repeated = (length: number, secret: string): string => `${'x'.repeat(length)} ${secret}`
    for (const secret of secrets) {
      for (const length of [0, 280, 290]) {
        const said = repeated(length, secret)
        stage.simulator.faults.add({ kind: 'status', status: 400, text: said }, { route: SEARCH[deployment] })
        const answer = { warnings: [{ message: said }], warningMessages: [said], issues: [], startAt: 0, total: 0 }
        const errors = [await loaderErrorOf(host.sync())]
        stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body: JSON.stringify(answer) }, { route: SEARCH[deployment] })
        errors.push(await loaderErrorOf(host.sync()))
        if (deployment === 'cloud') {
          const refused = JSON.stringify({ issues: [], issueErrors: [{ id, errorMessage: said }] })
          stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body: refused }, { route: bulk, times: 3 })
          const { source } = await host.open()
          errors.push(await loaderErrorOf(source.reader.read({ id, scope: 'ABC', contentVersion: '', location: { url: '' } }, SIGNAL)))
          await source.close(undefined)
          stage.simulator.faults.clear()
        }
        for (const error of errors) {
          const told = JSON.stringify([error.message, error.hint, String(error.cause), error.stack])
          for (const one of secrets) expect(told).not.toContain(one.slice(0, 8))
        }
      }
    }
  })
})
