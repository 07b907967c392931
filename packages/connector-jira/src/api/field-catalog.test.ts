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
    expect(resolveFields({ content: [], extra: ['severity', 'customfield_1', 'customfield_3', 'team'] }, FIELDS).map(({ id }) => id)).toEqual([
      'customfield_1',
      'customfield_3',
      'customfield_4',
    ])
    expect(resolveFields({ content: [], extra: ['Severity'] }, FIELDS)[0]).toMatchObject({ type: 'option', custom: 'select' })
  })

  it.each([
    ['Severety', 'jira_unknown_field', 'Did you mean "Severity"?'],
    ['nothing like it', 'jira_unknown_field', 'the id'],
    ['Team', 'jira_ambiguous_field', 'customfield_2, customfield_3'],
    ['Votes', 'jira_unsupported_field', 'Take it out'],
  ])('%s is an error that says what to write', async (name, code, hint) => {
    const error = await loaderErrorOf(Promise.resolve().then(() => resolveFields({ content: [], extra: [name] }, FIELDS)))
    expect([error.code, error.kind]).toEqual([code, 'config'])
    expect(error.hint).toContain(hint)
  })

  it('keep apart what has the same name', () => {
    expect(resolveFields({ content: [], extra: ['customfield_2', 'customfield_3', 'Severity'] }, FIELDS).map(({ name }) => name)).toEqual([
      'Team (customfield_2)',
      'Team (customfield_3)',
      'Severity',
    ])
  })
})

describe('J16: content fields', () => {
  it('J16: are sections, and come first', () => {
    expect(resolveFields({ content: ['customfield_3'], extra: ['Environment', 'customfield_3'] }, FIELDS)).toMatchObject([
      { id: 'customfield_3', section: true },
      { id: 'environment', section: false },
    ])
  })

  it('J16: a field that holds no text is an error that says where it belongs', async () => {
    const error = await loaderErrorOf(Promise.resolve().then(() => resolveFields({ content: ['Severity'], extra: [] }, FIELDS)))
    expect([error.code, error.kind]).toEqual(['jira_unsupported_field', 'config'])
    expect(error.message).toContain('option')
    expect(error.hint).toContain('extra_fields')
  })
})
