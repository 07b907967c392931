import { expect, it } from 'vitest'
import { namesInField } from './field-names.ts'

function field(type: string, custom?: string, items?: string) {
  return { id: 'customfield_1', name: 'Field', type, items, custom }
}

it.each([
  ['a user of Cloud', field('user', 'userpicker'), { accountId: '5b1', displayName: 'Ada' }, [['person 5b1', 'Ada']]],
  ['users of Data Center', field('array', 'multiuserpicker', 'user'), [{ name: 'ada', key: 'JIRAUSER1', displayName: 'Ada' }], [['person ada', 'Ada']]],
  ['an option', field('option', 'select'), { id: '1', value: 'High' }, [['option 1', 'High']]],
  ['a cascade', field('option-with-child', 'cascadingselect'), { id: '1', value: 'A', child: { id: '2', value: 'B' } }, [['option 1', 'A'], ['option 2', 'B']]],
  ['versions', field('array', 'multiversion', 'version'), [{ id: '1', name: '2.0' }], [['version 1', '2.0']]],
  ['a project, by its key', field('project', 'project'), { id: '1', key: 'ABC', name: 'A project' }, [['key 1', 'ABC']]],
  ['a group of Cloud', field('group', 'grouppicker'), { name: 'staff', groupId: '7f' }, [['group 7f', 'staff']]],
  ['a group of Data Center, whose name is all it has', field('group', 'grouppicker'), { name: 'staff' }, []],
  ['sprints, which are in the payload by their ids', field('array', 'gh-sprint', 'json'), [{ id: 7, name: 'Sprint 7' }], []],
  ['text', field('string', 'textarea'), 'text', []],
  ['nothing', field('user', 'userpicker'), null, []],
])('names in %s', (_what, of, raw, names) => {
  expect(namesInField(of, raw)).toEqual(names)
})
