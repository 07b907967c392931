import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { DAY, JiraStage, metadataOf, textOf } from './jira-stage.ts'

const EVERY_FIELD = [
  'Story point estimate',
  'Rank',
  'Sprint',
  'Customer',
  'Acceptance criteria',
  'Target date',
  'Escalated at',
  'Reviewer',
  'Approvers',
  'Severity',
  'Platforms',
  'Region',
  'Tags',
  'Target version',
  'Backport versions',
  'Runbook',
  'Environment',
]

describe.each(['cloud', 'datacenter'] as const)('an issue, on %s', (deployment) => {
  it('has its summary, description, text fields and comments as text', async () => {
    await using stage = await JiraStage.start(deployment, { extra_fields: EVERY_FIELD, include_comments: true })
    const id = stage.issue({
      summary: 'Printer on fire',
      description: '# Steps\n\nLight a match.\n\n- one\n- two',
      environment: 'Office, second floor.',
      custom: { customfield_10031: 'ACME # Ltd', customfield_10032: '# Done when\n\nNo smoke.' },
    })
    stage.world.addComment(id, 'I saw it too.')
    stage.pass()
    await stage.host.sync()
    expect(textOf(stage.host, id)).toBe(
      [
        '# Printer on fire',
        '## Steps',
        'Light a match.',
        '- one\n- two',
        '## Customer',
        'ACME # Ltd',
        '## Acceptance criteria',
        '### Done when',
        'No smoke.',
        '## Environment',
        'Office, second floor.',
        '## Comment by Ada Lovelace, 2026-03-01 08:01 UTC',
        'I saw it too.\n',
      ].join('\n\n'),
    )
    expect(stage.host.documents.get(id)?.stub.location).toEqual({ url: `${stage.simulator.url}/browse/ABC-1`, title: 'Printer on fire' })
  })

  it('has everything else as payload, with people by name and times in UTC', async () => {
    await using stage = await JiraStage.start(deployment, { extra_fields: EVERY_FIELD })
    const { world } = stage
    const grace = world.createPerson('Grace Hopper').id
    const version = world.createNamed('versions', '2.0', stage.project).id
    const component = world.createNamed('components', 'Engine', stage.project).id
    const sprint = world.createNamed('sprints', 'Sprint 7').id
    const id = stage.issue({
      labels: ['b', 'a'],
      components: [component],
      versions: [version],
      fixVersions: [version],
      assignee: grace,
      due: '2026-04-01',
      priority: 'High',
      custom: {
        customfield_10016: 5,
        customfield_10019: '0|i0001:',
        customfield_10020: [sprint],
        customfield_10033: '2026-05-01',
        customfield_10034: Date.parse('2026-03-01T09:30:00Z'),
        customfield_10035: grace,
        customfield_10036: [grace, world.actor],
        customfield_10037: 'Critical',
        customfield_10038: ['Linux', 'macOS'],
        customfield_10039: ['Europe', 'Berlin'],
        customfield_10040: ['x', 'y'],
        customfield_10041: version,
        customfield_10042: [version],
        customfield_10043: 'https://example.com/runbook',
      },
    })
    await stage.host.sync()
    expect(metadataOf(stage.host, id)).toEqual({
      key: 'ABC-1',
      project: 'ABC',
      issue_type: 'Task',
      status: 'To Do',
      priority: 'High',
      assignee: 'Grace Hopper',
      reporter: 'Ada Lovelace',
      creator: 'Ada Lovelace',
      labels: ['a', 'b'],
      components: ['Engine'],
      affects_versions: ['2.0'],
      fix_versions: ['2.0'],
      due_date: '2026-04-01',
      fields: {
        'Story point estimate': 5,
        Rank: '0|i0001:',
        Sprint: [Number(sprint)],
        'Target date': '2026-05-01',
        'Escalated at': '2026-03-01T09:30:00.000Z',
        Reviewer: 'Grace Hopper',
        Approvers: ['Grace Hopper', 'Ada Lovelace'],
        Severity: 'Critical',
        Platforms: ['Linux', 'macOS'],
        Region: ['Europe', 'Berlin'],
        Tags: ['x', 'y'],
        'Target version': '2.0',
        'Backport versions': ['2.0'],
        Runbook: 'https://example.com/runbook',
      },
    })
    expect(stage.host.documents.get(id)?.stub).toMatchObject({ createdAt: '2026-03-01T08:00:00.000Z', updatedAt: '2026-03-01T08:00:00.000Z' })
    expect(textOf(stage.host, id)).toBe('# A summary\n')
  })

  it('has all its comments, beyond those that come with it, in sections that a further one leaves alone', async () => {
    await using stage = await JiraStage.start(deployment, { include_comments: true }, { pageLimits: { comments: 30 } })
    const id = stage.issue()
    for (let at = 1; at <= 70; at++) {
      stage.world.addComment(id, `Comment number ${at}.`)
      stage.pass()
    }
    await stage.host.sync()
    const before = textOf(stage.host, id)
    expect(before.match(/Comment number \d+\./g)).toEqual(Array.from({ length: 70 }, (_none, at) => `Comment number ${at + 1}.`))
    stage.world.addComment(id, 'One more.')
    stage.pass()
    await stage.host.sync()
    expect(textOf(stage.host, id)).toBe(`${before}\n## Comment by Ada Lovelace, 2026-03-01 09:11 UTC\n\nOne more.\n`)
  })

  it('follows comments that are edited and deleted', async () => {
    await using stage = await JiraStage.start(deployment, { include_comments: true })
    const id = stage.issue()
    const [one, two] = [stage.world.addComment(id, 'The first.'), stage.world.addComment(id, 'The second.')]
    stage.pass()
    await stage.host.sync()
    stage.world.editComment(id, one.id, 'The first, edited.')
    stage.world.deleteComment(id, two.id)
    stage.pass()
    await stage.host.sync()
    expect(textOf(stage.host, id)).toContain('The first, edited.')
    expect(textOf(stage.host, id)).not.toContain('The second.')
  })

  it('is without comments unless they are wanted, and a comment then changes no text', async () => {
    await using stage = await JiraStage.start(deployment)
    const id = stage.issue()
    await stage.host.sync()
    stage.world.addComment(id, 'Not wanted.')
    stage.pass()
    expect((await stage.host.sync()).loaded).toEqual([])
    expect(textOf(stage.host, id)).toBe('# A summary\n')
  })

  it('is read in bulk when what is read of it is configured anew', async () => {
    await using stage = await JiraStage.start(deployment)
    for (let at = 0; at < 30; at++) stage.world.addComment(stage.issue(), 'A comment.')
    stage.pass(DAY)
    const first = stage.newHost()
    await first.sync()
    const known = first.known
    const { source } = await stage.newHost({ include_comments: true }).open()
    let bodies = 0
    for await (const change of source.detector.detect({ mode: 'full', known }, new AbortController().signal)) {
      if (change.kind === 'upsert' && change.document?.text.includes('A comment.') === true) bodies += 1
    }
    await source.close(undefined)
    expect(bodies).toBe(30)
  })

  it('tells a name of a field that is unknown or stands for several', async () => {
    await using stage = await JiraStage.start(deployment)
    const other = stage.world.addField('Severity', 'text', 'textfield').id
    for (const [name, code, hint] of [
      ['Costumer', 'jira_unknown_field', '"Customer"'],
      ['severity', 'jira_ambiguous_field', other],
      ['Watchers', 'jira_unsupported_field', 'extra_fields'],
    ] as const) {
      const error = await loaderErrorOf(stage.newHost({ extra_fields: name }).sync())
      expect([error.code, error.kind]).toEqual([code, 'config'])
      expect(error.hint).toContain(hint)
    }
    const id = stage.issue({ custom: { [other]: 'by its id' } })
    const host = stage.newHost({ extra_fields: [other] })
    await host.sync()
    expect(textOf(host, id)).toContain('## Severity\n\nby its id')
  })
})

describe('text of Data Center', () => {
  it('does not depend on the issues that it names', async () => {
    await using stage = await JiraStage.start('datacenter')
    const other = stage.issue()
    const id = stage.issue({ description: 'See ABC-1 for more.' })
    await stage.host.sync()
    const before = textOf(stage.host, id)
    expect(before).toContain('See ABC-1 for more.')
    for (const change of [() => stage.world.transition(other, 'Done'), () => stage.world.editIssue(other, { summary: 'Else' }), () => stage.world.deleteIssue(other)]) {
      change()
      stage.pass()
      const clean = stage.newHost()
      await clean.sync()
      expect(textOf(clean, id)).toBe(before)
    }
  })

  it('is read anew as the day goes by without a change: times in it are not those that the server renders', async () => {
    await using stage = await JiraStage.start('datacenter', { include_comments: true })
    const id = stage.issue({ description: 'The text.' })
    stage.world.addComment(id, 'A comment.')
    stage.pass()
    await stage.host.sync()
    const before = textOf(stage.host, id)
    stage.pass(2 * DAY)
    const clean = stage.newHost()
    await clean.sync()
    expect(textOf(clean, id)).toBe(before)
  })
})
