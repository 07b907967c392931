import { expect, test } from 'vitest'
import { SourceChangeDetectionConfig } from './change-detection-config.ts'
import { ConfigName, ProjectConfig, SourceConfig, SourceType } from './project-config.ts'

test.each(['a', 'A', '2024', 'a.b_c-d', 'x'.repeat(100)])('%s can name a project or source', (name) => {
  expect(ConfigName.safeParse(name).success).toBe(true)
})

test.each(['', '.', '..', '-a', '_a', 'a/b', 'a\\b', 'a b', 'a\n', 'é', 'x'.repeat(101)])('%j cannot', (name) => {
  expect(ConfigName.safeParse(name).success).toBe(false)
})

test.each(['git', 'public-docs', 's3'])('%s can be a type', (type) => {
  expect(SourceType.safeParse(type).success).toBe(true)
})

test.each(['', 'Git', 'a--b', '-a', 'a-', 'a_b', 'a/b', '../a', 'x'.repeat(101)])('%j cannot', (type) => {
  expect(SourceType.safeParse(type).success).toBe(false)
})

test.each(['connector', '@me/connector', 'a.b~c'])('%s can be a package', (name) => {
  expect(SourceConfig.parse({ package: name })).toEqual({ package: name })
})

test.each(['', '../x', './x', '/x', '@me', '@me/', 'a/b', 'file:x', 'A', '.x', 'x'.repeat(215)])('%j cannot', (name) => {
  expect(SourceConfig.safeParse({ package: name }).success).toBe(false)
})

test('a project has limits for its texts and no other keys', () => {
  expect(ProjectConfig.parse({})).toEqual({ sources: {} })
  expect(ProjectConfig.safeParse({ display_name: 'x'.repeat(200), description: 'x'.repeat(2_000) }).success).toBe(true)
  for (const wrong of [{ display_name: '' }, { display_name: 'x'.repeat(201) }, { description: 'x'.repeat(2_001) }, { name: 'x' }]) {
    expect(ProjectConfig.safeParse(wrong).success).toBe(false)
  }
})

test('change detection of a source has the ranges of the global one, and no defaults', () => {
  expect(SourceChangeDetectionConfig.parse({})).toEqual({})
  const written = { interval: '1s', timeout: '1s', max_delete_ratio: 1, max_delete_count: 0, full_listing_interval: '1s' }
  const read = { interval: 1_000, timeout: 1_000, max_delete_ratio: 1, max_delete_count: 0, full_listing_interval: 1_000 }
  expect(SourceChangeDetectionConfig.parse(written)).toEqual(read)
  for (const wrong of [{ interval: '999ms' }, { timeout: '0s' }, { max_delete_ratio: 1.1 }, { max_delete_count: -1 }, { full_listing_interval: '0s' }]) {
    expect(SourceChangeDetectionConfig.safeParse(wrong).success).toBe(false)
  }
})
