import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LOGIN_PAGE } from './answer.ts'
import { askJira } from './ask-jira.ts'
import { generateJira } from './generate-jira.ts'
import { JiraSimulator } from './jira-simulator.ts'
import { JiraWorld } from './jira-world.ts'

let time = 0
let world: JiraWorld
beforeEach(() => {
  time = 1_000
  world = new JiraWorld(() => (time += 1_000))
})

describe('what moves `updated`', () => {
  const bumps = (id: string, change: () => void): boolean => {
    const before = world.issue(id).updated
    change()
    return world.issue(id).updated > before
  }

  it('rank, sprint, work, comments and links do', () => {
    const { id: project } = world.createProject('ABC')
    const [one, two] = [world.createIssue(project).id, world.createIssue(project).id]
    const sprint = world.createNamed('sprints', 'Sprint 1').id
    expect(bumps(one, () => world.editIssue(one, { custom: { customfield_10019: '0|i0001:' } }))).toBe(true)
    expect(bumps(one, () => world.editIssue(one, { custom: { customfield_10020: [sprint] } }))).toBe(true)
    expect(bumps(one, () => world.logWork(one))).toBe(true)
    const comment = world.addComment(one, 'Text')
    expect(bumps(one, () => world.editComment(one, comment.id, 'Other text'))).toBe(true)
    expect(bumps(one, () => world.deleteComment(one, comment.id))).toBe(true)
    expect(bumps(two, () => void world.link(one, two))).toBe(true)
  })

  it('neighbours, watchers and names do not', () => {
    const { id: project } = world.createProject('ABC')
    const other = world.createProject('XYZ')
    const [one, two] = [world.createIssue(project).id, world.createIssue(project).id]
    const sprint = world.createNamed('sprints', 'Sprint 1')
    world.link(one, two)
    const unmoved = {
      'a subtask': () => void world.createIssue(project, { type: 'Sub-task', parent: one }),
      'a watcher': () => world.watch(one),
      'a renamed sprint': () => void (sprint.name = 'Sprint 2'),
      'the summary of a linked issue': () => world.editIssue(two, { summary: 'Other' }),
      'the key of a linked issue': () => world.moveIssue(two, other.id),
      'the end of a linked issue': () => world.deleteIssue(two),
      'a renamed project': () => world.renameProject(project, 'NEW'),
    }
    for (const [what, change] of Object.entries(unmoved)) expect([what, bumps(one, change)]).toEqual([what, false])
    expect(world.linksOf(one)).toEqual([])
  })
})

it('a move keeps the id, takes subtasks along, and the old key leads to the new', () => {
  const { id: project } = world.createProject('ABC')
  const other = world.createProject('XYZ')
  const parent = world.createIssue(project)
  const child = world.createIssue(project, { type: 'Sub-task', parent: parent.id })
  world.moveIssue(parent.id, other.id)
  expect([world.keyOf(parent), world.keyOf(child)]).toEqual(['XYZ-1', 'XYZ-2'])
  expect(world.find('ABC-1')).toBe(parent)
  world.deleteIssue(parent.id)
  expect(world.issues.size).toBe(0)
})

describe('faults', () => {
  let jira: JiraSimulator
  beforeEach(async () => {
    jira = await JiraSimulator.start()
    generateJira(jira.world, 20)
  })
  afterEach(() => jira.close())
  const route = 'POST /rest/api/3/search/jql'
  const search = () => askJira(jira, 'POST', '/rest/api/3/search/jql', { jql: 'project = DEMO', maxResults: 15 })

  it('happen to the requests that were named, as often as was said', async () => {
    jira.faults.add({ kind: 'status', status: 429, retryAfter: '7' }, { route, times: 2, after: 1 })
    expect((await search()).status).toBe(200)
    const stormed = await search()
    expect([stormed.status, stormed.headers.get('retry-after')]).toEqual([429, '7'])
    expect((await askJira(jira, 'GET', '/rest/api/3/myself')).status).toBe(200)
    expect((await search()).status).toBe(429)
    expect((await search()).status).toBe(200)
    expect(jira.requests.get(route)).toBe(4)
  })

  it('cut, warn, close, wait and show a login page', async () => {
    jira.faults.add({ kind: 'truncate' })
    expect((await search()).data).toBeUndefined()
    jira.faults.add({ kind: 'warning' })
    const warned = (await search()).data
    expect([warned.issues.length, warned.nextPageToken, warned.warnings.length]).toEqual([7, undefined, 1])
    jira.faults.add({ kind: 'warning' })
    const bulk = await askJira(jira, 'POST', '/rest/api/3/issue/bulkfetch', { issueIdsOrKeys: ['DEMO-1', 'DEMO-2'] })
    expect(bulk.data.issues).toHaveLength(2)
    jira.faults.add({ kind: 'drop' })
    await expect(search()).rejects.toThrow('fetch failed')
    jira.faults.add({ kind: 'delay', ms: 5 })
    expect((await search()).status).toBe(200)
    jira.faults.add({ kind: 'answer', ...LOGIN_PAGE })
    expect(await search()).toMatchObject({ status: 200, text: expect.stringContaining('login-form') })
    expect(jira.faults.pending).toBe(0)
  })

  it('the clock of the server is in every answer, and people work between pages', async () => {
    jira.now = () => Date.UTC(2031, 0, 1)
    const seen: string[] = []
    jira.afterAnswer = (name) => void seen.push(name)
    expect((await search()).headers.get('date')).toBe('Wed, 01 Jan 2031 00:00:00 GMT')
    expect(seen).toEqual([route])
  })
})
