import { describe, expect, it } from 'vitest'
import { DAY, JiraStage, metadataOf, SEARCH } from './jira-stage.ts'

describe.each(['cloud', 'datacenter'] as const)('what another issue changes, on %s', (deployment) => {
  it('sees a new subtask, and one that is gone, at its parent', async () => {
    await using stage = await JiraStage.start(deployment)
    const parent = stage.issue()
    await stage.host.sync()
    stage.pass(DAY)
    const child = stage.issue({ type: 'Sub-task', parent })
    await stage.host.sync()
    expect(metadataOf(stage.host, parent)['subtasks']).toEqual([{ id: child, key: 'ABC-2' }])
    expect(metadataOf(stage.host, child)['parent']).toEqual({ id: parent, key: 'ABC-1' })
    stage.pass(DAY)
    stage.world.deleteIssue(child)
    await stage.host.sync({ listingDue: true })
    expect(metadataOf(stage.host, parent)['subtasks']).toBeUndefined()
  })

  it('sees a link, its other end moving, and its end', async () => {
    await using stage = await JiraStage.start(deployment, { project_key: ['ABC', 'XYZ'] })
    const other = stage.world.createProject('XYZ').id
    const [one, two] = [stage.issue(), stage.issue()]
    stage.world.link(one, two, 'Blocks')
    stage.pass()
    await stage.host.sync()
    expect(metadataOf(stage.host, one)['links']).toEqual([{ type: 'blocks', id: two, key: 'ABC-2' }])
    expect(metadataOf(stage.host, two)['links']).toEqual([{ type: 'is blocked by', id: one, key: 'ABC-1' }])
    stage.pass(DAY)
    stage.world.moveIssue(two, other)
    stage.pass()
    await stage.host.sync()
    expect(metadataOf(stage.host, one)['links']).toEqual([{ type: 'blocks', id: two, key: 'XYZ-1' }])
    stage.pass(DAY)
    stage.world.deleteIssue(two)
    await stage.host.sync({ listingDue: true })
    expect(metadataOf(stage.host, one)['links']).toBeUndefined()
  })

  it('sees the new key of an epic at the issues below it', async () => {
    await using stage = await JiraStage.start(deployment, { project_key: ['ABC', 'XYZ'] })
    const other = stage.world.createProject('XYZ').id
    const epic = stage.issue({ type: 'Epic' })
    const story = stage.issue({ type: 'Story', parent: epic })
    await stage.host.sync()
    stage.pass(DAY)
    stage.world.moveIssue(epic, other)
    stage.pass()
    await stage.host.sync()
    expect(metadataOf(stage.host, story)['parent']).toEqual({ id: epic, key: 'XYZ-1' })
  })

  it('sees with the next listing that a linked issue outside of the selection moved, and that it is gone', async () => {
    await using stage = await JiraStage.start(deployment)
    const [near, far] = [stage.world.createProject('NEAR').id, stage.world.createProject('FAR').id]
    const other = stage.world.createIssue(near, { summary: 'Of another project' }).id
    const id = stage.issue()
    stage.world.link(id, other)
    stage.pass()
    await stage.host.sync()
    expect(metadataOf(stage.host, id)['links']).toEqual([{ type: 'relates to', id: other, key: 'NEAR-1' }])
    stage.pass(DAY)
    stage.world.moveIssue(other, far)
    stage.pass()
    await stage.host.sync({ listingDue: true })
    expect(metadataOf(stage.host, id)['links']).toEqual([{ type: 'relates to', id: other, key: 'FAR-1' }])
    stage.world.deleteIssue(other)
    await stage.host.sync({ listingDue: true })
    expect(metadataOf(stage.host, id)['links']).toBeUndefined()
  })

  it('leaves subtasks out of the payload where they may not be selected themselves', async () => {
    await using stage = await JiraStage.start(deployment, { issue_types: 'Task' })
    const parent = stage.issue()
    stage.issue({ type: 'Sub-task', parent })
    await stage.host.sync()
    expect([...stage.host.documents.keys()]).toEqual([parent])
    expect(metadataOf(stage.host, parent)['subtasks']).toBeUndefined()
  })

  it('keeps the text of neighbours out: their summary changes nothing', async () => {
    await using stage = await JiraStage.start(deployment)
    const [one, two] = [stage.issue(), stage.issue()]
    stage.world.link(one, two)
    stage.pass()
    await stage.host.sync()
    stage.pass(DAY)
    stage.world.editIssue(two, { summary: 'Quite another summary' })
    stage.pass()
    expect((await stage.host.sync()).loaded).toEqual([two])
    expect(JSON.stringify(stage.host.documents.get(one))).not.toContain('Quite another')
  })

  it('reads nothing again because a project got another version', async () => {
    await using stage = await JiraStage.start(deployment)
    const version = stage.world.createNamed('versions', '1.0', stage.project).id
    stage.issue({ fixVersions: [version] })
    await stage.host.sync()
    stage.world.createNamed('versions', '2.0', stage.project)
    expect(await stage.host.sync({ listingDue: true })).toMatchObject({ requests: { content: 0 }, described: [] })
  })

  it('reads a parent again that was read before its subtask was taken away, and the subtask after', async () => {
    await using stage = await JiraStage.start(deployment)
    const parent = stage.issue()
    for (let at = 0; at < 120; at++) stage.issue()
    const child = stage.issue({ type: 'Sub-task', parent })
    // On Data Center the first search is the listing, and bodies are searches too.
    const bodies = deployment === 'cloud' ? 'POST /rest/api/3/issue/bulkfetch' : SEARCH.datacenter
    let answers = deployment === 'cloud' ? 0 : -1
    stage.simulator.afterAnswer = (route) => {
      // The first bodies, with the parent, are on their way; those with the child are not.
      if (route === bodies && ++answers === 1) stage.world.editIssue(child, { parent: undefined, type: 'Task' })
    }
    await stage.host.sync()
    expect(metadataOf(stage.host, child)['parent']).toBeUndefined()
    expect(metadataOf(stage.host, parent)['subtasks']).toBeUndefined()
  })

  it('mends what two issues say of each other, when a run was interrupted between them', async () => {
    await using stage = await JiraStage.start(deployment)
    const parent = stage.issue()
    const child = stage.issue({ type: 'Sub-task', parent })
    await stage.host.sync()
    stage.pass(DAY)
    stage.world.editIssue(child, { parent: undefined, type: 'Task' })
    stage.pass()
    // The child is named first; what its change means for the parent is not.
    await stage.host.sync({ dieAfter: 1 })
    expect(metadataOf(stage.host, child)['parent']).toBeUndefined()
    expect(metadataOf(stage.host, parent)['subtasks']).toBeDefined()
    await stage.host.sync({ listingDue: true })
    expect(metadataOf(stage.host, parent)['subtasks']).toBeUndefined()
    expect((await stage.host.sync({ listingDue: true })).requests.content).toBe(0)
  })

  it('sees the new name of a version with the next listing', async () => {
    await using stage = await JiraStage.start(deployment)
    const version = stage.world.createNamed('versions', '1.0', stage.project).id
    const id = stage.issue({ fixVersions: [version], description: 'The text.' })
    stage.issue()
    await stage.host.sync()
    expect(metadataOf(stage.host, id)['fix_versions']).toEqual(['1.0'])
    const named = stage.world.versions.get(version)
    if (named) named.name = '1.0 final'
    expect(await stage.host.sync({ listingDue: true })).toMatchObject({ loaded: [], described: [id], requests: { content: 0 } })
    expect(metadataOf(stage.host, id)['fix_versions']).toEqual(['1.0 final'])
  })

  it('sees the new key of a project with the next listing', async () => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue({ description: 'The text.' })
    await stage.host.sync()
    stage.pass(DAY)
    stage.world.renameProject(stage.project, 'NEW')
    expect(await stage.host.sync({ listingDue: true })).toMatchObject({ loaded: [], described: [id], deleted: [] })
    expect(metadataOf(stage.host, id)).toMatchObject({ key: 'NEW-1', project: 'NEW' })
  })
})
