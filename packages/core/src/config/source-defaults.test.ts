import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConnector } from '@qdrant-loader/connector-sdk'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ConfigError } from './config-error.ts'
import { configJsonSchema } from './json-schema.ts'
import { loadSettings } from './load-settings.ts'
import { namedKeys, schemasAt } from './schema-nodes.ts'
import type { Settings } from './settings.ts'
import { showSettings } from './show-settings.ts'

let directory: string
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'source-defaults-'))))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const FilesConfig = z.strictObject({
  url: z.string(),
  types: z.union([z.string(), z.array(z.string())]).optional(),
  depth: z.int().min(1).default(9),
  headers: z.record(z.string(), z.string()).optional(),
  token: z.string().meta({ writeOnly: true }).optional(),
})

const files = (type: string): ConnectorPlugin =>
  defineConnector({
    apiVersion: 1,
    type,
    configSchema: FilesConfig,
    cursorSchema: z.unknown(),
    capabilities: { identity: 'location', judges: false, reportsDeletions: true },
    fingerprints: () => ({ selection: null, extraction: null }),
    open: () => Promise.reject(new Error('not opened by these tests')),
  }) as ConnectorPlugin

function load(text: string, env: Readonly<Record<string, string>> = {}): Promise<Settings> {
  writeFileSync(join(directory, 'qdrant-loader.yaml'), text)
  return loadSettings({ cwd: directory, env, resolveConnector: async ({ type }) => files(type) })
}

async function configs(text: string, env?: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  const { sources } = await load(text, env)
  return Object.fromEntries(sources.map(({ project, source, config }) => [`${project}/${source}`, config]))
}

async function problems(text: string, env?: Readonly<Record<string, string>>): Promise<string[]> {
  const error = await load(text, env).then(
    () => new Error('it was accepted'),
    (thrown: unknown) => thrown,
  )
  return (error as ConfigError).problems.map(({ where, message }) => `${where} ${message}`)
}

describe('G8: defaults for a type of source', () => {
  it('hold for each source of the type, in every project, and for no other', async () => {
    expect(
      await configs(`defaults: { files: { types: ["*.md"], depth: 3 } }
projects: { a: { sources: { files: { one: { url: u1 } } } } }
sources: { files: { two: { url: u2, depth: 5 } }, others: { three: { url: u3 } } }
`),
    ).toEqual({
      'a/one': { url: 'u1', types: ['*.md'], depth: 3 },
      'default/two': { url: 'u2', types: ['*.md'], depth: 5 },
      'default/three': { url: 'u3', depth: 9 },
    })
  })

  it('what a source says wins: lists as a whole, sections key by key, nothing for a key without a value', async () => {
    const settings = await load(`defaults:
  files:
    url: common
    types: ["*.md", "*.txt"]
    headers: { a: "1", b: "1" }
    change_detection: { interval: 1m, max_delete_count: 7 }
sources:
  files:
    list: { types: ["*.rst"] }
    section: { headers: { b: "2" }, change_detection: { interval: 2m } }
    nothing: { types: , headers: }
    empty:
`)
    expect(settings.sources.map(({ source, config }) => [source, config])).toEqual([
      ['list', { url: 'common', types: ['*.rst'], headers: { a: '1', b: '1' }, depth: 9 }],
      ['section', { url: 'common', types: ['*.md', '*.txt'], headers: { a: '1', b: '2' }, depth: 9 }],
      ['nothing', { url: 'common', headers: {}, depth: 9 }],
      ['empty', { url: 'common', types: ['*.md', '*.txt'], headers: { a: '1', b: '1' }, depth: 9 }],
    ])
    const times = settings.sources.map(({ changeDetection: { interval, max_delete_count: count } }) => [interval, count])
    expect(times).toEqual([[60_000, 7], [120_000, 7], [60_000, 7], [60_000, 7]])
  })

  it('no source changes what another one gets', async () => {
    const settings = await load('defaults: { files: { url: u, headers: { a: "1" } } }\nsources: { files: { one: , two: } }\n')
    const [one, two] = settings.sources.map(({ input }) => input['headers'])
    expect(one).toEqual(two)
    expect(one).not.toBe(two)
  })

  it('both names of a type mean the same', async () => {
    expect(await configs('defaults: { publicdocs: { depth: 2 } }\nsources: { public-docs: { site: { url: u } } }\n')).toEqual({ 'default/site': { url: 'u', depth: 2 } })
    expect(await problems('defaults: { publicdocs: , public-docs: }\nsources: { public-docs: { site: { url: u } } }\n')).toEqual([
      'qdrant-loader.yaml:1:27 defaults.public-docs: is the same type as publicdocs; put its keys there',
    ])
  })

  it('config show prints what is in force, without secrets', async () => {
    const shown = showSettings(await load('defaults: { files: { token: abcdef-123456, depth: 2 } }\nsources: { files: { one: { url: u } } }\n'))
    expect(shown['projects']).toMatchObject({ default: { sources: { files: { one: { url: 'u', depth: 2, token: '***' } } } } })
    expect(JSON.stringify(shown)).not.toContain('abcdef')
  })

  it('an error is said once, of the place where it is written', async () => {
    const text = 'defaults:\n  files:\n    url: u\n    dept: 3\n    depth: deep\nsources:\n  files: { one: , two: , three: { depth: 0 } }\n'
    expect((await problems(text)).toSorted()).toEqual([
      expect.stringContaining('qdrant-loader.yaml:4:5 defaults.files.dept: unknown key; did you mean depth?') as string,
      expect.stringContaining('qdrant-loader.yaml:5:12 defaults.files.depth: must be a whole number') as string,
      expect.stringContaining('qdrant-loader.yaml:7:42 sources.files.three.depth: must be') as string,
    ])
  })

  it('a type without a source is an error with a suggestion', async () => {
    expect(await problems('defaults: { flies: { depth: 2 } }\nsources: { files: { one: { url: u } } }\n')).toEqual([
      'qdrant-loader.yaml:1:13 defaults.flies: there is no source of this type; did you mean files?',
    ])
  })

  it('references are replaced, fitted, and missed in the place where they are', async () => {
    const text = 'defaults: { files: { url: "${URL}", depth: "${DEPTH:-4}" } }\nsources: { files: { one: } }\n'
    expect(await configs(text, { URL: 'u' })).toEqual({ 'default/one': { url: 'u', depth: 4 } })
    expect(await problems(text)).toEqual(['qdrant-loader.yaml:1:27 defaults.files.url: the environment variable URL is not set'])
  })

  it('the schema for editors knows them, and misses no key that a default may give', () => {
    const schema = configJsonSchema([files('files')])
    expect(namedKeys(schemasAt(schema, ['defaults', 'files']))).toContain('depth')
    expect(schema['if']).toEqual({ not: { required: ['defaults'] } })
    expect(JSON.stringify(schema['then'])).toContain('"required":["url"]')
    expect(JSON.stringify(schemasAt(schema, ['sources', 'files', 'x'])[0])).not.toContain('"required"')
  })
})

describe('G8: anchors, merge keys and keys of the user’s own', () => {
  it('an anchor in an x- key serves as an alias anywhere', async () => {
    expect(await configs('x-types: &types ["*.md"]\nsources: { files: { one: { url: u, types: *types }, two: { url: v, types: *types } } }\n')).toEqual({
      'default/one': { url: 'u', types: ['*.md'], depth: 9 },
      'default/two': { url: 'v', types: ['*.md'], depth: 9 },
    })
  })

  it('a merge key brings the keys of one map or of several; own keys and earlier maps win, whatever the order', async () => {
    expect(
      await configs(`x-one: &one { depth: 1, types: "*.a" }
x-two: &two { <<: *one, depth: 2, token: t }
sources:
  files:
    single: { url: u, <<: *one }
    own: { <<: *two, url: u, depth: 5 }
    several: { <<: [*one, *two], url: u }
`),
    ).toEqual({
      'default/single': { url: 'u', depth: 1, types: '*.a' },
      'default/own': { url: 'u', depth: 5, types: '*.a', token: 't' },
      'default/several': { url: 'u', depth: 1, types: '*.a', token: 't' },
    })
  })

  it('an error in what was merged is said of the anchor’s place', async () => {
    expect(await problems('x-one: &one\n  dept: 1\nsources:\n  files:\n    one: { url: u, <<: *one }\n')).toEqual([
      'qdrant-loader.yaml:2:3 sources.files.one.dept: unknown key; did you mean depth?',
    ])
  })

  it.each(['5', '[1]', '', '*nothing', '&loop { <<: *loop }'])('a merge key with %j is an error, and ends', async (value) => {
    const [first] = await problems(`sources:\n  files:\n    one: { url: u, <<: ${value} }\n`)
    expect(first).toMatch(/^qdrant-loader\.yaml:3:\d+ (?:after <<|a value that begins with \*)/)
  })

  it('a quoted << is a key like others', async () => {
    expect((await problems('sources: { files: { one: { url: u, "<<": { depth: 1 } } } }\n'))[0]).toContain('one.<<: unknown key')
  })

  it('x- keys stand beside every key that is ours, and are names where the user names things', async () => {
    const settings = await load(`x-a: 1
global: { x-b: 1, chunking: { x-c: 1, chunk_size: 64 } }
defaults: { files: { x-d: 1, depth: 2 } }
projects: { x-team: { x-e: 1, sources: { files: { x-docs: { x-f: 1, url: u, headers: { x-api-key: k } } } } } }
`)
    expect(settings.sources.map(({ project, source, config }) => [project, source, config])).toEqual([
      ['x-team', 'x-docs', { url: 'u', depth: 2, headers: { 'x-api-key': 'k' } }],
    ])
    expect(settings.global.chunking.chunk_size).toBe(64)
  })

  it('a variable that only an unused x- key refers to is not missed; one that is used is', async () => {
    expect(await configs('x-a: &a { token: "${NOT_SET}" }\nsources: { files: { one: { url: u } } }\n')).toEqual({ 'default/one': { url: 'u', depth: 9 } })
    expect(await problems('x-a: &a { token: "${NOT_SET}" }\nsources: { files: { one: { url: u, <<: *a } } }\n')).toEqual([
      'qdrant-loader.yaml:1:18 sources.files.one.token: the environment variable NOT_SET is not set',
    ])
  })
})
