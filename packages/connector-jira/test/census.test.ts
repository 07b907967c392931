import { describe, expect, it } from 'vitest'
import { cleanBuild, DAY, held, JiraStage, metadataOf, textOf, total } from './jira-stage.ts'

describe('J14: a census on Cloud', () => {
  /** Rows with a field come in pages of 100, or of 5,000; in the tests both are smaller. */
  it.each([['few', 10, 2 + 3 + 1 + 1], ['many', 500, 2]] as const)('J14: costs few requests where %s rows with a field make a page', async (_word, light, requests) => {
    await using stage = await JiraStage.start('cloud', {}, { pageLimits: { ids: 500, light } })
    for (let at = 0; at < 400; at++) stage.world.createIssue(stage.project)
    stage.pass(DAY)
    await stage.host.sync()
    stage.pass(DAY)
    await stage.host.sync({ listingDue: true })
    stage.takeRequests()
    const census = await stage.host.sync({ listingDue: true })
    expect(census).toMatchObject({ loaded: [], described: [], deleted: [], requests: { content: 0 } })
    // The project and the names, beside the rows.
    expect(total(stage.takeRequests())).toBeLessThanOrEqual(requests + 1)
  })

  it.each([3, 500])('J14: finds all that happened, with %i rows with a field to a page', async (light) => {
    await using stage = await JiraStage.start('cloud', {}, { pageLimits: { ids: 500, light } })
    const ids = Array.from({ length: 30 }, () => stage.issue({ description: 'Before.' }))
    stage.pass(DAY)
    await stage.host.sync()
    const [edited = '', hidden = '', gone = '', renamed = ''] = ids
    for (let round = 0; round < 2; round++) {
      stage.pass(DAY)
      await stage.host.sync({ listingDue: true })
      stage.world.setHidden(hidden, true)
      stage.world.editIssue(hidden, { description: `Edited while hidden ${round}.` })
      stage.world.editIssue(edited, { description: `After ${round}.` })
      stage.pass(2 * DAY)
      // The run between sees the edit, and not what is hidden.
      await stage.host.sync()
      stage.world.setHidden(hidden, false)
      stage.world.createPerson(`Person ${round}`)
      if (round === 0) stage.world.deleteIssue(gone)
      else stage.world.renameProject(stage.project, 'NEW')
      await stage.host.sync({ listingDue: true })
      expect(textOf(stage.host, hidden)).toContain(`Edited while hidden ${round}.`)
      expect(textOf(stage.host, edited)).toContain(`After ${round}.`)
      expect(held(stage.host)).toEqual(await cleanBuild(stage))
    }
    expect(metadataOf(stage.host, renamed)['key']).toBe('NEW-4')
    expect(stage.host.documents.get(renamed)?.stub.location.url).toContain('NEW-4')
  })

  it.each([3, 500])('J14: a full run trusts no listing before it, with %i rows with a field to a page', async (light) => {
    await using stage = await JiraStage.start('cloud', { project_key: ['ABC', 'XYZ'] }, { pageLimits: { ids: 500, light } })
    const other = stage.world.createProject('XYZ')
    const theirs = stage.world.createIssue(other.id, { description: 'Before.' }).id
    for (let at = 0; at < 20; at++) stage.issue()
    stage.pass(DAY)
    await stage.host.sync()
    other.visible = false
    stage.world.editIssue(theirs, { description: 'Edited while nobody saw it.' })
    for (let run = 0; run < 2; run++) {
      stage.pass(2 * DAY)
      await stage.host.sync({ listingDue: true })
    }
    other.visible = true
    await stage.host.sync()
    expect(textOf(stage.host, theirs)).toContain('Edited while nobody saw it.')
    expect((await stage.host.sync({ mode: 'full' })).requests.content).toBe(0)
  })
})
