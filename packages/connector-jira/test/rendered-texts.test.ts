import { describe, expect, it } from 'vitest'
import { cleanBuild, DAY, held, JiraStage, textOf } from './jira-stage.ts'

describe('J4, J6, J10: what Data Center renders', () => {
  it.each(['image', 'around', 'link'] as const)('is the text of the issue, with the name of a thumbnail at %s', async (thumbnails) => {
    await using stage = await JiraStage.start('datacenter', {}, { thumbnails })
    const description = 'login (/)\nexport (x)\nimport (-)\nupload (+) (!) (y)\n\n```rust\nfn main() {}\n```\n\n!error-dialog.png|thumbnail!'
    const id = stage.issue({ description })
    await stage.host.sync()
    const text = textOf(stage.host, id)
    for (const line of ['login ✓', 'export ✗', 'import −', '```rust\nfn main() {}\n```', 'error-dialog.png']) expect(text).toContain(line)
    expect(text).toMatch(/upload \\?\+ \\?! thumbs up/)
    expect(text).not.toMatch(/Unable to find|Available languages|10250\.png\]/)
  })
})

describe('J5: keys in texts of Data Center', () => {
  it.each(['as-written', 'current'] as const)('J5: are those of a clean build, when the server shows them %s', async (keysInText) => {
    await using stage = await JiraStage.start('datacenter', { project_key: ['ABC', 'XYZ'] }, { keysInText })
    const other = stage.world.createProject('XYZ').id
    const outside = stage.world.createIssue(stage.world.createProject('OUT').id).id
    const epic = stage.issue({ type: 'Epic' })
    const story = stage.issue({ description: 'See ABC-1 and OUT-1 for more.' })
    stage.pass(DAY)
    await stage.host.sync()
    stage.pass(DAY)
    stage.world.moveIssue(epic, other)
    stage.pass()
    await stage.host.sync()
    expect(textOf(stage.host, story)).toContain(keysInText === 'current' ? 'See XYZ-1' : 'See ABC-1')
    expect(held(stage.host)).toEqual(await cleanBuild(stage))
    stage.pass(DAY)
    stage.world.moveIssue(outside, stage.world.createProject('FAR').id)
    await stage.host.sync({ listingDue: true })
    expect(held(stage.host)).toEqual(await cleanBuild(stage))
    // What keeps its old key for ever is not read in each run.
    expect((await stage.host.sync({ listingDue: true })).requests.content).toBe(0)
  })
})

describe('J11: a mention without text', () => {
  it('J11: shows the name of the person, and a census reads nothing again for it', async () => {
    await using stage = await JiraStage.start('cloud', { include_comments: true }, { mentions: 'without-text' })
    const { world } = stage
    const grace = world.createPerson('Grace Hopper')
    const id = stage.issue({ description: `[~${grace.id}] knows.` })
    for (let at = 0; at < 3; at++) world.addComment(stage.issue(), `Ask [~${grace.id}].`)
    stage.pass(DAY)
    await stage.host.sync()
    expect(textOf(stage.host, id)).toContain('@Grace Hopper knows.')
    expect(stage.takeRequests()['GET /rest/api/3/user/bulk']).toBe(1)
    for (let run = 0; run < 2; run++) expect((await stage.host.sync({ listingDue: true })).requests.content).toBe(0)
    grace.displayName = 'Grace B. Hopper'
    await stage.host.sync({ listingDue: true })
    expect(textOf(stage.host, id)).toContain('@Grace B. Hopper knows.')
    expect(held(stage.host)).toEqual(await cleanBuild(stage))
    expect((await stage.host.sync({ listingDue: true })).requests.content).toBe(0)
  })

  it('J11: a person who may not be looked up is unknown, and read again when that ends, not in each run', async () => {
    await using stage = await JiraStage.start('cloud', {}, { mentions: 'without-text' })
    const grace = stage.world.createPerson('Grace Hopper').id
    const id = stage.issue({ description: `[~${grace}] knows.` })
    stage.pass(DAY)
    const people = { kind: 'status', status: 403 } as const
    const route = { route: 'GET /rest/api/3/user/bulk', times: 2 }
    stage.simulator.faults.add(people, route)
    await stage.host.sync()
    expect(textOf(stage.host, id)).toContain('@unknown user knows.')
    expect((await stage.host.sync({ listingDue: true })).requests.content).toBe(0)
    stage.simulator.faults.clear()
    await stage.host.sync({ listingDue: true })
    expect(textOf(stage.host, id)).toContain('@Grace Hopper knows.')
  })
})
