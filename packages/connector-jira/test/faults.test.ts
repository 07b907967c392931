import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { LOGIN_PAGE } from '@qdrant-loader/simulators'
import { describe, expect, it } from 'vitest'
import { DAY, JiraStage, SEARCH, textOf } from './jira-stage.ts'

describe.each(['cloud', 'datacenter'] as const)('what goes wrong, on %s', (deployment) => {
  it('is not taken for a listing when the server warns', async () => {
    await using stage = await JiraStage.start(deployment)
    for (let at = 0; at < 6; at++) stage.issue()
    await stage.host.sync()
    for (const options of [{}, { listingDue: true }]) {
      stage.simulator.faults.add({ kind: 'warning' }, { route: SEARCH[deployment] })
      const error = await loaderErrorOf(stage.host.sync(options))
      expect([error.code, error.kind]).toEqual(['jira_listing_incomplete', 'transient'])
    }
    expect(stage.host.documents.size).toBe(6)
  })

  it('is tried again: too many requests, errors of the server, half an answer, a broken connection', async () => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue({ description: 'The text.' })
    const { faults } = stage.simulator
    for (const route of [SEARCH[deployment], undefined]) {
      const target = route === undefined ? {} : { route }
      faults.add({ kind: 'status', status: 429, retryAfter: '0' }, target)
      faults.add({ kind: 'status', status: 503 }, target)
      faults.add({ kind: 'truncate' }, target)
      faults.add({ kind: 'drop' }, target)
    }
    await stage.host.sync()
    expect(faults.pending).toBe(0)
    expect(textOf(stage.host, id)).toContain('The text.')
  })

  it('deletes nothing when it goes on for ever', async () => {
    await using stage = await JiraStage.start(deployment)
    stage.issue()
    await stage.host.sync()
    stage.simulator.faults.stay({ kind: 'truncate' }, { route: SEARCH[deployment] })
    const error = await loaderErrorOf(stage.host.sync({ listingDue: true }))
    expect(error.kind).toBe('transient')
    expect(stage.host.documents.size).toBe(1)
  })

  it('deletes nothing when it leads on for ever and shows nothing new', { timeout: 10_000 }, async () => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue()
    stage.pass(DAY)
    await stage.host.sync()
    const two = [id, '99999999'].map((one) => `{"id":"${one}"}`).join(',')
    let asked = 0
    const endless = {
      kind: 'answer', status: 200, contentType: 'application/json',
      get body() {
        asked += 1
        if (deployment === 'cloud') return `{"issues":[],"isLast":false,"nextPageToken":"page-${asked}"}`
        return asked % 2 === 1 ? `{"startAt":0,"total":4,"issues":[${two}]}` : '{"startAt":1,"total":4,"issues":[]}'
      },
    } as const
    stage.simulator.faults.stay(endless, { route: SEARCH[deployment] })
    expect((await loaderErrorOf(stage.host.sync({ mode: 'full' }))).kind).toBe('transient')
    expect(stage.host.documents.size).toBe(1)
  })

  it('is an error of credentials when a page to sign in answers', async () => {
    await using stage = await JiraStage.start(deployment)
    stage.simulator.faults.add({ kind: 'answer', ...LOGIN_PAGE }, { route: SEARCH[deployment] })
    expect((await loaderErrorOf(stage.host.sync())).kind).toBe('auth')
  })

  it('does not follow an answer of another shape', async () => {
    await using stage = await JiraStage.start(deployment)
    const body = JSON.stringify({ issues: 'none', startAt: 0, total: 0 })
    stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body }, { route: SEARCH[deployment] })
    expect((await loaderErrorOf(stage.host.sync())).code).toBe('jira_bad_answer')
  })

  it.each(['{"updated":null}', 'null'])('J1: a row of the listing with fields %s, and a null for a key, is read like a new issue', async (fields) => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue()
    stage.issue()
    stage.pass(DAY)
    await stage.host.sync()
    const others = [...stage.host.documents.keys()].filter((one) => one !== id).map((one) => `{"id":"${one}"}`)
    const body = `{"startAt":0,"total":${others.length + 1},"isLast":true,"issues":[${[`{"id":"${id}","key":null,"fields":${fields}}`, ...others].join(',')}]}`
    stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body }, { route: SEARCH[deployment] })
    await stage.host.sync({ mode: 'full' })
    expect(stage.host.documents.has(id)).toBe(true)
    expect(stage.host.documents.size).toBe(others.length + 1)
  })

  it('names what to change when the API is of the other kind of Jira', async () => {
    await using stage = await JiraStage.start(deployment)
    const gone = { kind: 'status', status: 410, text: 'The requested API has been removed.' } as const
    stage.simulator.faults.add(gone, { route: SEARCH[deployment] })
    const error = await loaderErrorOf(stage.host.sync())
    expect([error.code, error.kind]).toEqual(['jira_endpoint_removed', 'config'])
    expect(error.hint).toContain('deployment_type')
  })

  it('goes on where an interrupted first run ended, without reading twice', async () => {
    await using stage = await JiraStage.start(deployment)
    for (let at = 0; at < 150; at++) stage.world.createIssue(stage.project, { summary: `Issue ${at}` })
    stage.pass(DAY)
    await stage.host.sync({ dieAfter: 120 })
    const { loaded } = await stage.host.sync()
    expect(loaded).toHaveLength(30)
    expect(stage.host.documents.size).toBe(150)
  })

  it('takes a cursor of another server or selection for none', async () => {
    await using stage = await JiraStage.start(deployment)
    stage.issue()
    await stage.host.sync()
    stage.host.cursor = { version: 1, since: 0, place: 'elsewhere', covered: ['ABC'] }
    expect((await stage.host.sync()).listing).not.toBe('changes')
  })
})

describe('what goes wrong on Cloud alone', () => {
  it('begins a walk anew when the token of its next page expired', async () => {
    await using stage = await JiraStage.start('cloud', {}, { pageLimits: { light: 4 }, tokenLifetimeMs: 1_000 })
    for (let at = 0; at < 10; at++) stage.issue()
    let slow = 2
    stage.simulator.afterAnswer = (route) => {
      if (route === SEARCH.cloud && slow-- > 0) stage.pass(5_000)
    }
    await stage.host.sync()
    expect(stage.host.documents.size).toBe(10)
  })

  it('gives a walk up when its tokens expire again and again', async () => {
    await using stage = await JiraStage.start('cloud', {}, { pageLimits: { light: 4 }, tokenLifetimeMs: 1_000 })
    for (let at = 0; at < 10; at++) stage.issue()
    stage.simulator.afterAnswer = () => stage.pass(5_000)
    expect((await loaderErrorOf(stage.host.sync())).code).toBe('jira_listing_incomplete')
  })

  it('reads one by one what a bulk request did not deliver', async () => {
    await using stage = await JiraStage.start('cloud')
    for (let at = 0; at < 4; at++) stage.issue()
    stage.simulator.faults.add({ kind: 'issue-errors' }, { route: 'POST /rest/api/3/issue/bulkfetch' })
    const { changes } = await stage.host.sync()
    expect(changes.filter((change) => change.kind === 'upsert' && change.document !== undefined)).toHaveLength(4)
  })

  it('gives an issue that Jira cannot deliver to the failures, and goes on with the others', async () => {
    await using stage = await JiraStage.start('cloud')
    const [bad, good] = [stage.issue(), stage.issue()]
    const failing = JSON.stringify({ issues: [], issueErrors: [{ id: bad, errorMessage: 'too heavy' }] })
    const fail = () =>
      stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body: failing }, { route: 'POST /rest/api/3/issue/bulkfetch', times: 3 })
    fail()
    const { source } = await stage.host.open()
    const { signal } = new AbortController()
    for await (const change of source.detector.detect({ mode: 'full', known: stage.host.known }, signal)) {
      if (change.kind === 'upsert' && change.stub.id === bad) expect(change.document).toBeUndefined()
    }
    fail()
    const stub = { id: bad, scope: 'ABC', contentVersion: 'any', location: { url: stage.simulator.url } }
    const error = await loaderErrorOf(source.reader.read(stub, signal))
    expect([error.code, error.kind]).toEqual(['jira_issue_not_delivered', 'document'])
    expect(error.message).toContain('too heavy')
    await source.close(undefined)
    stage.simulator.faults.clear()
    await stage.host.sync()
    expect([...stage.host.documents.keys()].toSorted()).toEqual([bad, good].toSorted())
  })

  it('lets one issue of another shape fail alone', async () => {
    await using stage = await JiraStage.start('cloud')
    const [bad, good] = [stage.issue(), stage.issue()]
    await stage.host.sync()
    for (const id of [bad, good]) stage.world.editIssue(id, { summary: 'Edited' })
    stage.pass()
    const body = JSON.stringify({ issues: [{ id: bad, key: 'ABC-1', fields: { updated: 5 } }] })
    stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body }, { route: 'POST /rest/api/3/issue/bulkfetch' })
    const { changes } = await stage.host.sync()
    expect(changes.flatMap((change) => (change.kind === 'upsert' ? [change.stub.id] : []))).toEqual([bad])
    expect(stage.host.texts.get(bad)).toBe('# Edited\n')
  })

  it('reads issues that are asked for together with one request', async () => {
    await using stage = await JiraStage.start('cloud')
    for (let at = 0; at < 5; at++) stage.issue()
    const { changes } = await stage.host.sync()
    const stubs = changes.flatMap((change) => (change.kind === 'upsert' ? [change.stub] : []))
    const { source } = await stage.host.open()
    stage.takeRequests()
    const read = await Promise.all(stubs.map((stub) => source.reader.read(stub, new AbortController().signal)))
    expect(read.every((document) => document !== 'gone')).toBe(true)
    expect(stage.takeRequests()['POST /rest/api/3/issue/bulkfetch']).toBe(1)
    await source.close(undefined)
  })
})

describe('what goes wrong on Data Center alone', () => {
  it('does not believe an empty listing of a project that may be administered and not browsed', async () => {
    await using stage = await JiraStage.start('datacenter')
    stage.issue()
    await stage.host.sync()
    const answer = (route: string, body: object) =>
      stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body: JSON.stringify(body) }, { route })
    answer('POST /rest/api/2/search', { startAt: 0, maxResults: 1_000, total: 0, issues: [] })
    answer('GET /rest/api/2/mypermissions', { permissions: { BROWSE_PROJECTS: { havePermission: false } } })
    const { changes, deleted, listing } = await stage.host.sync({ listingDue: true })
    expect(deleted).toEqual([])
    expect(listing).toEqual({ everythingIn: [], configured: ['ABC'] })
    expect(changes.at(-1)).toMatchObject({ cursor: { covered: [] }, unreadable: [{ scope: 'ABC' }] })
    expect((await stage.host.sync()).listing).toEqual({ everythingIn: ['ABC'], configured: ['ABC'] })
  })
})
