import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basicAuth } from '../base/answer.ts'
import { type Asked, askJira } from './ask-jira.ts'
import { JiraSimulator } from './jira-simulator.ts'
import type { Project } from './model.ts'

const START = Date.UTC(2026, 2, 1, 12, 0, 30)
let time = START
let jira: JiraSimulator
let project: Project

beforeEach(async () => {
  time = START
  jira = await JiraSimulator.start({ now: () => time, zoneMinutes: 120, tokenLifetimeMs: 60_000 })
  project = jira.world.createProject('ABC')
})
afterEach(() => jira.close())

const search = (body: object): Promise<Asked> => askJira(jira, 'POST', '/rest/api/3/search/jql', { maxResults: 5_000, ...body })
const ids = (asked: Asked): string[] => asked.data.issues.map(({ id }: { id: string }) => id)
const create = (count: number): string[] => Array.from({ length: count }, (_, at) => jira.world.createIssue(project.id, { summary: `Issue ${at}` }).id)

describe('search/jql', () => {
  it('gives ids only unless fields are asked for, no total, and the same by GET', async () => {
    const [id = ''] = create(1)
    const bare = await search({ jql: 'project = ABC' })
    expect(bare.data).toEqual({ issues: [{ id }], isLast: true })
    const { data } = await search({ jql: 'project = ABC', fields: ['summary', 'updated'] })
    expect(data.issues[0]).toMatchObject({ id, key: 'ABC-1', fields: { summary: 'Issue 0', updated: '2026-03-01T14:00:30.000+0200' } })
    const got = await askJira(jira, 'GET', '/rest/api/3/search/jql?jql=project%20%3D%20ABC&fields=summary&fields=updated&maxResults=10')
    expect(got.data.issues).toEqual(data.issues)
    expect(jira.violations).toEqual([])
  })

  it('refuses a query without a restriction', async () => {
    expect((await search({ jql: 'order by updated' })).status).toBe(400)
    expect(jira.violations).toEqual([expect.stringContaining('Unbounded')])
  })

  it('pages by token to the page that has none; light rows come by 5,000, others by 100', async () => {
    const all = create(120)
    expect(ids(await search({ jql: 'project = ABC ORDER BY id ASC', fields: ['updated'] }))).toEqual(all)
    const jql = 'project = ABC ORDER BY id ASC'
    const first = await search({ jql, fields: ['summary', 'updated'] })
    expect(ids(first)).toEqual(all.slice(0, 100))
    const second = await search({ jql, fields: ['summary', 'updated'], nextPageToken: first.data.nextPageToken })
    expect(ids(second)).toEqual(all.slice(100))
    expect(second.data).not.toHaveProperty('nextPageToken')
  })

  it('refuses a token that is too old, or of another query', async () => {
    create(4)
    const { data } = await search({ jql: 'project = ABC', maxResults: 2 })
    expect((await search({ jql: 'project = ABC ORDER BY id', maxResults: 2, nextPageToken: data.nextPageToken })).status).toBe(400)
    time += 61_000
    expect((await search({ jql: 'project = ABC', maxResults: 2, nextPageToken: data.nextPageToken })).status).toBe(400)
    expect(jira.violations).toEqual([])
  })

  it('shows a row twice that moves on while its listing is read', async () => {
    const all = create(4)
    const jql = 'project = ABC ORDER BY updated ASC, id ASC'
    const first = await search({ jql, maxResults: 2 })
    time += 1_000
    jira.world.logWork(all[0] ?? '')
    const second = await search({ jql, nextPageToken: first.data.nextPageToken })
    expect([...ids(first), ...ids(second)]).toEqual([all[0], all[1], all[2], all[3], all[0]])
  })

  it('learns of changes late, of deletions too; reconcileIssues sees through it', async () => {
    const [old = ''] = create(1)
    jira.world.index.lag = () => 30_000
    time += 1_000
    const fresh = jira.world.createIssue(project.id).id
    jira.world.deleteIssue(old)
    expect(ids(await search({ jql: 'project = ABC' }))).toEqual([old])
    expect(ids(await search({ jql: 'project = ABC', reconcileIssues: [Number(fresh), Number(old)] }))).toEqual([fresh])
    time += 30_000
    expect(ids(await search({ jql: 'project = ABC' }))).toEqual([fresh])
    expect((await search({ jql: 'project = ABC', reconcileIssues: Array.from({ length: 51 }, (_, at) => at) })).status).toBe(400)
  })

  it('may show the time of change that the index knows', async () => {
    const [id = ''] = create(1)
    jira.world.index.lag = () => 30_000
    time += 1_000
    jira.world.logWork(id)
    const updated = async (): Promise<unknown> => (await search({ jql: 'project = ABC', fields: ['updated'] })).data.issues[0].fields.updated
    expect(await updated()).toBe('2026-03-01T14:00:31.000+0200')
    jira.rowsFrom = 'index'
    expect(await updated()).toBe('2026-03-01T14:00:30.000+0200')
  })

  it('reads quoted dates to the minute in the zone of the user, and bare milliseconds as they are', async () => {
    const [id] = create(1)
    const found = async (since: string): Promise<string[]> => ids(await search({ jql: `project = ABC AND updated >= ${since}` }))
    expect(await found('"2026-03-01 14:00"')).toEqual([id])
    expect(await found('"2026/03/01 14:01"')).toEqual([])
    expect(await found('"2026-03-01 12:01"')).toEqual([id])
    expect(await found(String(START))).toEqual([id])
    expect(await found(String(START + 1))).toEqual([])
    expect(await found('-1m')).toEqual([id])
  })

  it('refuses the whole query for one project or issue that it does not know or show', async () => {
    create(1)
    const other = jira.world.createProject('XYZ')
    other.visible = false
    for (const jql of ['project in (ABC, XYZ)', 'project = NOPE', 'project = ABC AND id in (99999)', 'project = ABC AND status = Nope']) {
      expect((await search({ jql })).status, jql).toBe(400)
    }
    expect(jira.violations).toEqual([])
  })

  it('warns of a clause with too many arguments, and leaves rows out', async () => {
    const all = create(1_002)
    const { data } = await search({ jql: `id in (${all.join(',')})` })
    expect(data.issues).toHaveLength(1_000)
    expect(data.warnings).toEqual([expect.objectContaining({ type: 'CLAUSE_LIMIT_EXCEEDED' })])
  })

  it('combines conditions by AND, OR, NOT and brackets', async () => {
    const bug = jira.world.createIssue(project.id, { type: 'Bug', labels: ['red'] }).id
    const task = jira.world.createIssue(project.id, { type: 'Task' }).id
    jira.world.transition(task, 'Done')
    const found = async (jql: string): Promise<string[]> => ids(await search({ jql: `${jql} ORDER BY key DESC` })).toSorted()
    expect(await found('project = ABC AND (issuetype = Bug OR status = "Done")')).toEqual([bug, task])
    expect(await found('project = ABC AND issuetype not in (Bug)')).toEqual([task])
    expect(await found('NOT type = "task" AND labels = red')).toEqual([bug])
    expect(await found('key in ("ABC-1", ABC-2) AND statusCategory != Done')).toEqual([bug])
    expect(await found('resolution is EMPTY AND project = abc')).toEqual([])
    expect(jira.violations).toEqual([])
  })

  it('leaves out archived projects', async () => {
    create(1)
    project.archived = true
    expect(ids(await search({ jql: 'project = ABC' }))).toEqual([])
    expect((await askJira(jira, 'GET', '/rest/api/3/project/ABC')).data).toMatchObject({ archived: true })
    expect((await askJira(jira, 'GET', '/rest/api/3/project/search')).data.values).toEqual([])
  })

  it('counts', async () => {
    create(3)
    expect((await askJira(jira, 'POST', '/rest/api/3/search/approximate-count', { jql: 'project = ABC' })).data).toEqual({ count: 3 })
  })
})

it('the removed search is gone', async () => {
  expect((await askJira(jira, 'GET', '/rest/api/3/search?jql=project=ABC')).status).toBe(410)
  expect((await askJira(jira, 'POST', '/rest/api/3/search', { jql: 'project = ABC' })).status).toBe(410)
})

describe('issue/bulkfetch', () => {
  const fetchIssues = (body: object): Promise<Asked> => askJira(jira, 'POST', '/rest/api/3/issue/bulkfetch', body)

  it('gives issues by id, key and former key in order of ids, and is silent about what it does not show', async () => {
    const other = jira.world.createProject('XYZ')
    const [moved = '', stayed = '', hidden = '', deleted = ''] = create(4)
    jira.world.moveIssue(moved, other.id)
    jira.world.setHidden(hidden, true)
    jira.world.deleteIssue(deleted)
    const { data } = await fetchIssues({ issueIdsOrKeys: [stayed, 'ABC-1', hidden, deleted, '99999'], fields: ['summary', 'project'] })
    expect(data.issues.map(({ id, key }: { id: string; key: string }) => [id, key])).toEqual([[moved, 'XYZ-1'], [stayed, 'ABC-2']])
    expect(data.issueErrors).toEqual([])
  })

  it('takes 100 issues', async () => {
    expect((await fetchIssues({ issueIdsOrKeys: Array.from({ length: 101 }, String) })).status).toBe(400)
    expect(jira.violations).toHaveLength(1)
  })

  it('may tell of issues that it could not read', async () => {
    const all = create(3)
    jira.faults.add({ kind: 'issue-errors' })
    const { data } = await fetchIssues({ issueIdsOrKeys: all, fields: ['summary'] })
    expect(ids({ data } as Asked)).toEqual([all[1]])
    expect(data.issueErrors.map(({ id }: { id: string }) => id)).toEqual([all[0], all[2]])
  })

  it('shows 20 comments and says how many there are; restricted ones are not counted', async () => {
    const [id = ''] = create(1)
    for (let at = 0; at < 25; at += 1) jira.world.addComment(id, `Comment ${at}`)
    jira.world.addComment(id, 'Secret', { restricted: true })
    const { data } = await fetchIssues({ issueIdsOrKeys: [id], fields: ['comment'] })
    expect(data.issues[0].fields.comment).toMatchObject({ startAt: 0, maxResults: 20, total: 25, comments: { length: 20 } })
    const page = await askJira(jira, 'GET', `/rest/api/3/issue/${id}/comment?startAt=20&maxResults=100&orderBy=created`)
    expect(page.data).toMatchObject({ startAt: 20, total: 25, comments: { length: 5 } })
  })

  it('writes texts as ADF', async () => {
    const { id } = jira.world.createIssue(project.id, { description: '# Head\n\nA line\nand one more\n\n- item\n\n```ts\nlet a\n\nlet b\n```' })
    const { data } = await fetchIssues({ issueIdsOrKeys: [id], fields: ['description'] })
    expect(data.issues[0].fields.description).toMatchObject({
      type: 'doc',
      content: [{ type: 'heading' }, { type: 'paragraph' }, { type: 'bulletList' }, { type: 'codeBlock', content: [{ text: 'let a\n\nlet b' }] }],
    })
  })
})

describe('changelog/bulkfetch', () => {
  const logs = (body: object): Promise<Asked> => askJira(jira, 'POST', '/rest/api/3/changelog/bulkfetch', body)

  it('tells which fields changed, filtered and paged; comments leave nothing in it', async () => {
    const [first = '', second = ''] = create(2)
    jira.world.editIssue(first, { summary: 'Other' })
    jira.world.transition(second, 'In Progress')
    jira.world.addComment(second, 'Hello')
    const all = await logs({ issueIdsOrKeys: [first, 'ABC-2'] })
    expect(all.data.issueChangeLogs).toMatchObject([
      { issueId: first, changeHistories: [{ created: START, items: [{ field: 'summary', fieldId: 'summary', fromString: 'Issue 0', toString: 'Other' }] }] },
      { issueId: second, changeHistories: [{ items: [{ field: 'status' }] }] },
    ])
    const page = await logs({ issueIdsOrKeys: [first, second], maxResults: 1 })
    const next = await logs({ issueIdsOrKeys: [first, second], maxResults: 1, nextPageToken: page.data.nextPageToken })
    expect([page, next].map(({ data }) => data.issueChangeLogs[0].issueId)).toEqual([first, second])
    expect(next.data).not.toHaveProperty('nextPageToken')
    expect((await logs({ issueIdsOrKeys: [first, second], fieldIds: ['status'] })).data.issueChangeLogs).toHaveLength(1)
  })

  it('takes 1,000 issues and 10 fields', async () => {
    expect((await logs({ issueIdsOrKeys: Array.from({ length: 1_001 }, String) })).status).toBe(400)
    expect((await logs({ issueIdsOrKeys: ['1'], fieldIds: Array.from({ length: 11 }, String) })).status).toBe(400)
  })

  it('inside an issue stops at 20', async () => {
    const [id = ''] = create(1)
    for (let at = 0; at < 22; at += 1) jira.world.logWork(id)
    const { data } = await askJira(jira, 'GET', `/rest/api/3/issue/${id}?fields=summary&expand=changelog`)
    expect(data.changelog).toMatchObject({ total: 22, histories: { length: 20 } })
  })
})

it('wrong credentials make a stranger, who sees an empty Jira', async () => {
  const [id] = create(1)
  const wrong = basicAuth(jira.email, 'wrong')
  const found = await askJira(jira, 'POST', '/rest/api/3/search/jql', { jql: 'project = ABC' }, wrong)
  expect([found.status, found.data, found.headers.get('x-seraph-loginreason')]).toEqual([200, { issues: [], isLast: true }, 'AUTHENTICATED_FAILED'])
  expect((await askJira(jira, 'GET', '/rest/api/3/project/search', undefined, wrong)).data.values).toEqual([])
  expect((await askJira(jira, 'POST', '/rest/api/3/issue/bulkfetch', { issueIdsOrKeys: [id] }, wrong)).data.issues).toEqual([])
  expect((await askJira(jira, 'GET', '/rest/api/3/project/ABC', undefined, wrong)).status).toBe(404)
  expect((await askJira(jira, 'GET', '/rest/api/3/myself', undefined, wrong)).status).toBe(401)
})

it('names that change touch no issue, and everything shows the new ones', async () => {
  const grace = jira.world.createPerson('Grace Hopper')
  const [id = '', other = ''] = create(2)
  jira.world.link(id, other, 'Blocks')
  jira.world.editIssue(id, { assignee: grace.id, description: `Ask [~${grace.id}] now`, custom: { customfield_10037: 'Major' } })
  jira.world.transition(id, 'Done')
  const before = jira.world.issue(id).updated
  grace.displayName = 'Grace B. Hopper'
  jira.world.names.rename('status', 'Done', 'Finished')
  jira.world.names.rename('issuetype', 'Task', 'To-do')
  jira.world.names.rename('priority', 'Medium', 'P3')
  jira.world.names.rename('resolution', 'Done', 'Solved')
  jira.world.names.rename('link', 'blocks', 'holds up')
  jira.world.names.rename('option', 'Major', 'Serious')
  const { data } = await askJira(jira, 'GET', `/rest/api/3/issue/${id}`)
  expect(data.fields).toMatchObject({
    status: { id: '10002', name: 'Finished' },
    issuetype: { id: '10002', name: 'To-do' },
    priority: { id: '3', name: 'P3' },
    resolution: { id: '1', name: 'Solved' },
    issuelinks: [{ type: { id: '10000', outward: 'holds up', inward: 'is blocked by' } }],
    customfield_10037: { value: 'Serious' },
    assignee: { accountId: grace.id, displayName: 'Grace B. Hopper' },
  })
  expect(JSON.stringify(data.fields.description)).toContain(`{"type":"mention","attrs":{"id":"${grace.id}","text":"@Grace B. Hopper"`)
  expect(jira.world.issue(id).updated).toBe(before)
  const found = async (jql: string) => (await askJira(jira, 'POST', '/rest/api/3/search/jql', { jql })).status
  expect([await found('status = Finished'), await found('status = 10002'), await found('status = Done')]).toEqual([200, 200, 400])
})

it('people are given by their ids, ten at once unless more are asked for', async () => {
  const ids = Array.from({ length: 12 }, (_none, at) => jira.world.createPerson(`Person ${at}`).id)
  const query = ['nobody', ...ids].map((id) => `accountId=${id}`).join('&')
  expect((await askJira(jira, 'GET', `/rest/api/3/user/bulk?${query}`)).data).toMatchObject({ total: 12, isLast: false, values: { length: 10 } })
  const { data } = await askJira(jira, 'GET', `/rest/api/3/user/bulk?${query}&maxResults=100`)
  expect(data.values.map(({ accountId }: { readonly accountId: string }) => accountId)).toEqual(ids)
})

it('permissions and projects are told', async () => {
  const lost = jira.world.createProject('XYZ')
  lost.visible = false
  const granted = await askJira(jira, 'GET', '/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS&projectKey=ABC')
  expect(granted.data.permissions.BROWSE_PROJECTS.havePermission).toBe(true)
  expect((await askJira(jira, 'GET', '/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS&projectKey=XYZ')).status).toBe(404)
  expect((await askJira(jira, 'GET', '/rest/api/3/project/XYZ')).status).toBe(404)
  expect((await askJira(jira, 'GET', '/rest/api/3/project/search?keys=ABC&keys=XYZ')).data).toMatchObject({ total: 1, isLast: true, values: [{ key: 'ABC' }] })
  jira.world.renameProject(project.id, 'NEW')
  expect((await askJira(jira, 'GET', '/rest/api/3/project/ABC')).data.key).toBe('NEW')
})

describe('what is not known fails and is recorded', () => {
  const requests = {
    'a route': ['GET', '/rest/api/3/dashboard'],
    'a route of Data Center': ['GET', '/rest/api/2/search?jql=x'],
    'a parameter': ['GET', '/rest/api/3/search/jql?jql=project=ABC&startAt=0'],
    'a body field': ['POST', '/rest/api/3/search/jql', { jql: 'project = ABC', startAt: 0 }],
    'a field': ['POST', '/rest/api/3/search/jql', { jql: 'project = ABC', fields: ['sumary'] }],
    'a clause': ['POST', '/rest/api/3/search/jql', { jql: 'project = ABC AND foo = 1' }],
    'a comparison of ids': ['POST', '/rest/api/3/search/jql', { jql: 'project = ABC AND id > 5' }],
    'an expansion': ['POST', '/rest/api/3/search/jql', { jql: 'project = ABC', expand: 'operations' }],
  } as const
  for (const [what, [method, path, body]] of Object.entries(requests)) {
    it(what, async () => {
      expect((await askJira(jira, method, path, body)).status).toBeGreaterThanOrEqual(400)
      expect(jira.violations).toHaveLength(1)
    })
  }
})
