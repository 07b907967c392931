import type { Settings } from '@qdrant-loader/core/config'
import { expect, test } from 'vitest'
import { pointFilter } from './point-filter.ts'
import { selectSources, sourcesToSync } from './select-sources.ts'

const named = (project: string, sourceType: string, source: string) => ({ project, sourceType, source })
const settings = {
  sources: [named('team', 'git', 'handbook'), named('team', 'public-docs', 'manual'), named('other', 'git', 'handbook')],
} as unknown as Settings

const select = (...flags: Parameters<typeof selectSources>[1][]) =>
  selectSources(settings, Object.assign({}, ...flags)).map(({ project, source }) => `${project}/${source}`)

test('flags narrow down what is selected, together', () => {
  expect(select()).toHaveLength(3)
  expect(select({ source: 'handbook' })).toEqual(['team/handbook', 'other/handbook'])
  expect(select({ source: 'handbook', project: 'other' })).toEqual(['other/handbook'])
})

test('another name of a type stands for the type', () => {
  expect(select({ 'source-type': 'publicdocs' })).toEqual(['team/manual'])
  expect(pointFilter({ 'source-type': 'publicdocs', project: 'team' })).toEqual({ project_id: 'team', source_type: 'public-docs' })
})

test('a name that no source has is refused, with the nearest one', () => {
  expect(() => select({ source: 'hanbdook' })).toThrow(expect.objectContaining({ code: 'usage', hint: 'Did you mean handbook?' }))
  expect(() => select({ project: 'xyz' })).toThrow(expect.objectContaining({ hint: 'There are: team, other.' }))
  expect(() => select({ project: 'other', 'source-type': 'public-docs' })).toThrow(/fits all of these flags/)
})

test('to sync, there has to be a source', () => {
  expect(sourcesToSync(settings, { project: 'other' })).toHaveLength(1)
  const none = { file: '/docs/qdrant-loader.yaml', sources: [] } as unknown as Settings
  expect(selectSources(none, {})).toEqual([])
  expect(() => sourcesToSync(none, {})).toThrow(expect.objectContaining({ code: 'no_sources', kind: 'config' }))
})
