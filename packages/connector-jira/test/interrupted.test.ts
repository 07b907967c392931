import { describe, expect, it } from 'vitest'
import { JiraStage } from './jira-stage.ts'

describe.each(['cloud', 'datacenter'] as const)('%s: a run that dies', (deployment) => {
  it('between an issue and those that name it: the next one sees both, without a census', async () => {
    for (let dieAfter = 0, died = true; died; dieAfter += 1) {
      await using stage = await JiraStage.start(deployment)
      const [one, two, parent] = [stage.issue(), stage.issue(), stage.issue()]
      const child = stage.issue({ type: 'Sub-task', parent })
      await stage.host.sync()
      stage.pass()
      stage.world.link(one, two, 'Blocks')
      stage.issue({ type: 'Sub-task', parent })
      stage.world.editIssue(child, { summary: 'Another child' })
      stage.pass()
      died = (await stage.host.sync({ dieAfter })).listing === undefined
      stage.pass()
      await stage.host.sync()
      const clean = stage.newHost()
      await clean.sync()
      for (const [id, { stub }] of clean.documents) {
        expect(stage.host.documents.get(id)?.stub.metadata, `${id} after ${dieAfter} changes`).toEqual(stub.metadata)
      }
    }
  })
})
