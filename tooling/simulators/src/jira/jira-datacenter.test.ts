import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Asked, askJira } from './ask-jira.ts'
import { JiraSimulator } from './jira-simulator.ts'
import type { Project } from './model.ts'

const START = Date.UTC(2026, 2, 1, 12, 0, 30, 700)
let time = START
let jira: JiraSimulator
let project: Project

beforeEach(async () => {
  time = START
  jira = await JiraSimulator.start({ deployment: 'datacenter', prefix: '/jira', now: () => time, zoneMinutes: -210, pageLimits: { rows: 3 } })
  project = jira.world.createProject('ABC')
})
afterEach(() => jira.close())

const bearer = (): string => `Bearer ${jira.token}`
const get = (path: string): Promise<Asked> => askJira(jira, 'GET', `/rest/api/2/${path}`, undefined, bearer())
const search = (body: object): Promise<Asked> => askJira(jira, 'POST', '/rest/api/2/search', body, bearer())
const ids = (asked: Asked): string[] => asked.data.issues.map(({ id }: { id: string }) => id)
const create = (count: number): string[] => Array.from({ length: count }, (_, at) => jira.world.createIssue(project.id, { summary: `Issue ${at}` }).id)

describe('search', () => {
  it('pages by offset, with its own limit and a total', async () => {
    const all = create(5)
    const jql = 'project = ABC ORDER BY id ASC'
    const first = await search({ jql, startAt: 0, maxResults: 1_000, fields: ['updated'] })
    expect(first.data).toMatchObject({ startAt: 0, maxResults: 3, total: 5, issues: { length: 3 } })
    const second = await get(`search?jql=${encodeURIComponent(jql)}&startAt=3&maxResults=1000&fields=updated`)
    expect([...ids(first), ...ids(second)]).toEqual(all)
  })

  it('loses a row when one before it goes while the pages are read', async () => {
    const all = create(5)
    const jql = 'project = ABC ORDER BY id ASC'
    const first = await search({ jql, fields: ['id'] })
    jira.world.deleteIssue(all[0] ?? '')
    const second = await search({ jql, startAt: 3, fields: ['id'] })
    expect([...ids(first), ...ids(second)]).not.toContain(all[3])
  })

  it('gives HTML and changes of the day in renderedFields, with data of neighbours', async () => {
    const neighbour = jira.world.createIssue(project.id, { summary: 'The "neighbour"' }).id
    const { id } = jira.world.createIssue(project.id, { description: '# Head\n\nSee ABC-1 & more.' })
    const shown = async (): Promise<{ fields: Record<string, unknown>; renderedFields: Record<string, string> }> =>
      (await search({ jql: `key = ABC-2`, fields: ['description', 'created'], expand: ['renderedFields'] })).data.issues[0]
    const before = await shown()
    expect(before.fields['description']).toBe('h1. Head\r\n\r\nSee ABC-1 & more.')
    expect(before.renderedFields['description']).toContain('title="The &quot;neighbour&quot;" class="issue-link" data-issue-key="ABC-1">ABC-1</a> &amp; more.')
    expect(before.renderedFields['created']).toBe('Today 08:30')
    jira.world.transition(neighbour, 'Done')
    time += 86_400_000
    const after = await shown()
    expect(after.renderedFields['description']).toContain('<del><a')
    expect(after.renderedFields['created']).toBe('Yesterday 08:30')
    expect(jira.world.issue(id).updated).toBe(START)
  })

  it('compares times by the second', async () => {
    const [id] = create(1)
    expect(ids(await search({ jql: `updated >= ${START + 200}` }))).toEqual([id])
    expect(ids(await search({ jql: `updated >= ${START + 300}` }))).toEqual([])
  })

  it('refuses what it does not know, or warns when told so', async () => {
    const [id] = create(1)
    const jql = `project = ABC AND id in (${id}, 99999)`
    expect((await search({ jql })).status).toBe(400)
    expect((await search({ jql, validateQuery: 'warn' })).data).toMatchObject({ total: 1, warningMessages: [expect.stringContaining('99999')] })
  })

  it('takes a query without a restriction', async () => {
    create(2)
    expect((await search({ jql: 'ORDER BY updated ASC' })).data.total).toBe(2)
    expect(jira.violations).toEqual([])
  })

  it('leaves deleted issues out of a page that the index still counts', async () => {
    const all = create(3)
    jira.world.index.lag = () => 30_000
    jira.world.deleteIssue(all[1] ?? '')
    expect((await search({ jql: 'project = ABC ORDER BY id', fields: ['id'] })).data).toMatchObject({ total: 3, issues: { length: 2 } })
  })
})

it('issues, comments, projects and fields', async () => {
  const [id = ''] = create(1)
  const sprint = jira.world.createNamed('sprints', 'Sprint 1')
  jira.world.editIssue(id, { custom: { customfield_10020: [sprint.id], customfield_10039: ['Europe', 'Bern'], customfield_10032: '- all of it' } })
  jira.world.addComment(id, 'A *bold* word.')
  const { data } = await get(`issue/ABC-1?expand=renderedFields,changelog`)
  expect(data.fields).toMatchObject({
    updated: '2026-03-01T08:30:30.700-0330',
    customfield_10020: [expect.stringContaining(`[id=${sprint.id},rapidViewId=1,state=ACTIVE,name=Sprint 1`)],
    customfield_10039: { value: 'Europe', child: { value: 'Bern' } },
    customfield_10032: '* all of it',
    comment: { total: 1 },
  })
  expect(data.renderedFields.customfield_10032).toBe('<ul>\n\t<li>all of it</li>\n</ul>')
  expect(data.changelog.histories[0].items[0]).not.toHaveProperty('fieldId')
  expect((await get(`issue/${id}/comment?expand=renderedBody`)).data.comments[0].renderedBody).toBe('<p>A *bold* word.</p>')
  expect((await get('project')).data).toMatchObject([{ key: 'ABC' }])
  expect((await get('project/ABC')).data).toMatchObject({ key: 'ABC', versions: [] })
  expect((await get('field')).data).toContainEqual(expect.objectContaining({ id: 'customfield_10032', name: 'Acceptance criteria' }))
  expect((await get('myself')).data).toMatchObject({ displayName: 'Ada Lovelace' })
  expect((await get('serverInfo')).data).toMatchObject({ deploymentType: 'Server' })
  jira.world.setHidden(id, true)
  expect((await get(`issue/${id}`)).status).toBe(404)
  expect(jira.violations).toEqual([])
})

it('people are found by name, and mentioned by it; HTML shows how they are called now', async () => {
  const grace = jira.world.createPerson('Grace <Hopper>')
  const [id = ''] = create(1)
  jira.world.editIssue(id, { description: `Ask [~${grace.id}]` })
  grace.displayName = "Grace O'Hopper & Co"
  expect((await get('user?username=grace.hopper.')).data).toMatchObject({ name: 'grace.hopper.', displayName: "Grace O'Hopper & Co" })
  expect((await get('user?username=nobody')).status).toBe(404)
  const { data } = await get(`issue/${id}?expand=renderedFields&fields=description`)
  expect(data.fields.description).toBe('Ask [~grace.hopper.]')
  expect(data.renderedFields.description).toContain('class="user-hover" rel="grace.hopper.">Grace O\'Hopper &amp; Co</a>')
})

it('refuses wrong credentials with a page of HTML', async () => {
  const { status, text } = await askJira(jira, 'GET', '/rest/api/2/myself', undefined, 'Bearer wrong')
  expect([status, text]).toEqual([401, expect.stringContaining('<html>')])
})

it('knows no route of Cloud', async () => {
  expect((await askJira(jira, 'POST', '/rest/api/3/search/jql', { jql: 'project = ABC' }, bearer())).status).toBe(400)
  expect(jira.violations).toHaveLength(1)
})
