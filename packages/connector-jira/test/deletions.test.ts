import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { DAY, JiraStage, metadataOf, SIGNAL } from './jira-stage.ts'

describe.each(['cloud', 'datacenter'] as const)('what is no longer there, on %s', (deployment) => {
  it('says deleted of an issue that neither the listing nor the database has', async () => {
    await using stage = await JiraStage.start(deployment)
    const [one, two] = [stage.issue(), stage.issue()]
    await stage.host.sync()
    stage.world.deleteIssue(one)
    expect((await stage.host.sync()).deleted).toEqual([])
    expect((await stage.host.sync({ listingDue: true })).deleted).toEqual([one])
    const { source } = await stage.host.open()
    expect(await source.detector.judge?.([one, two], SIGNAL)).toEqual(new Map([[one, 'deleted'], [two, 'present']]))
    await source.close(undefined)
  })

  it('says out of scope of an issue that was moved to another project', async () => {
    await using stage = await JiraStage.start(deployment)
    const other = stage.world.createProject('OTHER').id
    const [one] = [stage.issue(), stage.issue()]
    await stage.host.sync()
    stage.world.moveIssue(one, other)
    stage.pass()
    const { source } = await stage.host.open()
    expect((await source.detector.judge?.([one], SIGNAL))?.get(one)).toBe('out-of-scope')
    await source.close(undefined)
    expect((await stage.host.sync({ listingDue: true })).deleted).toEqual([one])
  })

  it('takes an issue out that gets a status which is not selected, and back in', async () => {
    await using stage = await JiraStage.start(deployment, { include_statuses: ['to do', 'In Progress'], issue_types: 'Task' })
    const id = stage.issue()
    stage.issue({ type: 'Bug' })
    await stage.host.sync()
    expect([...stage.host.documents.keys()]).toEqual([id])
    stage.world.transition(id, 'Done')
    stage.pass()
    expect((await stage.host.sync()).deleted).toEqual([id])
    stage.pass(DAY)
    stage.world.transition(id, 'In Progress')
    stage.pass()
    await stage.host.sync()
    expect(metadataOf(stage.host, id)['status']).toBe('In Progress')
  })

  it('takes nothing out because a status or type of the filters has another name, and says so', async () => {
    await using stage = await JiraStage.start(deployment, { include_statuses: 'To Do' })
    const id = stage.issue()
    await stage.host.sync()
    stage.world.names.rename('status', 'To Do', 'Open')
    stage.world.editIssue(id, { summary: 'Edited' })
    stage.pass()
    for (const options of [{}, { listingDue: true }]) {
      const error = await loaderErrorOf(stage.host.sync(options))
      expect([error.code, error.kind]).toEqual(['jira_query_refused', 'config'])
    }
    expect([...stage.host.documents.keys()]).toEqual([id])
  })

  it('does not read what the filters leave out', async () => {
    await using stage = await JiraStage.start(deployment, { include_statuses: 'Done' })
    stage.issue()
    await stage.host.sync()
    stage.world.editIssue(stage.issue(), { summary: 'Edited' })
    stage.pass()
    const { requests, loaded } = await stage.host.sync()
    expect([requests.content, loaded]).toEqual([0, []])
  })

  it('does not delete issues that are hidden from the search index only', async () => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue()
    await stage.host.sync()
    const { source } = await stage.host.open()
    stage.world.index.lag = () => DAY
    expect((await source.detector.judge?.([id], SIGNAL))?.get(id)).toBe('present')
    await source.close(undefined)
  })

  it('leaves a project alone that it may not see any more, and goes on with the others', async () => {
    await using stage = await JiraStage.start(deployment, { project_key: ['ABC', 'XYZ'] })
    const other = stage.world.createProject('XYZ')
    const mine = stage.issue()
    const theirs = stage.world.createIssue(other.id, { summary: 'Of the other project' }).id
    stage.pass(DAY)
    await stage.host.sync()
    other.visible = false
    stage.world.editIssue(mine, { summary: 'Edited' })
    stage.pass()
    for (const options of [{}, { listingDue: true }, { listingDue: true }, { mode: 'full' as const }]) {
      const { changes, listing } = await stage.host.sync(options)
      expect(changes.at(-1)).toMatchObject({ unreadable: [{ scope: 'XYZ', code: 'jira_project_not_visible', kind: 'auth' }] })
      if (listing !== 'changes') expect(listing).toEqual({ everythingIn: ['ABC'], configured: ['ABC', 'XYZ'] })
    }
    expect([...stage.host.documents.keys()].toSorted()).toEqual([mine, theirs].toSorted())
    expect(stage.host.texts.get(mine)).toContain('Edited')
    const { source } = await stage.host.open()
    expect((await source.detector.judge?.([theirs], SIGNAL))?.get(theirs)).toBe('unknown')
    await source.close(undefined)
  })

  it('catches up with a project that comes back, and with one that is created later', async () => {
    await using stage = await JiraStage.start(deployment, { project_key: ['ABC', 'XYZ', 'LATER'] })
    const other = stage.world.createProject('XYZ')
    stage.issue()
    const { id } = stage.world.createIssue(other.id, { summary: 'Before' })
    const gone = stage.world.createIssue(other.id, { summary: 'Soon gone' }).id
    stage.pass(DAY)
    await stage.host.sync()
    other.visible = false
    const { source } = await stage.host.open()
    expect(await loaderErrorOf(source.check(new AbortController().signal))).toMatchObject({ code: 'jira_project_not_visible', kind: 'auth' })
    await source.close(undefined)
    stage.world.editIssue(id, { summary: 'Edited while nobody saw it' })
    stage.world.deleteIssue(gone)
    stage.pass(DAY)
    await stage.host.sync()
    stage.pass(DAY)
    other.visible = true
    const late = stage.world.createIssue(stage.world.createProject('LATER').id, { summary: 'Late' }).id
    stage.pass(DAY)
    const { changes } = await stage.host.sync()
    expect(changes.at(-1)).not.toHaveProperty('unreadable')
    expect(stage.host.texts.get(id)).toBe('# Edited while nobody saw it\n')
    expect(stage.host.documents.has(gone)).toBe(false)
    expect(stage.host.texts.get(late)).toBe('# Late\n')
    expect((await stage.host.sync()).listing).toBe('changes')
  })

  it('says so when no project can be seen, and deletes nothing', async () => {
    await using stage = await JiraStage.start(deployment)
    stage.issue()
    await stage.host.sync()
    stage.world.project(stage.project).visible = false
    for (const options of [{}, { listingDue: true }]) {
      const error = await loaderErrorOf(stage.host.sync(options))
      expect([error.code, error.kind]).toEqual(['jira_project_not_visible', 'auth'])
      expect(error.message).toContain('ABC')
    }
    expect(stage.host.documents.size).toBe(1)
  })

  it('finds a project by a key that it had before', async () => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue()
    stage.world.renameProject(stage.project, 'NEW')
    await stage.host.sync()
    expect(stage.host.documents.get(id)?.stub).toMatchObject({ scope: 'ABC', metadata: { key: 'NEW-1' } })
  })

  it('does not believe wrong credentials that get empty answers', async () => {
    await using stage = await JiraStage.start(deployment)
    stage.issue()
    await stage.host.sync()
    for (const config of [{}, { project_key: undefined, jql: 'project = ABC' }]) {
      const wrong = stage.newHost({ ...config, token: 'wrong-token' })
      const error = await loaderErrorOf(wrong.sync())
      expect([error.code, error.kind]).toEqual(['jira_auth_failed', 'auth'])
      expect(error.message + error.hint).not.toContain('wrong-token')
    }
  })

  it('brings back an issue that was hidden and is shown again', async () => {
    await using stage = await JiraStage.start(deployment)
    const [one, two] = [stage.issue(), stage.issue()]
    await stage.host.sync()
    stage.world.setHidden(one, true)
    await stage.host.sync({ listingDue: true })
    expect([...stage.host.documents.keys()]).toEqual([two])
    stage.world.setHidden(one, false)
    await stage.host.sync({ listingDue: true })
    expect([...stage.host.documents.keys()].toSorted()).toEqual([one, two].toSorted())
  })
})

describe.each(['cloud', 'datacenter'] as const)('a free query, on %s', (deployment) => {
  it('reads what fits it, in its own order', async () => {
    await using stage = await JiraStage.start(deployment, { jql: 'project = ABC AND labels = "docs" ORDER BY priority DESC' })
    const [fits] = [stage.issue({ labels: ['docs'] }), stage.issue()]
    await stage.host.sync()
    expect([...stage.host.documents.keys()]).toEqual([fits])
    stage.world.editIssue(fits, { summary: 'Edited' })
    stage.pass()
    expect((await stage.host.sync()).requests.content).toBe(1)
    expect(stage.host.texts.get(fits)).toBe('# Edited\n')
    stage.pass(DAY)
    await stage.host.sync()
    stage.pass(DAY)
    expect((await stage.host.sync()).requests).toEqual({ source: 2, content: 0 })
  })

  it('takes out with the next listing what fits it no more', async () => {
    await using stage = await JiraStage.start(deployment, { jql: 'project = ABC AND labels = docs' })
    const [one, two] = [stage.issue({ labels: ['docs'] }), stage.issue({ labels: ['docs'] })]
    await stage.host.sync()
    stage.world.editIssue(one, { labels: [] })
    stage.pass(DAY)
    expect((await stage.host.sync({ listingDue: true })).deleted).toEqual([one])
    stage.world.deleteIssue(two)
    expect((await stage.host.sync({ listingDue: true })).deleted).toEqual([two])
  })

  it('keeps what it may not see any more', async () => {
    await using stage = await JiraStage.start(deployment, { jql: 'labels = docs' })
    stage.issue({ labels: ['docs'] })
    await stage.host.sync()
    stage.world.project(stage.project).visible = false
    for (let run = 0; run < 3; run++) expect((await stage.host.sync({ listingDue: true })).deleted).toEqual([])
  })

  it('says what Jira does not understand', async () => {
    await using stage = await JiraStage.start(deployment, { jql: 'project = NOWHERE' })
    const error = await loaderErrorOf(stage.host.sync())
    expect([error.code, error.kind]).toEqual(['jira_query_refused', 'config'])
    expect(error.message).toContain("'NOWHERE' does not exist")
  })
})

it('a token without a scope is told so, in the words of the server, and not called wrong', async () => {
  await using stage = await JiraStage.start('cloud')
  const body = JSON.stringify({ code: 401, message: 'Unauthorized; scope does not match' })
  stage.simulator.faults.add({ kind: 'answer', status: 401, body, contentType: 'application/json' })
  const error = await loaderErrorOf(stage.host.sync())
  expect([error.code, error.kind]).toEqual(['jira_scope_missing', 'auth'])
  expect(error.message).toContain('scope does not match')
})
