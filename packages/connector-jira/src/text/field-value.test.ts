import { describe, expect, it } from 'vitest'
import { fieldValue } from './field-value.ts'

function field(type: string, custom?: string, items?: string) {
  return { id: 'customfield_1', name: 'Field', type, items, custom, section: false }
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
    expect(fieldValue(of, raw)).toMatchObject({ kind: 'value', value })
  })

  it.each([null, undefined, '', [], [null], {}, { self: 'https://…', _links: { web: 'https://…' } }, [[]]])('is nothing when it is empty: %o', (raw) => {
    expect(fieldValue(field('array', 'multiselect', 'option'), raw)).toBeUndefined()
  })
})

describe('J7: a value for every shape', () => {
  const links = { _links: { self: 'https://jira.test/rest/servicedeskapi/request/1' } }

  it.each([
    [
      'Request Type of a service project',
      field('sd-customerrequesttype', 'vp-origin'),
      {
        ...links,
        requestType: { ...links, id: '12', name: 'Get IT help', description: 'Anything', serviceDeskId: '2', groupIds: ['3'], icon: { id: '10527', ...links } },
        currentStatus: { status: 'Waiting for support', statusCategory: 'NEW', statusDate: { iso8601: '2026-01-31T10:00:00+0100', epochMillis: 1 } },
      },
      'Get IT help',
      { 'requesttype 12': 'Get IT help' },
    ],
    [
      'Parent Link of Cloud',
      field('any', 'jpo-custom-field-parent'),
      { hasEpicLinkFieldDependency: true, showField: true, nonEditableReason: { reason: 'EPIC_LINK_SHOULD_BE_USED', message: 'Use it' }, data: { id: 10_100, key: 'INI-7', summary: 'Theirs' } },
      'INI-7',
      { 'issue 10100': 'INI-7' },
    ],
    ['Parent Link of Data Center', field('any', 'jpo-custom-field-parent'), 'INI-7', 'INI-7', { 'issue INI-7': 'INI-7' }],
    ['Epic Link', field('any', 'gh-epic-link'), 'AAA-1', 'AAA-1', { 'issue AAA-1': 'AAA-1' }],
    ['issues that an app names', field('array', 'issue-picker', 'string'), ['AAA-1', 'BBB-2'], ['AAA-1', 'BBB-2'], { 'issue AAA-1': 'AAA-1', 'issue BBB-2': 'BBB-2' }],
    ['a label that looks like a key', field('array', 'labels', 'string'), ['UTF-8'], ['UTF-8'], {}],
    ['organizations', field('array', 'sd-customer-organizations', 'sd-customerorganization'), [{ id: '4', name: 'ACME', ...links }], ['ACME'], { 'sd-customerorganization 4': 'ACME' }],
    ['a title', field('any', 'app'), { id: 3, title: 'Of an app', self: 'https://…' }, 'Of an app', { 'any 3': 'Of an app' }],
    ['a label as a name', field('any', 'app'), { label: 'Of an app' }, 'Of an app', {}],
    ['a number as a value', field('any', 'app'), { value: 4 }, 4, {}],
    ['satisfaction', field('sd-feedback', 'sd-request-feedback'), { rating: 5, self: 'https://…' }, { rating: 5 }, {}],
    ['JSON as a last resort', field('any', 'app'), { b: [1, null, { z: 'Z', a: '' }], a: { x: true }, avatarUrls: {} }, { a: { x: true }, b: [1, { z: 'Z' }] }, {}],
    ['an object of the app Assets', field('array', 'cmdb-object-cftype', 'cmdb-object-field'), [{ workspaceId: 'w', id: 'w:1', objectId: '1' }], [{ id: 'w:1', objectId: '1', workspaceId: 'w' }], {}],
    ['nothing but an id', field('any', 'app'), { id: 7, self: 'https://…' }, 7, {}],
    ['true', field('any', 'app'), true, true, {}],
    ['lists in a list', field('array', 'app', 'any'), [['a'], [{ name: 'b' }]], [['a'], ['b']], {}],
    ['options with children', field('array', 'app', 'option'), [{ id: '1', value: 'A', child: { id: '2', value: 'B' } }], ['A'], { 'option 1': 'A', 'option 2': 'B' }],
  ])('J7: %s', (_what, of, raw, value, names) => {
    expect(fieldValue(of, raw)).toEqual({ kind: 'value', value, names })
  })

  it('J7: a Parent Link without a parent is empty', () => {
    const shell = { hasEpicLinkFieldDependency: false, showField: false, nonEditableReason: { reason: 'PLUGIN_LICENSE_ERROR', message: 'Only for some' } }
    expect(fieldValue(field('any', 'jpo-custom-field-parent'), shell)).toBeUndefined()
  })
})

it.each([
  ['a user of Cloud', field('user', 'userpicker'), { accountId: '5b1', displayName: 'Ada' }, { 'person 5b1': 'Ada' }],
  ['users of Data Center', field('array', 'multiuserpicker', 'user'), [{ name: 'ada', key: 'JIRAUSER1', displayName: 'Ada' }], { 'person ada': 'Ada' }],
  ['an option', field('option', 'select'), { id: '1', value: 'High' }, { 'option 1': 'High' }],
  ['a cascade', field('option-with-child', 'cascadingselect'), { id: '1', value: 'A', child: { id: '2', value: 'B' } }, { 'option 1': 'A', 'option 2': 'B' }],
  ['versions', field('array', 'multiversion', 'version'), [{ id: '1', name: '2.0' }], { 'version 1': '2.0' }],
  ['a project, by its key', field('project', 'project'), { id: '1', key: 'ABC', name: 'A project' }, { 'key 1': 'ABC' }],
  ['a group of Cloud', field('group', 'grouppicker'), { name: 'staff', groupId: '7f' }, { 'group 7f': 'staff' }],
  ['a group of Data Center, whose name is all it has', field('group', 'grouppicker'), { name: 'staff' }, {}],
  ['sprints, which are in the payload by their ids', field('array', 'gh-sprint', 'json'), [{ id: 7, name: 'Sprint 7' }], {}],
])('J15: the names in a value come with it: %s', (_what, of, raw, names) => {
  expect(fieldValue(of, raw)).toMatchObject({ kind: 'value', names })
})

describe('J16: a field that is to be a section', () => {
  const section = (type: string, custom?: string, items?: string) => ({ ...field(type, custom, items), section: true })

  it.each([
    ['text of an app', section('string', 'scripted-field'), 'some text', 'some text'],
    ['text of an unknown type', section('any', 'checklist'), 'some text', 'some text'],
    ['a URL', section('string', 'url'), 'https://example.com', 'https://example.com'],
    ['lines', section('array', 'labels', 'string'), ['one', 'two'], 'one\n\ntwo'],
  ])('J16: %s', (_what, of, raw, text) => {
    expect(fieldValue(of, raw)).toEqual({ kind: 'text', raw: text })
  })

  it('J16: what is no text stays payload', () => {
    expect(fieldValue(section('any', 'app'), { name: 'A thing' })).toMatchObject({ kind: 'value', value: 'A thing' })
  })
})
