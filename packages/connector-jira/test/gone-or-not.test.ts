import { describe, expect, it } from 'vitest'
import { cleanBuild, DAY, held, JiraStage, metadataOf, SEARCH, SIGNAL, total } from './jira-stage.ts'

const BULK = 'POST /rest/api/3/issue/bulkfetch'

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
