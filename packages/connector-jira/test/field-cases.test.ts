import { createJiraConnector } from '@qdrant-loader/connector-jira'
import { loaderErrorOf, MemoryHost } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { JiraStage, metadataOf, textOf } from './jira-stage.ts'

const DAY = 24 * 3_600_000
const SIGNAL = new AbortController().signal
const BULK = 'POST /rest/api/3/issue/bulkfetch'
const SEARCH = { cloud: 'POST /rest/api/3/search/jql', datacenter: 'POST /rest/api/2/search' } as const

/** What a clean build would hold, without what differs from host to host. */
async function cleanBuild(stage: JiraStage, config: Readonly<Record<string, unknown>> = {}): Promise<Readonly<Record<string, unknown>>> {
  const host = stage.newHost(config)
  await host.sync()
  return held(host)
}

function held(host: JiraStage['host']): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...host.documents].map(([id, { stub }]) => [id, { text: host.texts.get(id), metadata: stub.metadata, location: stub.location, scope: stub.scope }]))
}

function total(requests: Readonly<Record<string, number>>): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0)
}

describe.each(['cloud', 'datacenter'] as const)('J1: an issue that the server cannot show, on %s', (deployment) => {
  it('J1: nor the listings that hold it: the others are read, and an edit of them is seen', async () => {
    await using stage = await JiraStage.start(deployment)
    const ids = Array.from({ length: 130 }, () => stage.world.createIssue(stage.project, { description: 'Before.' }).id)
    stage.pass(DAY)
    await stage.newHost().sync()
    const healthy = total(stage.takeRequests())
    const [broken = '', edited = ''] = ids
    stage.simulator.unservable.add(broken)
    stage.simulator.unservableRows = true
    const { source } = await stage.host.open()
    const read: string[] = []
    for await (const change of source.detector.detect({ mode: 'full', known: stage.host.known }, SIGNAL)) {
      if (change.kind === 'upsert' && change.document !== undefined) read.push(change.stub.id)
    }
    await source.close(undefined)
    expect(read.toSorted()).toEqual(ids.filter((id) => id !== broken).toSorted())
    expect(total(stage.takeRequests())).toBeLessThanOrEqual(1.5 * healthy + 20 + 5)
    stage.simulator.unservable.clear()
    await stage.host.sync()
    stage.simulator.unservable.add(broken)
    stage.pass(DAY)
    for (const id of [broken, edited]) stage.world.editIssue(id, { description: 'After.' })
    stage.pass()
    const { source: again } = await stage.host.open()
    const known = stage.host.known
    const found: string[] = []
    for await (const change of again.detector.detect({ mode: 'incremental', since: stage.host.cursor as never, listingDue: false, known }, SIGNAL)) {
      if (change.kind === 'upsert' && change.document?.text.includes('After.') === true) found.push(change.stub.id)
    }
    await again.close(undefined)
    expect(found).toEqual([edited])
  })

  it('J1: 129 of 130 issues are read, in few requests, and the one is named; healed, it is read', async () => {
    await using stage = await JiraStage.start(deployment)
    const ids = Array.from({ length: 130 }, (_none, at) => stage.world.createIssue(stage.project, { summary: `Issue ${at}` }).id)
    stage.pass(DAY)
    await stage.newHost().sync()
    const healthy = total(stage.takeRequests())
    const broken = ids[77] ?? ''
    stage.simulator.unservable.add(broken)
    const { source } = await stage.host.open()
    const read: string[] = []
    for await (const change of source.detector.detect({ mode: 'full', known: stage.host.known }, SIGNAL)) {
      if (change.kind === 'upsert' && change.document !== undefined) read.push(change.stub.id)
    }
    const stub = { id: broken, scope: 'ABC', contentVersion: 'any', location: { url: stage.simulator.url } }
    const error = await loaderErrorOf(source.reader.read(stub, SIGNAL))
    expect([error.code, error.kind]).toEqual(['http_unservable', 'document'])
    expect(error.message).toContain(broken)
    await source.close(undefined)
    expect(read.toSorted()).toEqual(ids.filter((id) => id !== broken).toSorted())
    expect(total(stage.takeRequests())).toBeLessThanOrEqual(1.5 * healthy + 20)
    stage.simulator.unservable.clear()
    await stage.host.sync()
    expect(stage.host.documents.size).toBe(130)
  })

  it('J1: a server that is down is an outage after few requests, and deletes nothing', async () => {
    await using stage = await JiraStage.start(deployment)
    for (let at = 0; at < 130; at++) stage.world.createIssue(stage.project)
    stage.pass(DAY)
    await stage.host.sync()
    for (const options of [{}, { listingDue: true }]) {
      stage.takeRequests()
      stage.simulator.down = true
      expect((await loaderErrorOf(stage.host.sync(options))).kind).toBe('transient')
      expect(total(stage.takeRequests())).toBeLessThanOrEqual(30)
      stage.simulator.down = false
    }
    // It goes down while the bodies are read.
    for (const id of stage.host.documents.keys()) stage.world.editIssue(id, { summary: 'Edited' })
    stage.pass()
    stage.simulator.afterAnswer = (route) => {
      if (route === SEARCH[deployment]) stage.simulator.down = true
    }
    expect((await loaderErrorOf(stage.host.sync())).kind).toBe('transient')
    expect(total(stage.takeRequests())).toBeLessThanOrEqual(30)
    expect(stage.host.documents.size).toBe(130)
  })

  it('J1: comments that cannot be shown fail their issue alone', async () => {
    await using stage = await JiraStage.start(deployment, { include_comments: true })
    const [talked, other] = [stage.issue(), stage.issue()]
    for (let at = 0; at < 30; at++) stage.world.addComment(talked, `Comment ${at}.`)
    stage.pass(DAY)
    const route = `GET /rest/api/${deployment === 'cloud' ? 3 : 2}/issue/{id}/comment`
    stage.simulator.faults.add({ kind: 'status', status: 500 }, { route, times: 100 })
    const { source } = await stage.host.open()
    const read: string[] = []
    for await (const change of source.detector.detect({ mode: 'full', known: stage.host.known }, SIGNAL)) {
      if (change.kind === 'upsert' && change.document !== undefined) read.push(change.stub.id)
    }
    await source.close(undefined)
    stage.simulator.faults.clear()
    expect(read).toEqual([other])
  })
})

describe('J2: a token that the server repeats', () => {
  it.each(['cloud', 'datacenter'] as const)('J2: is in no error and no line, whole or cut, on %s', async (deployment) => {
    await using stage = await JiraStage.start(deployment, {}, { token: 'canary-0123456789-abcdefghij' })
    const { token, email } = stage.simulator
    const basic = Buffer.from(`${email}:${token}`).toString('base64')
    const secrets = [token, basic]
    const id = stage.issue()
    const host = new MemoryHost({ plugin: createJiraConnector({ sleep: () => Promise.resolve() }), config: stage.config, configDirectory: '/', cacheDirectory: '/', secrets })
    await host.sync()
    const bulk = deployment === 'cloud' ? BULK : SEARCH.datacenter
    // So far in that what is cut for a message ends within the secret.
    const repeated = (length: number, secret: string): string => `${'x'.repeat(length)} ${secret}`
    for (const secret of secrets) {
      for (const length of [0, 280, 290]) {
        const said = repeated(length, secret)
        stage.simulator.faults.add({ kind: 'status', status: 400, text: said }, { route: SEARCH[deployment] })
        const answer = { warnings: [{ message: said }], warningMessages: [said], issues: [], startAt: 0, total: 0 }
        const errors = [await loaderErrorOf(host.sync())]
        stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body: JSON.stringify(answer) }, { route: SEARCH[deployment] })
        errors.push(await loaderErrorOf(host.sync()))
        if (deployment === 'cloud') {
          const refused = JSON.stringify({ issues: [], issueErrors: [{ id, errorMessage: said }] })
          stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body: refused }, { route: bulk, times: 3 })
          const { source } = await host.open()
          errors.push(await loaderErrorOf(source.reader.read({ id, scope: 'ABC', contentVersion: '', location: { url: '' } }, SIGNAL)))
          await source.close(undefined)
          stage.simulator.faults.clear()
        }
        for (const error of errors) {
          const told = JSON.stringify([error.message, error.hint, String(error.cause), error.stack])
          for (const one of secrets) expect(told).not.toContain(one.slice(0, 8))
        }
      }
    }
  })
})

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

it.each(['cloud', 'datacenter'] as const)('J7: Request Type and other values of apps are in the payload, on %s', async (deployment) => {
  await using stage = await JiraStage.start(deployment, { extra_fields: ['Request Type', 'Satisfaction'] })
  const requestType = { _links: { self: 'https://…' }, requestType: { id: '12', name: 'Get IT help' }, currentStatus: { status: 'Open' } }
  const id = stage.issue({ custom: { customfield_10010: { json: requestType }, customfield_10045: { json: { rating: 5 } } } })
  await stage.host.sync()
  expect(metadataOf(stage.host, id)['fields']).toEqual({ 'Request Type': 'Get IT help', Satisfaction: { rating: 5 } })
})

describe('J8: too many requests', () => {
  it.each([
    ['zero', true],
    ['none', true],
    ['seconds', true],
    ['seconds', false],
    ['zero', false],
    ['none', false],
  ] as const)('J8: a bucket that fills up in minutes is waited for, with Retry-After %s and headers beside it: %s', async (retryAfter, headers) => {
    await using stage = await JiraStage.start('datacenter', {}, { bucket: { requests: 3, seconds: 120, retryAfter, headers } })
    for (let at = 0; at < 400; at++) stage.world.createIssue(stage.project)
    stage.pass(DAY)
    const waits: number[] = []
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms)
      stage.pass(ms)
      return Promise.resolve()
    }
    const host = new MemoryHost({ plugin: createJiraConnector({ sleep, now: () => stage.world.now() }), config: stage.config, configDirectory: '/', cacheDirectory: '/' })
    const { said } = await host.sync()
    expect(host.documents.size).toBe(400)
    expect(waits.length).toBeGreaterThan(0)
    expect(said.join('\n')).toMatch(/waiting \d+ s/)
    // Where the server says how long, nobody asks again before: refused are those alone that are under way together.
    if (headers || retryAfter === 'seconds') expect(stage.takeRequests()[SEARCH.datacenter]).toBeLessThanOrEqual(9 + 2 * 4)
  })
})

describe('J9: deletions on Data Center', () => {
  it.each([
    ['named', 12],
    ['silent', 20],
    ['strict', 20],
  ] as const)('J9: 150 of them cost few requests, when ids that do not exist are %s', async (missingIds, most) => {
    await using stage = await JiraStage.start('datacenter', {}, { missingIds })
    const ids = Array.from({ length: 400 }, () => stage.world.createIssue(stage.project).id)
    stage.pass(DAY)
    await stage.host.sync()
    for (const id of ids.slice(0, 150)) stage.world.deleteIssue(id)
    stage.pass(DAY)
    stage.takeRequests()
    expect((await stage.host.sync({ listingDue: true })).deleted).toHaveLength(150)
    expect(total(stage.takeRequests())).toBeLessThanOrEqual(most)
  })

  it('J9: where the server names nothing, few are asked for alone, and the others wait for the next listing', async () => {
    await using stage = await JiraStage.start('datacenter', {}, { missingIds: 'unnamed' })
    const ids = Array.from({ length: 60 }, () => stage.world.createIssue(stage.project).id)
    await stage.host.sync()
    const gone = ids.slice(0, 50)
    for (const id of gone) stage.world.deleteIssue(id)
    const { source } = await stage.host.open()
    await stage.host.sync({ dryRun: true })
    stage.takeRequests()
    const verdicts = await source.detector.judge?.(ids, SIGNAL)
    expect(total(stage.takeRequests())).toBeLessThanOrEqual(16)
    expect(gone.map((id) => verdicts?.get(id)).filter((verdict) => verdict === 'deleted')).toHaveLength(10)
    expect(gone.map((id) => verdicts?.get(id)).filter((verdict) => verdict === 'unknown')).toHaveLength(40)
    expect(new Set(ids.slice(50).map((id) => verdicts?.get(id)))).toEqual(new Set(['present']))
    await source.close(undefined)
  })

  it('J9: one id of 50 that is gone costs two requests at most', async () => {
    for (const missingIds of ['named', 'silent', 'unnamed', 'strict'] as const) {
      await using stage = await JiraStage.start('datacenter', {}, { missingIds })
      const ids = Array.from({ length: 50 }, () => stage.world.createIssue(stage.project).id)
      await stage.host.sync()
      stage.world.deleteIssue(ids[20] ?? '')
      const { source } = await stage.host.open()
      for await (const _change of source.detector.detect({ mode: 'full', known: stage.host.known }, SIGNAL));
      stage.takeRequests()
      expect((await source.detector.judge?.(ids, SIGNAL))?.get(ids[20] ?? '')).toBe('deleted')
      const requests = stage.takeRequests()
      expect((requests[SEARCH.datacenter] ?? 0) + (requests['GET /rest/api/2/issue/{id}'] ?? 0), missingIds).toBeLessThanOrEqual(2)
      await source.close(undefined)
    }
  })

  it('J9: an issue that the index lost, and the database has, is present', async () => {
    for (const missingIds of ['named', 'silent', 'unnamed', 'strict'] as const) {
      await using stage = await JiraStage.start('datacenter', {}, { missingIds })
      const ids = Array.from({ length: 30 }, () => stage.world.createIssue(stage.project).id)
      await stage.host.sync()
      stage.world.index.forget(ids.slice(0, 15))
      const { source } = await stage.host.open()
      const verdicts = await source.detector.judge?.(ids, SIGNAL)
      expect(ids.map((id) => verdicts?.get(id)).filter((verdict) => verdict === 'deleted'), missingIds).toEqual([])
      await source.close(undefined)
    }
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

describe.each(['cloud', 'datacenter'] as const)('J12: an issue that was moved into a configured project, on %s', (deployment) => {
  it('J12: is unknown while that one cannot be read, and deleted by no listing', async () => {
    await using stage = await JiraStage.start(deployment, { project_key: ['ABC', 'XYZ'] })
    const other = stage.world.createProject('XYZ')
    stage.world.createIssue(other.id)
    const [moved, gone] = [stage.issue(), stage.issue(), stage.issue()]
    stage.pass(DAY)
    await stage.host.sync()
    stage.world.moveIssue(moved, other.id)
    stage.world.deleteIssue(gone)
    if (deployment === 'cloud') other.visible = false
    else other.browsable = false
    stage.pass()
    for (let run = 0; run < 3; run++) {
      expect((await stage.host.sync({ listingDue: true })).deleted).toEqual([])
      const { source } = await stage.host.open()
      for await (const _change of source.detector.detect({ mode: 'full', known: stage.host.known }, SIGNAL));
      expect(await source.detector.judge?.([moved, gone], SIGNAL)).toEqual(new Map([[moved, 'unknown'], [gone, 'unknown']]))
      await source.close(undefined)
    }
    Object.assign(other, { visible: true, browsable: true })
    await stage.host.sync({ listingDue: true })
    expect(stage.host.documents.has(gone)).toBe(false)
    expect(metadataOf(stage.host, moved)['key']).toBe('XYZ-2')
  })
})

it.each(['cloud', 'datacenter'] as const)('J12: an issue that was moved into a configured project which is archived now is kept, also when it can be read, on %s', async (deployment) => {
  await using stage = await JiraStage.start(deployment, { project_key: ['ABC', 'XYZ'] })
  const other = stage.world.createProject('XYZ')
  const [moved, near] = [stage.issue(), stage.issue()]
  stage.world.link(moved, near)
  stage.pass(DAY)
  await stage.host.sync()
  stage.world.moveIssue(moved, other.id)
  other.archived = true
  stage.world.editIssue(near, { summary: 'Edited' })
  stage.pass()
  for (const options of [{}, { listingDue: true }, { listingDue: true }]) expect((await stage.host.sync(options)).deleted).toEqual([])
  expect(stage.host.documents.has(moved)).toBe(true)
  other.archived = false
  await stage.host.sync({ listingDue: true })
  expect(held(stage.host)).toEqual(await cleanBuild(stage))
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

describe('J15: where Jira does not tell whether an issue exists', () => {
  it('J15: a refusal is unknown, and said', async () => {
    await using stage = await JiraStage.start('cloud')
    const [refused, other] = [stage.issue(), stage.issue()]
    await stage.host.sync()
    const body = JSON.stringify({ issues: [], issueErrors: [{ id: refused, errorMessage: 'too heavy' }] })
    stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body }, { route: BULK })
    const { source, recording } = await stage.host.open()
    expect((await source.detector.judge?.([refused], SIGNAL))?.get(refused)).toBe('unknown')
    expect(recording.said.join('\n')).toMatch(new RegExp(`does not say whether.*${refused}.*too heavy`))
    expect((await source.detector.judge?.([other], SIGNAL))?.get(other)).toBe('present')
    await source.close(undefined)
  })

  it.each(['cloud', 'datacenter'] as const)('J15: where the server cannot tell whether the project may be browsed, nothing is deleted, on %s', async (deployment) => {
    await using stage = await JiraStage.start(deployment)
    const [gone] = [stage.issue(), stage.issue()]
    await stage.host.sync()
    stage.world.deleteIssue(gone)
    const { source } = await stage.host.open()
    for await (const _change of source.detector.detect({ mode: 'full', known: stage.host.known }, SIGNAL));
    const route = `GET /rest/api/${deployment === 'cloud' ? 3 : 2}/mypermissions`
    stage.simulator.faults.add({ kind: 'status', status: 500 }, { route, times: 50 })
    expect((await source.detector.judge?.([gone], SIGNAL))?.get(gone)).toBe('unknown')
    await source.close(undefined)
    stage.simulator.faults.clear()
    expect((await stage.host.sync({ listingDue: true })).deleted).toEqual([gone])
  })

  it.each(['cloud', 'datacenter'] as const)('J15: so is an answer of another shape, and one that is a 500, on %s', async (deployment) => {
    await using stage = await JiraStage.start(deployment)
    const [odd, broken, fine] = [stage.issue(), stage.issue(), stage.issue()]
    await stage.host.sync()
    const { source } = await stage.host.open()
    const body = JSON.stringify({ startAt: 0, total: 2, issues: [{ id: odd, key: 'ABC-1', fields: { updated: 5 } }], issueErrors: [] })
    stage.simulator.faults.add({ kind: 'answer', status: 200, contentType: 'application/json', body }, { route: deployment === 'cloud' ? BULK : SEARCH.datacenter })
    expect((await source.detector.judge?.([odd, '999999'], SIGNAL))?.get(odd)).toBe('unknown')
    stage.simulator.unservable.add(broken)
    expect(await source.detector.judge?.([broken, fine], SIGNAL)).toEqual(new Map([[broken, 'unknown'], [fine, 'present']]))
    await source.close(undefined)
  })
})

it.each(['cloud', 'datacenter'] as const)('J16: content_fields are sections, whatever Jira calls their type, on %s', async (deployment) => {
  await using stage = await JiraStage.start(deployment, { content_fields: ['Checklist', 'Acceptance criteria'], extra_fields: 'Customer' })
  const id = stage.issue({ custom: { customfield_10044: 'Milk\nhoney', customfield_10032: '- one\n- two', customfield_10031: 'ACME' } })
  await stage.host.sync()
  expect(textOf(stage.host, id)).toBe('# A summary\n\n## Checklist\n\nMilk\nhoney\n\n## Acceptance criteria\n\n- one\n- two\n\n## Customer\n\nACME\n')
  expect(metadataOf(stage.host, id)['fields']).toBeUndefined()
})
