import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { resolveFields } from './field-catalog.ts'

const FIELDS = [
  { id: 'environment', name: 'Environment', schema: { type: 'string', system: 'environment' } },
  { id: 'customfield_1', name: 'Severity', schema: { type: 'option', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:select' } },
  { id: 'customfield_2', name: 'Team', schema: { type: 'any' } },
  { id: 'customfield_3', name: 'Team', schema: { type: 'string' } },
  { id: 'customfield_4', name: 'team', schema: null },
  { id: 'votes', name: 'Votes' },
]

describe('extra fields', () => {
  it('are found by id and by name, first as written and then in any case, and once', () => {
    expect(resolveFields(['severity', 'customfield_1', 'customfield_3', 'team'], FIELDS).map(({ id }) => id)).toEqual([
      'customfield_1',
      'customfield_3',
      'customfield_4',
    ])
    expect(resolveFields(['Severity'], FIELDS)[0]).toMatchObject({ type: 'option', custom: 'select' })
  })

  it.each([
    ['Severety', 'jira_unknown_field', 'Did you mean "Severity"?'],
    ['nothing like it', 'jira_unknown_field', 'the id'],
    ['Team', 'jira_ambiguous_field', 'customfield_2, customfield_3'],
    ['Votes', 'jira_unsupported_field', 'Take it out'],
  ])('%s is an error that says what to write', async (name, code, hint) => {
    const error = await loaderErrorOf(Promise.resolve().then(() => resolveFields([name], FIELDS)))
    expect([error.code, error.kind]).toEqual([code, 'config'])
    expect(error.hint).toContain(hint)
  })
})
