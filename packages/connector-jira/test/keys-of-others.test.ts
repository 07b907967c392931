import { describe, expect, it } from 'vitest'
import { cleanBuild, DAY, held, JiraStage, metadataOf } from './jira-stage.ts'

describe.each(['cloud', 'datacenter'] as const)('J5: keys of other issues, on %s', (deployment) => {
  const config = { project_key: ['ABC', 'XYZ'], extra_fields: ['Epic Link', 'Parent Link'] }

  it('J5: Epic Link, Parent Link and links are those of a clean build after the epic was moved to another project', async () => {
    await using stage = await JiraStage.start(deployment, config)
    const other = stage.world.createProject('XYZ').id
    const epic = stage.issue({ type: 'Epic' })
    const story = stage.issue({ custom: { customfield_10014: epic, customfield_10018: epic }, description: `See ABC-1 for more.` })
    stage.world.link(story, epic)
    // It names the epic by nothing else.
    const alone = ['customfield_10014', 'customfield_10018'].map((field) => stage.issue({ custom: { [field]: epic } }))
    stage.pass(DAY)
    await stage.host.sync()
    expect(metadataOf(stage.host, story)).toMatchObject({ fields: { 'Epic Link': 'ABC-1', 'Parent Link': 'ABC-1' } })
    stage.pass(DAY)
    stage.world.moveIssue(epic, other)
    stage.pass()
    await stage.host.sync()
    expect(metadataOf(stage.host, story)).toMatchObject({ fields: { 'Epic Link': 'XYZ-1', 'Parent Link': 'XYZ-1' }, links: [{ id: epic, key: 'XYZ-1' }] })
    expect(alone.map((id) => metadataOf(stage.host, id)['fields'])).toEqual([{ 'Epic Link': 'XYZ-1' }, { 'Parent Link': 'XYZ-1' }])
    expect(held(stage.host)).toEqual(await cleanBuild(stage))
    await stage.host.sync({ listingDue: true })
    expect(held(stage.host)).toEqual(await cleanBuild(stage))
    expect((await stage.host.sync({ listingDue: true })).requests.content).toBe(0)
  })

  it('J5: an epic outside of the selection is followed by the complete listing, without reading a text', async () => {
    await using stage = await JiraStage.start(deployment, { extra_fields: ['Epic Link', 'Parent Link'] })
    const [near, far] = [stage.world.createProject('NEAR').id, stage.world.createProject('FAR').id]
    const epic = stage.world.createIssue(near, { type: 'Epic' }).id
    const story = stage.issue({ custom: { customfield_10014: epic, customfield_10018: epic } })
    await stage.host.sync()
    stage.pass(DAY)
    stage.world.moveIssue(epic, far)
    stage.pass()
    const census = await stage.host.sync({ listingDue: true })
    expect([census.described, census.requests.content]).toEqual([[story], 0])
    expect(metadataOf(stage.host, story)).toMatchObject({ fields: { 'Epic Link': 'FAR-1', 'Parent Link': 'FAR-1' } })
    stage.world.deleteIssue(epic)
    await stage.host.sync({ listingDue: true })
    expect(held(stage.host)).toEqual(await cleanBuild(stage))
  })

  it('J5: an epic that is deleted is named no more after the next complete listing', async () => {
    await using stage = await JiraStage.start(deployment, config)
    stage.world.createProject('XYZ')
    const epic = stage.issue({ type: 'Epic' })
    const story = stage.issue({ custom: { customfield_10014: epic, customfield_10018: epic } })
    await stage.host.sync()
    stage.pass(DAY)
    stage.world.deleteIssue(epic)
    await stage.host.sync({ listingDue: true })
    expect(metadataOf(stage.host, story)['fields']).toBeUndefined()
    expect(held(stage.host)).toEqual(await cleanBuild(stage))
  })
})
