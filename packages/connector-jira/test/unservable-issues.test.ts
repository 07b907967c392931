import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { DAY, JiraStage, SEARCH, SIGNAL, total } from './jira-stage.ts'

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
    stage.simulator.faults.stay({ kind: 'status', status: 500 }, { route })
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
