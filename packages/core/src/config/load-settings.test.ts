import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { connectorOf, git, settingsFolder } from '../../test/config/settings-folder.ts'
import { loadSettings } from './load-settings.ts'
import type { LoadSettingsOptions } from './load-settings.ts'

const { load, failure, complaints, path: folder } = settingsFolder()

describe('finding the file', () => {
  test('a parent folder is searched, and relative paths belong to the folder of the file', async () => {
    await writeFile(join(folder(), 'qdrant-loader.yaml'), 'global:\n')
    await mkdir(join(folder(), 'a/b'), { recursive: true })
    const settings = await loadSettings({ cwd: join(folder(), 'a/b'), env: {} })
    expect(settings).toMatchObject({ file: join(folder(), 'qdrant-loader.yaml'), directory: folder() })
  })

  test('--config wins over QDRANT_LOADER_CONFIG, which wins over the search', async () => {
    await writeFile(join(folder(), 'qdrant-loader.yaml'), 'global: { chunking: { chunk_size: 100 } }')
    await writeFile(join(folder(), 'one.yaml'), 'global: { chunking: { chunk_size: 101 } }')
    await writeFile(join(folder(), 'two.yaml'), 'global: { chunking: { chunk_size: 102 } }')
    const size = async (options: Partial<LoadSettingsOptions>) =>
      (await loadSettings({ cwd: folder(), env: {}, ...options })).global.chunking.chunk_size
    expect(await size({})).toBe(100)
    expect(await size({ env: { QDRANT_LOADER_CONFIG: 'one.yaml' } })).toBe(101)
    expect(await size({ env: { QDRANT_LOADER_CONFIG: 'one.yaml' }, path: 'two.yaml' })).toBe(102)
  })

  test('a file that is nowhere, or not where it was named, is one error with what to do', async () => {
    const error = await loadSettings({ cwd: folder(), env: {} }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'config_not_found', kind: 'config', hint: expect.stringContaining('qdrant-loader init') as string })
    const named = await loadSettings({ cwd: folder(), env: {}, path: 'no.yaml' }).catch((reason: unknown) => reason)
    expect(named).toMatchObject({ code: 'config_not_found', message: 'no.yaml: this file does not exist' })
  })

  test('a folder, a file that is too large and one that is not UTF-8 are refused', async () => {
    await mkdir(join(folder(), 'd'))
    await writeFile(join(folder(), 'large.yaml'), '#'.repeat(1024 * 1024 + 1))
    await writeFile(join(folder(), 'latin.yaml'), Buffer.from([0x23, 0xe9, 0x0a]))
    for (const [path, message] of [
      ['d', 'this is a folder'],
      ['large.yaml', 'the file is larger than 1 MB'],
      ['latin.yaml', 'the file is not UTF-8 text'],
    ] as const) {
      const error = await loadSettings({ cwd: folder(), env: {}, path }).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'config_unreadable', message: `${path}: ${message}` })
    }
  })

  test('a link to a file is followed', async () => {
    await writeFile(join(folder(), 'real.yaml'), 'global:\n')
    await symlink(join(folder(), 'real.yaml'), join(folder(), 'link.yaml'))
    await expect(loadSettings({ cwd: folder(), env: {}, path: 'link.yaml' })).resolves.toBeDefined()
  })
})

describe('validation', () => {
  test('every problem is listed with its place, the nearest key and the range', async () => {
    const yaml = [
      'global:',
      '  chunkin:',
      '    chunk_size: 8',
      '  chunking:',
      '    chunk_size: 8',
      '    chunkoverlap: 1',
      '  logging:',
      '    level: inof',
      '  change_detection:',
      '    interval: 30',
      '    timeout: 0s',
      '    max_delete_ratio: 2',
      '  embedding: local',
      'sources:',
      '  git:',
      '    docs:',
      '      base_ur: x',
      '      depth: 11',
      '      change_detection: { intervall: 1s }',
    ].join('\n')
    expect((await complaints(yaml)).sort()).toEqual(
      [
        'qdrant-loader.yaml:13:14: global.embedding: must be a section with keys of its own (it is the text "local")',
        'qdrant-loader.yaml:5:17: global.chunking.chunk_size: must be between 16 and 8192 (it is 8)',
        'qdrant-loader.yaml:6:5: global.chunking.chunkoverlap: unknown key; did you mean chunk_overlap?',
        'qdrant-loader.yaml:8:12: global.logging.level: must be one of debug, info, warn, error (it is the text "inof"); did you mean info?',
        'qdrant-loader.yaml:10:15: global.change_detection.interval: must be a duration with a unit, such as 30s, 5m or 24h (it is 30)',
        'qdrant-loader.yaml:11:14: global.change_detection.timeout: must be between 1s and 365d',
        'qdrant-loader.yaml:12:23: global.change_detection.max_delete_ratio: must be between 0 and 1 (it is 2)',
        'qdrant-loader.yaml:2:3: global.chunkin: unknown key; did you mean chunking?',
        'qdrant-loader.yaml:16:5: sources.git.docs.base_url: is missing; it must be a text',
        'qdrant-loader.yaml:17:7: sources.git.docs.base_ur: unknown key; did you mean base_url?',
        'qdrant-loader.yaml:18:14: sources.git.docs.depth: must be between 0 and 10 (it is 11)',
        'qdrant-loader.yaml:19:27: sources.git.docs.change_detection.intervall: unknown key; did you mean interval?',
      ].sort(),
    )
  })

  test('a bad entry of a list is named by its index, and a list of the wrong type by what is wanted', async () => {
    const source = (value: string) => `sources: { git: { docs: { base_url: x, include_paths: ${value} } } }`
    expect((await complaints(source('[a, 3]')))[0]).toContain('include_paths.1: must be a text (it is 3); put it in quotes')
    expect((await complaints(source('7')))[0]).toContain('include_paths: must be a text or a list (it is 7)')
  })

  test('keys that do not work yet are unknown', async () => {
    const [first] = await complaints('global: { resources: { memory: { max_percentage: 80 } } }')
    expect(first).toContain('global.resources: unknown key')
  })

  test('names and types that are not safe are refused', async () => {
    for (const yaml of [
      'projects: { "../x": {} }',
      'sources: { git: { "a/b": { base_url: x } } }',
      'sources: { git: { "": { base_url: x } } }',
      'sources: { Git: {} }',
      'sources: { git: { docs: { base_url: x, package: ../evil } } }',
    ]) {
      expect(await failure(yaml)).toMatchObject({ code: 'config_invalid_value' })
    }
    const settings = await load('sources: { git: { A-1.b_2: { base_url: x }, 2024: { base_url: y } } }')
    expect(settings.sources.map(({ source }) => source).sort()).toEqual(['2024', 'A-1.b_2'])
  })

  test('a secret is never repeated, be it written or from a variable', async () => {
    const yaml = 'global: { embedding: { provider: openai, api_key: [hunter2] } }\nsources: { git: { docs: { base_url: x, token: { a: hunter3 } } } }'
    const error = await failure(yaml)
    expect(error.message).not.toMatch(/hunter/)
    const viaVariable = await failure('global: { logging: { level: "${SECRET}" } }', { env: { SECRET: 'hunter4' } })
    expect(viaVariable.message).toContain('must be one of debug, info, warn, error')
    expect(viaVariable.message).not.toMatch(/hunter/)
  })

  test('what a connector says about a secret is redacted', async () => {
    const chatty = connectorOf(
      'git',
      z.strictObject({
        token: z
          .string()
          .meta({ writeOnly: true })
          .superRefine((value, context) => context.addIssue({ code: 'custom', message: `bad token ${value}` })),
      }),
    )
    const [first] = await complaints('sources: { git: { docs: { token: hunter5 } } }', { resolveConnector: () => Promise.resolve(chatty) })
    expect(first).toContain('bad token ***')
  })
})

describe('projects and sources', () => {
  test('top-level sources are the project default, beside others', async () => {
    const settings = await load(
      'projects: { a: { display_name: Team A, description: x, sources: { git: { docs: { base_url: p } } } } }\nsources: { git: { docs: { base_url: q } } }',
    )
    expect(settings.projects.map(({ id, displayName, description }) => ({ id, displayName, description }))).toEqual([
      { id: 'a', displayName: 'Team A', description: 'x' },
      { id: 'default', displayName: 'default', description: undefined },
    ])
    expect(settings.sources.map(({ project, sourceType, source, config }) => ({ project, sourceType, source, config }))).toEqual([
      { project: 'a', sourceType: 'git', source: 'docs', config: { base_url: 'p', depth: 3 } },
      { project: 'default', sourceType: 'git', source: 'docs', config: { base_url: 'q', depth: 3 } },
    ])
  })

  test('top-level sources and projects.default together are an error', async () => {
    expect(await complaints('projects: { default: {} }\nsources: { git: { docs: { base_url: q } } }\n')).toEqual([
      'qdrant-loader.yaml:2:1: sources: cannot be used together with projects.default, which is the same project; move its sources there',
    ])
  })

  test('publicdocs is another name of public-docs, and cannot name a source twice', async () => {
    const settings = await load('sources: { publicdocs: { manual: { base_url: x } } }')
    expect(settings.sources[0]).toMatchObject({ sourceType: 'public-docs', path: ['sources', 'publicdocs', 'manual'] })
    expect(await failure('sources: { publicdocs: { m: { base_url: x } }, public-docs: { m: { base_url: x } } }')).toMatchObject({
      code: 'config_duplicate_source',
    })
  })

  test('change detection of a source overrides that of all, key by key', async () => {
    const settings = await load(
      'global: { change_detection: { interval: 1m, timeout: 2m } }\nsources: { git: { docs: { base_url: x, change_detection: { timeout: 3m, max_delete_ratio: 1 } } } }',
    )
    expect(settings.sources[0]?.changeDetection).toEqual({
      interval: 60_000,
      timeout: 180_000,
      max_delete_ratio: 1,
      max_delete_count: 25,
      full_listing_interval: 86_400_000,
    })
  })

  test('a connector is asked for by type and package, once each, and never sees the keys of the host', async () => {
    const requests: unknown[] = []
    const settings = await load(
      'sources: { git: { a: { base_url: x }, b: { base_url: y }, c: { base_url: z, package: "@me/git", change_detection: { interval: 1s } } } }',
      { resolveConnector: (request) => (requests.push(request), Promise.resolve(git)) },
    )
    expect(requests).toEqual([
      { type: 'git', package: undefined, configDirectory: folder() },
      { type: 'git', package: '@me/git', configDirectory: folder() },
    ])
    expect(settings.sources[2]).toMatchObject({ package: '@me/git', input: { base_url: 'z' } })
  })

  test('a connector that is missing is its own error when nothing else is wrong, else one of the problems', async () => {
    const missing = new LoaderError({ code: 'connector_missing', kind: 'config', message: 'no connector for git', hint: 'Run npm i x.' })
    const resolveConnector = () => Promise.reject(missing)
    const alone = await load('sources: { git: { docs: { base_url: x } } }', { resolveConnector }).catch((reason: unknown) => reason)
    expect(alone).toBe(missing)
    const error = await failure('global: { nope: 1 }\nsources: { git: { docs: {} } }', { resolveConnector })
    expect(isLoaderError(error) && error.hint).toContain('Run npm i x.')
    expect(error.problems.map(({ code }) => code).sort()).toEqual(['config_connector_unavailable', 'config_unknown_key'])
  })
})
