import type { KnownDocument, KnownDocuments } from '@qdrant-loader/connector-sdk'
import { describe, expect, it } from 'vitest'
import { DAY, JiraStage, metadataOf, SIGNAL, textOf } from './jira-stage.ts'

const EXTRA = ['Reviewer', 'Approvers', 'Severity', 'Platforms', 'Region', 'Target version', 'Acceptance criteria']
const LISTING = { cloud: 'POST /rest/api/3/search/jql', datacenter: 'POST /rest/api/2/search' } as const
const PEOPLE = { cloud: 'GET /rest/api/3/user/bulk', datacenter: 'GET /rest/api/2/user' } as const

describe.each(['cloud', 'datacenter'] as const)('a new name, on %s', (deployment) => {
  it('of anything in payloads is seen by the next listing, at those that show it, and no text is read', async () => {
    await using stage = await JiraStage.start(deployment, { extra_fields: EXTRA })
    const { world, host } = stage
    const grace = world.createPerson('Grace Hopper')
    const version = world.createNamed('versions', '1.0', stage.project)
    const target = world.createNamed('versions', '2.0', stage.project)
    const component = world.createNamed('components', 'api', stage.project)
    const [done, other, linked] = [stage.issue({ type: 'Bug', priority: 'High' }), stage.issue(), stage.issue()]
    world.transition(done, 'Done')
    world.link(done, linked, 'Blocks')
    const [people, parts, fields] = [stage.issue({ assignee: grace.id }), stage.issue({ fixVersions: [version.id], components: [component.id] }), stage.issue({
      custom: {
        customfield_10036: [grace.id],
        customfield_10037: 'Major',
        customfield_10038: ['Linux'],
        customfield_10039: ['Europe', 'Bern'],
        customfield_10041: target.id,
      },
    })]
    stage.pass(DAY)
    await host.sync()
    const renames: readonly (readonly [what: () => unknown, ids: readonly string[], shown: object])[] = [
      [() => world.names.rename('status', 'Done', 'Finished'), [done], { status: 'Finished' }],
      [() => world.names.rename('issuetype', 'Bug', 'Defect'), [done], { issue_type: 'Defect' }],
      [() => world.names.rename('priority', 'High', 'P1'), [done], { priority: 'P1' }],
      [() => world.names.rename('resolution', 'Done', 'Solved'), [done], { resolution: 'Solved' }],
      [() => world.names.rename('link', 'is blocked by', 'waits for'), [linked], { links: [{ type: 'waits for', id: done, key: 'ABC-1' }] }],
      [() => (grace.displayName = 'Grace Brewster Hopper'), [people, fields], {}],
      [() => (version.name = '1.0 final'), [parts], { fix_versions: ['1.0 final'] }],
      [() => (component.name = 'API'), [parts], { components: ['API'] }],
      [() => (target.name = '2.0 LTS'), [fields], {}],
      [() => world.names.rename('option', 'Major', 'Serious'), [fields], {}],
      [() => world.names.rename('option', 'Bern', 'Berne'), [fields], {}],
    ]
    for (const [rename, ids, shown] of renames) {
      rename()
      stage.pass()
      expect(await host.sync()).toMatchObject({ described: [], loaded: [] })
      stage.pass()
      const { described, loaded, requests } = await host.sync({ listingDue: true })
      expect({ described: described.toSorted(), loaded, content: requests.content }).toEqual({ described: ids.toSorted(), loaded: [], content: 0 })
      expect(metadataOf(host, ids[0] ?? '')).toMatchObject(shown)
    }
    expect(metadataOf(host, people)).toMatchObject({ assignee: 'Grace Brewster Hopper' })
    expect(metadataOf(host, fields)['fields']).toEqual({
      Approvers: ['Grace Brewster Hopper'],
      Severity: 'Serious',
      Platforms: ['Linux'],
      Region: ['Europe', 'Berne'],
      'Target version': '2.0 LTS',
    })
    expect(metadataOf(host, other)).toMatchObject({ status: 'To Do', issue_type: 'Task' })
    const clean = stage.newHost()
    await clean.sync()
    for (const [id, { stub }] of clean.documents) expect(host.documents.get(id)?.stub).toEqual(stub)
  })

  it('is seen for a free query as well', async () => {
    await using stage = await JiraStage.start(deployment, { jql: 'labels = docs' })
    const [id] = [stage.issue({ labels: ['docs'] }), stage.issue({ labels: ['docs'], type: 'Bug' })]
    stage.pass(DAY)
    await stage.host.sync()
    stage.world.names.rename('issuetype', 'Task', 'To-do')
    expect(await stage.host.sync({ listingDue: true })).toMatchObject({ described: [id], loaded: [], requests: { content: 0 } })
    expect(metadataOf(stage.host, id)['issue_type']).toBe('To-do')
  })

  it('of somebody who is in texts alone has those texts read again', async () => {
    await using stage = await JiraStage.start(deployment, { include_comments: true, extra_fields: EXTRA })
    const { world, host } = stage
    const [grace, alan] = [world.createPerson("Grace O'Hopper"), world.createPerson('Alan Turing')]
    const [said, described, criteria] = [
      stage.issue(),
      stage.issue({ description: `Ask [~${alan.id}] & others.` }),
      stage.issue({ custom: { customfield_10032: `- [~${grace.id}] agrees` } }),
    ]
    stage.issue()
    const ada = world.actor
    world.actor = grace.id
    world.addComment(said, 'It is a moth.')
    world.actor = ada
    stage.pass(DAY)
    await host.sync()
    expect(textOf(host, described)).toContain('@Alan Turing'.slice(deployment === 'cloud' ? 0 : 1))
    expect(await host.sync({ listingDue: true })).toMatchObject({ described: [], loaded: [], requests: { content: 0 } })
    grace.displayName = 'Grace Brewster'
    expect((await host.sync({ listingDue: true })).loaded.toSorted()).toEqual([said, criteria].toSorted())
    expect(textOf(host, said)).toContain('## Comment by Grace Brewster, ')
    expect(textOf(host, criteria)).toContain('Grace Brewster')
    alan.displayName = 'Alan M. Turing'
    expect((await host.sync({ listingDue: true })).loaded).toEqual([described])
    expect(await host.sync({ listingDue: true })).toMatchObject({ described: [], loaded: [], requests: { content: 0 } })
  })

  it('is found beside an issue that is edited at the same time', async () => {
    await using stage = await JiraStage.start(deployment)
    const ids = [stage.issue({ type: 'Bug' }), stage.issue({ type: 'Bug' }), stage.issue({ type: 'Bug' })]
    stage.pass(DAY)
    await stage.host.sync()
    stage.world.names.rename('issuetype', 'Bug', 'Defect')
    let listed = 0
    stage.simulator.afterAnswer = (route) => {
      if (route === LISTING[deployment] && listed++ === 0) stage.world.editIssue(ids[0] ?? '', { type: 'Task' })
    }
    await stage.host.sync({ listingDue: true })
    stage.simulator.afterAnswer = undefined
    for (const id of ids.slice(1)) expect(metadataOf(stage.host, id)['issue_type']).toBe('Defect')
    stage.pass()
    await stage.host.sync()
    expect(metadataOf(stage.host, ids[0] ?? '')['issue_type']).toBe('Task')
  })

  it('that Jira does not deliver at once is read again', async () => {
    await using stage = await JiraStage.start(deployment)
    const ids = Array.from({ length: 4 }, () => stage.issue({ type: 'Bug' }))
    stage.pass(DAY)
    await stage.host.sync()
    stage.world.names.rename('issuetype', 'Bug', 'Defect')
    stage.simulator.faults.add({ kind: 'issue-errors' }, { after: deployment === 'cloud' ? 3 : 0 })
    await stage.host.sync({ listingDue: true })
    expect(stage.simulator.faults.pending).toBe(0)
    for (const id of ids) expect(metadataOf(stage.host, id)['issue_type']).toBe('Defect')
  })

  it('is not suspected because the issue that was asked for a name has let go of it', async () => {
    await using stage = await JiraStage.start(deployment)
    const ids = Array.from({ length: 30 }, () => stage.issue({ type: 'Bug' }))
    stage.pass(DAY)
    await stage.host.sync()
    let listed = 0
    stage.simulator.afterAnswer = (route) => {
      if (route === LISTING[deployment] && listed++ === 0) stage.world.editIssue(ids[0] ?? '', { type: 'Task' })
    }
    stage.takeRequests()
    await stage.host.sync({ listingDue: true })
    const { heads, rows } = stage.simulator.counters
    // Two issues are looked at, beside the thirty rows of the listing.
    expect(deployment === 'cloud' ? heads : rows - 30 + heads).toBe(2)
  })

  it('is not needed to see that a version is gone', async () => {
    await using stage = await JiraStage.start(deployment)
    const version = stage.world.createNamed('versions', '1.0', stage.project)
    const ids = [stage.issue({ fixVersions: [version.id] }), stage.issue({ fixVersions: [version.id] })]
    stage.pass(DAY)
    await stage.host.sync()
    stage.world.versions.delete(version.id)
    expect((await stage.host.sync({ listingDue: true })).described.toSorted()).toEqual(ids.toSorted())
    for (const id of ids) expect(metadataOf(stage.host, id)['fix_versions']).toBeUndefined()
    expect(await stage.host.sync({ listingDue: true })).toMatchObject({ described: [], requests: { content: 0 } })
  })

  it('that nobody may look up changes nothing', async () => {
    await using stage = await JiraStage.start(deployment, { include_comments: true })
    const grace = stage.world.createPerson('Grace Hopper')
    const id = stage.issue()
    stage.world.actor = grace.id
    stage.world.addComment(id, 'It is a moth.')
    stage.pass(DAY)
    await stage.host.sync()
    grace.displayName = 'Grace Brewster'
    stage.simulator.faults.add({ kind: 'status', status: 403 }, { route: PEOPLE[deployment] })
    expect(await stage.host.sync({ listingDue: true })).toMatchObject({ described: [], loaded: [], requests: { content: 0 } })
    expect((await stage.host.sync({ listingDue: true })).loaded).toEqual([id])
  })

  it('is told by a dry run, which reads no text where none changed', async () => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue({ type: 'Bug' })
    stage.pass(DAY)
    await stage.host.sync()
    stage.world.names.rename('issuetype', 'Bug', 'Defect')
    expect(await stage.host.sync({ listingDue: true, dryRun: true })).toMatchObject({ described: [id], loaded: [], requests: { content: 0 } })
    expect(metadataOf(stage.host, id)['issue_type']).toBe('Bug')
  })

  it('is looked for in turns when there are very many, and at once by a full run', async () => {
    await using stage = await JiraStage.start(deployment)
    const people = Array.from({ length: 320 }, (_none, at) => stage.world.createPerson(`Person ${100 + at}`))
    const ids = people.map(({ id }) => stage.issue({ assignee: id }))
    stage.pass(DAY)
    await stage.host.sync()
    stage.takeRequests()
    const [first, last] = [people[0], people[319]]
    if (first && last) first.displayName = last.displayName = 'Another'
    expect((await stage.host.sync({ listingDue: true })).described).toEqual([ids[0]])
    // Three hundred that were looked up, and the one that had to be described anew.
    if (deployment === 'cloud') expect(stage.simulator.counters.heads).toBe(301)
    expect((await stage.host.sync({ listingDue: true })).described).toEqual([ids[319]])
    if (first && last) first.displayName = last.displayName = 'Once more'
    expect((await stage.host.sync({ mode: 'full' })).described.toSorted()).toEqual([ids[0], ids[319]])
  })

  it('costs a few requests to look for, and nothing else, however many issues there are', async () => {
    await using stage = await JiraStage.start(deployment, { include_comments: true })
    for (let at = 0; at < 400; at++) stage.world.addComment(stage.issue({ type: at % 2 === 0 ? 'Bug' : 'Task' }), 'A comment.')
    stage.pass(DAY)
    await stage.host.sync()
    stage.takeRequests()
    expect(await stage.host.sync({ listingDue: true })).toMatchObject({ described: [], loaded: [], requests: { content: 0 } })
    const { counters } = stage.simulator
    expect(counters.issues).toBe(0)
    const requests = stage.takeRequests()
    expect(Object.values(requests).reduce((sum, count) => sum + count)).toBe(3)
  })
})

describe('what an earlier version remembered', () => {
  it('leads to a listing that reads what it has to, and embeds nothing', async () => {
    await using stage = await JiraStage.start('cloud')
    const ids = [stage.issue({ description: 'The text.' }), stage.issue()]
    stage.pass(DAY)
    await stage.host.sync()
    stage.world.names.rename('status', 'To Do', 'Open')
    const { source } = await stage.host.open()
    const changes = []
    const since = { version: 3 as const, since: 0, listed: null, place: '', covered: [], names: { payload: null, text: null } }
    for await (const change of source.detector.detect({ mode: 'incremental', since, listingDue: true, known: asEarlier(stage.host.known) }, SIGNAL)) changes.push(change)
    await source.close(undefined)
    const upserts = changes.flatMap((change) => (change.kind === 'upsert' ? [change] : []))
    expect(upserts.map(({ stub }) => [stub.id, stub.contentVersion, stub.metadata?.['status']])).toEqual(
      ids.map((id) => [id, stage.host.documents.get(id)?.stub.contentVersion, 'Open']),
    )
  })

  it('of where to go on is not believed: the next run lists everything', async () => {
    await using stage = await JiraStage.start('cloud')
    const id = stage.issue()
    stage.pass(DAY)
    await stage.host.sync()
    const { names: _names, ...earlier } = stage.host.cursor as Record<string, string>
    stage.host.cursor = { ...earlier, version: 1 }
    stage.world.names.rename('status', 'To Do', 'Open')
    const { listing, described, loaded } = await stage.host.sync()
    expect({ listing, described, loaded }).toEqual({ listing: { everythingIn: ['ABC'], configured: ['ABC'] }, described: [id], loaded: [] })
  })
})

describe('a mention on Cloud', () => {
  it('that keeps the name with which it was written is read once more, and not again', async () => {
    await using stage = await JiraStage.start('cloud', {}, { mentions: 'as-written' })
    const alan = stage.world.createPerson('Alan Turing')
    const id = stage.issue({ description: `Ask [~${alan.id}].` })
    stage.pass(DAY)
    await stage.host.sync()
    alan.displayName = 'Alan M. Turing'
    expect(await stage.host.sync({ listingDue: true })).toMatchObject({ loaded: [], described: [], requests: { content: 1 } })
    expect(textOf(stage.host, id)).toContain('@Alan Turing')
    expect(await stage.host.sync({ listingDue: true })).toMatchObject({ loaded: [], described: [], requests: { content: 0 } })
  })
})

/** The same documents with validators of another shape. */
function asEarlier(known: KnownDocuments): KnownDocuments {
  const earlier = (document: KnownDocument): KnownDocument => {
    const { shown: _shown, ...validators } = document.validators as Record<string, string>
    return { ...document, validators }
  }
  return {
    of: async (id) => {
      const document = await known.of(id)
      return document && earlier(document)
    },
    ofMany: async (ids) => new Map([...(await known.ofMany(ids))].map(([id, document]) => [id, earlier(document)])),
    ids: (scope) => known.ids(scope),
  }
}
