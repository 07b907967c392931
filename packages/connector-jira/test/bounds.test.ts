import { expect, it } from 'vitest'
import { DAY, JiraStage } from './jira-stage.ts'

const ISSUES = 6_000

it('asks Cloud twice when nothing changed, and for a listing once for every 5,000 issues', async () => {
  await using stage = await JiraStage.start('cloud', { extra_fields: 'Customer' })
  for (let at = 0; at < ISSUES; at++) stage.world.createIssue(stage.project, { summary: `Issue ${at}` })
  stage.pass(DAY)
  await stage.host.sync()
  expect(stage.host.documents.size).toBe(ISSUES)
  stage.pass(DAY)
  stage.takeRequests()
  expect((await stage.host.sync()).requests).toEqual({ source: 2, content: 0 })
  const census = await stage.host.sync({ listingDue: true })
  expect(census).toMatchObject({ loaded: [], described: [], deleted: [] })
  expect(census.requests).toEqual({ source: 5, content: 0 })
  // Names are looked up in few issues, without their texts.
  expect({ ...stage.simulator.counters, rows: 0 }).toEqual({ rows: 0, issues: 0, heads: 1, commentPages: 0 })
}, 60_000)

it.each([['cloud', 3 + 1], ['datacenter', 6 + 30]] as const)('looks for names with a few requests on %s, however many people there are', async (deployment, requests) => {
  await using stage = await JiraStage.start(deployment, { include_comments: true, extra_fields: 'Severity' })
  const { world } = stage
  const people = Array.from({ length: 700 }, (_none, at) => world.createPerson(`Person ${at}`).id)
  for (let at = 0; at < 700; at++) {
    const { id } = world.createIssue(stage.project, { assignee: people[at % 500] })
    const reader = world.actor
    world.actor = people[500 + (at % 200)] ?? ''
    world.addComment(id, 'A comment.')
    world.actor = reader
  }
  stage.pass(DAY)
  await stage.host.sync()
  const census = await stage.host.sync({ listingDue: true })
  expect(census).toMatchObject({ loaded: [], described: [], deleted: [] })
  // The project, the fields and one page of rows, beside the names.
  expect(census.requests).toEqual({ source: 3 + requests, content: 0 })
  expect((await stage.host.sync()).requests).toEqual({ source: 2, content: 0 })
}, 60_000)
