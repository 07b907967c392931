import { describe, expect, it } from 'vitest'
import { DAY, JiraStage, metadataOf, SEARCH, textOf } from './jira-stage.ts'

describe.each(['cloud', 'datacenter'] as const)('what changed, on %s', (deployment) => {
  it('asks twice when nothing changed, whatever the number of issues', async () => {
    await using stage = await JiraStage.start(deployment)
    for (let at = 0; at < 2_500; at++) stage.world.createIssue(stage.project, { summary: `Issue ${at}` })
    stage.pass(DAY)
    await stage.host.sync()
    stage.pass(DAY)
    stage.takeRequests()
    const { requests, loaded } = await stage.host.sync()
    expect(requests).toEqual({ source: 2, content: 0 })
    expect(loaded).toEqual([])
  })

  it('reads in bulk what is new', async () => {
    await using stage = await JiraStage.start(deployment)
    for (let at = 0; at < 250; at++) stage.world.createIssue(stage.project, { summary: `Issue ${at}` })
    stage.pass(DAY)
    const { loaded, requests } = await stage.host.sync()
    expect(loaded).toHaveLength(250)
    expect(requests.content).toBe(250)
    const { [SEARCH[deployment]]: searches, 'POST /rest/api/3/issue/bulkfetch': bulk } = stage.takeRequests()
    expect(deployment === 'cloud' ? [searches, bulk] : [searches, bulk]).toEqual(deployment === 'cloud' ? [1, 3] : [6, undefined])
  })

  it('finds an edit that the search index shows late', async () => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue({ description: 'Before.' })
    await stage.host.sync()
    stage.world.index.lag = () => 5 * 60_000
    stage.world.editIssue(id, { description: 'After.' })
    stage.pass()
    await stage.host.sync()
    stage.pass(6 * 60_000)
    await stage.host.sync()
    expect(textOf(stage.host, id)).toContain('After.')
  })

  it.each([-3, 3])('finds an edit when our clock is %i hours off', async (hours) => {
    await using stage = await JiraStage.start(deployment)
    const host = stage.newHost({}, hours * 3_600_000)
    const id = stage.issue({ description: 'Before.' })
    await host.sync()
    stage.pass(30_000)
    stage.world.editIssue(id, { description: 'After.' })
    stage.pass()
    await host.sync()
    expect(textOf(host, id)).toContain('After.')
    stage.pass(DAY)
    await host.sync()
    stage.pass(DAY)
    expect((await host.sync()).requests).toEqual({ source: 2, content: 0 })
  })

  it('finds what is edited while the run goes on', async () => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue({ description: 'Before.' })
    await stage.host.sync()
    stage.pass(DAY)
    stage.simulator.afterAnswer = () => {
      stage.pass(1_000)
      stage.world.editIssue(id, { description: `At ${stage.world.now()}.` })
    }
    await stage.host.sync()
    stage.simulator.afterAnswer = undefined
    stage.pass()
    await stage.host.sync()
    expect(textOf(stage.host, id)).toContain(String(stage.world.issue(id).description))
  })

  it('finds a second edit that leaves `updated` as the first one set it', async () => {
    await using stage = await JiraStage.start(deployment)
    const { id } = stage.world.createIssue(stage.project, { summary: 'Edited twice', description: 'First.' })
    await stage.host.sync()
    stage.world.editIssue(id, { description: 'Second, within the same millisecond.' })
    stage.pass()
    await stage.host.sync()
    expect(textOf(stage.host, id)).toContain('Second')
    expect((await stage.host.sync()).loaded).toEqual([])
  })

  it('loses no row when rows move between pages', async () => {
    await using stage = await JiraStage.start(deployment, {}, { pageLimits: { light: 4, rows: 4 } })
    const ids = Array.from({ length: 20 }, (_none, at) => stage.issue({ summary: `Issue ${at}` }))
    stage.pass(DAY)
    let edits = 0
    stage.simulator.afterAnswer = (route) => {
      if (route !== SEARCH[deployment] || edits >= 3) return
      stage.pass(1_000)
      stage.world.editIssue(ids[edits++] ?? '', { description: 'Touched while the pages are read.' })
    }
    await stage.host.sync({ mode: 'full' })
    expect([...stage.host.documents.keys()].toSorted()).toEqual(ids.toSorted())
    edits = 0
    for (const id of ids) stage.world.editIssue(id, { summary: 'Again' })
    stage.pass()
    await stage.host.sync()
    expect([...stage.host.texts.values()].filter((text) => text.startsWith('# Again'))).toHaveLength(20)
  })

  it('loses no row when issues are deleted while the pages are read', async () => {
    await using stage = await JiraStage.start(deployment, {}, { pageLimits: { light: 4, rows: 4 } })
    const ids = Array.from({ length: 20 }, (_none, at) => stage.issue({ summary: `Issue ${at}` }))
    const gone = ids.slice(0, 6)
    const left = [...gone]
    stage.simulator.afterAnswer = (route) => {
      // Two at once: more than the one row by which pages overlap.
      if (route === SEARCH[deployment]) for (const id of left.splice(0, 2)) stage.world.deleteIssue(id)
    }
    await stage.host.sync()
    expect([...stage.host.documents.keys()].toSorted()).toEqual(ids.filter((id) => !gone.includes(id)).toSorted())
  })

  it('reads nothing again when the zone of our user changes', async () => {
    await using stage = await JiraStage.start(deployment)
    stage.issue()
    await stage.host.sync()
    stage.simulator.zoneMinutes = -330
    expect(await stage.host.sync({ listingDue: true })).toMatchObject({ loaded: [], described: [], requests: { content: 0 } })
  })

  it('follows a moved issue by its id', async () => {
    await using stage = await JiraStage.start(deployment, { project_key: ['ABC', 'XYZ'] })
    const other = stage.world.createProject('XYZ').id
    const id = stage.issue({ description: 'The text.' })
    await stage.host.sync()
    stage.world.moveIssue(id, other)
    stage.pass()
    const { loaded, described } = await stage.host.sync()
    expect([loaded, described]).toEqual([[], [id]])
    expect(metadataOf(stage.host, id)).toMatchObject({ key: 'XYZ-1', project: 'XYZ' })
    expect(stage.host.documents.get(id)?.stub).toMatchObject({ scope: 'XYZ', location: { url: `${stage.simulator.url}/browse/XYZ-1` } })
  })

  it('embeds nothing for a change of rank, sprint, work log or status', async () => {
    await using stage = await JiraStage.start(deployment, { extra_fields: ['Rank', 'Sprint'] })
    const sprint = stage.world.createNamed('sprints', 'Sprint 1').id
    const id = stage.issue({ description: 'The text.' })
    await stage.host.sync()
    const changes = [
      () => stage.world.editIssue(id, { custom: { customfield_10019: '0|i0001:' } }),
      () => stage.world.editIssue(id, { custom: { customfield_10020: [sprint] } }),
      () => stage.world.logWork(id),
      () => stage.world.transition(id, 'Done'),
    ]
    for (const change of changes) {
      change()
      stage.pass()
      expect(await stage.host.sync()).toMatchObject({ loaded: [], described: [id] })
    }
    expect(metadataOf(stage.host, id)).toMatchObject({ status: 'Done', fields: { Rank: '0|i0001:', Sprint: [Number(sprint)] } })
  })

  it('finds in a listing what was updated and shown too late for any overlap', async () => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue({ description: 'Before.' })
    await stage.host.sync()
    stage.world.setHidden(id, true)
    stage.world.editIssue(id, { description: 'Edited while hidden.' })
    stage.pass(DAY)
    await stage.host.sync()
    stage.world.setHidden(id, false)
    await stage.host.sync()
    expect(textOf(stage.host, id)).toContain('Before.')
    await stage.host.sync({ listingDue: true })
    expect(textOf(stage.host, id)).toContain('Edited while hidden.')
  })
})
