import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { DAY, JiraStage, SIGNAL } from './jira-stage.ts'

describe('J3: a project of Data Center that may be seen and not browsed', () => {
  it.each(['refused', 'empty'] as const)('J3: is an unreadable scope, and the others go on, when its query is %s', async (closedProjects) => {
    await using stage = await JiraStage.start('datacenter', { project_key: ['ABC', 'SEEN'] }, { closedProjects })
    const seen = stage.world.createProject('SEEN')
    const theirs = stage.world.createIssue(seen.id, { summary: 'Theirs' }).id
    const mine = stage.issue()
    seen.browsable = false
    const first = await stage.host.sync()
    expect([...stage.host.documents.keys()]).toEqual([mine])
    expect(first.listing).toEqual({ everythingIn: ['ABC'], configured: ['ABC', 'SEEN'] })
    expect(first.changes.at(-1)).toMatchObject({ unreadable: [{ scope: 'SEEN', code: 'jira_project_not_visible', kind: 'auth' }] })
    seen.browsable = true
    stage.pass(DAY)
    await stage.host.sync()
    expect([...stage.host.documents.keys()].toSorted()).toEqual([mine, theirs].toSorted())
    seen.browsable = false
    for (let run = 0; run < 3; run++) expect((await stage.host.sync({ listingDue: true })).deleted).toEqual([])
    expect(stage.host.documents.size).toBe(2)
  })

  it('J3: doctor names it', async () => {
    await using stage = await JiraStage.start('datacenter', { project_key: ['ABC', 'SEEN'] })
    stage.world.createProject('SEEN').browsable = false
    const { source } = await stage.host.open()
    const error = await loaderErrorOf(source.check(SIGNAL))
    expect([error.code, error.message]).toEqual(['jira_project_not_visible', expect.stringContaining('SEEN')])
    await source.close(undefined)
  })

  it('J3: a query that is refused for another reason stays an error of the configuration', async () => {
    await using stage = await JiraStage.start('datacenter', { include_statuses: 'No such status' })
    stage.issue()
    expect(await loaderErrorOf(stage.host.sync())).toMatchObject({ code: 'jira_query_refused', kind: 'config' })
  })
})

describe('J13: what keeps a token out', () => {
  it('J13: a token with scopes at the address of the site is told the address of the gateway', async () => {
    await using stage = await JiraStage.start('cloud', {}, { signIn: 'scoped-token' })
    const error = await loaderErrorOf(stage.host.sync())
    expect([error.code, error.kind]).toEqual(['jira_auth_failed', 'auth'])
    expect(error.hint).toContain('https://api.atlassian.com/ex/jira/SITE-ID')
    expect(error.hint).toContain(`${stage.simulator.url}/_edge/tenant_info`)
  })

  it('J13: nobody is sent to the gateway from Data Center, nor from the gateway', async () => {
    await using stage = await JiraStage.start('datacenter')
    expect((await loaderErrorOf(stage.newHost({ token: 'wrong-token' }).sync())).hint).not.toContain('gateway')
  })

  it.each(['cloud', 'datacenter'] as const)('J13: a CAPTCHA is told with the page to log in at, on %s', async (deployment) => {
    await using stage = await JiraStage.start(deployment, { project_key: ['ABC', 'XYZ'] }, { signIn: 'captcha' })
    const error = await loaderErrorOf(stage.host.sync())
    expect([error.code, error.kind]).toEqual(['http_captcha', 'auth'])
    expect(error.hint).toContain(`${stage.simulator.url}/login.jsp`)
  })
})
