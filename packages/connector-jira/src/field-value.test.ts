import { describe, expect, it } from 'vitest'
import { fieldValue } from './field-value.ts'

function field(type: string, custom?: string, items?: string) {
  return { id: 'customfield_1', name: 'Field', type, items, custom }
}

describe('the value of a field', () => {
  it.each([
    ['text', field('string', 'textfield'), 'a line'],
    ['rich text', field('string', 'textarea'), 'wiki *markup*'],
    ['rich text of Cloud', field('string', 'textarea'), { type: 'doc', version: 1, content: [] }],
    ['rich text of an app', field('any', 'something'), { type: 'doc', version: 1, content: [] }],
    ['text of Jira itself', field('string'), 'environment'],
  ])('is content: %s', (_name, of, raw) => {
    expect(fieldValue(of, raw)).toEqual({ kind: 'text', raw })
  })

  it.each([
    ['number', field('number', 'float'), 0, 0],
    ['date', field('date', 'datepicker'), '2026-01-31', '2026-01-31'],
    ['date-time', field('datetime', 'datetime'), '2026-01-31T10:00:00.000+0100', '2026-01-31T09:00:00.000Z'],
    ['user', field('user', 'userpicker'), { accountId: '1', displayName: 'Ada', emailAddress: 'a@b.c' }, 'Ada'],
    ['users', field('array', 'multiuserpicker', 'user'), [{ key: 'ada', displayName: 'Ada' }], ['Ada']],
    ['option', field('option', 'select'), { id: '1', value: 'High' }, 'High'],
    ['options', field('array', 'multiselect', 'option'), [{ value: 'A' }, { value: 'B' }], ['A', 'B']],
    ['cascading', field('option-with-child', 'cascadingselect'), { value: 'A', child: { value: 'B' } }, ['A', 'B']],
    ['cascading without a child', field('option-with-child', 'cascadingselect'), { value: 'A' }, ['A']],
    ['labels', field('array', 'labels', 'string'), ['x', 'y'], ['x', 'y']],
    ['version', field('version', 'version'), { id: '1', name: '2.0', self: 'https://…' }, '2.0'],
    ['components', field('array', undefined, 'component'), [{ id: '1', name: 'Engine' }], ['Engine']],
    ['sprint', field('array', 'gh-sprint', 'json'), [{ id: 7, name: 'Sprint 7', state: 'active' }], [7]],
    ['sprint of Data Center', field('array', 'gh-sprint', 'string'), ['com.atlassian.greenhopper.Sprint@1f[id=7,rapidViewId=1,state=ACTIVE,name=Sprint id=9]'], [7]],
    ['link', field('string', 'url'), 'https://example.com', 'https://example.com'],
    ['project', field('project', 'project'), { id: '1', key: 'ABC', name: 'A project' }, 'ABC'],
    ['group', field('group', 'grouppicker'), { name: 'staff' }, 'staff'],
    ['rank', field('any', 'gh-lexo-rank'), '0|i0001:', '0|i0001:'],
  ])('is payload: %s', (_name, of, raw, value) => {
    expect(fieldValue(of, raw)).toEqual({ kind: 'value', value })
  })

  it.each([null, undefined, '', [], [null], { unknown: 1 }])('is nothing when it is empty: %o', (raw) => {
    expect(fieldValue(field('array', 'multiselect', 'option'), raw)).toBeUndefined()
  })
})
