import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { settingsFolder } from '../../test/config/settings-folder.ts'
import { loadSettings } from './load-settings.ts'

const { load, failure, complaints, path: folder } = settingsFolder()

describe('YAML', () => {
  test('what cannot be parsed is named with line and column', async () => {
    const [first] = await complaints('global:\n  chunking: [1\n')
    expect(first).toMatch(/^qdrant-loader\.yaml:\d+:\d+: this is not valid YAML: /)
  })

  test('an alias means what its anchor meant before it, also where it is met again through another one', async () => {
    const yaml = 'global:\n  logging: { file: &a one }\nsources:\n  git:\n    x: &b { base_url: *a }\n    y: { base_url: &a two }\n    z: *b\n    w: { base_url: *a }\n'
    expect((await load(yaml)).sources.map(({ config }) => (config as { base_url: string }).base_url)).toEqual(['one', 'two', 'one', 'two'])
  })

  test.runIf(process.platform === 'linux')('U16: a device that goes on for ever is a file that is too large', async () => {
    await expect(loadSettings({ cwd: '/', env: {}, path: '/dev/zero' })).rejects.toMatchObject({ code: 'config_unreadable', message: expect.stringContaining('larger than 1 MB') })
  })

  test('H7: a file of 60,000 keys, or of 8,000 aliases, is refused or read within seconds', async () => {
    const started = performance.now()
    const keys = Array.from({ length: 60_000 }, (_, at) => `  k${at}: v\n`).join('')
    expect((await complaints(`global:\n${keys}`)).at(-1)).toContain('too many or too deeply nested values')
    const aliases = Array.from({ length: 8_000 }, () => '  - *a\n').join('')
    expect((await complaints(`global:\n  logging: { file: &a one }\nsources:\n${aliases}`))[0]).toContain('sources')
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('a key twice, a second document and an unknown tag are errors', async () => {
    expect(await complaints('global:\n  chunking: {}\n  chunking: {}\n')).toEqual([
      'qdrant-loader.yaml:3:3: this is not valid YAML: Map keys must be unique',
    ])
    expect((await complaints('global: {}\n---\nglobal: {}\n'))[0]).toMatch(/one YAML document only$/)
    expect((await complaints('global: !!js/function x\n'))[0]).toContain('Unresolved tag')
    expect((await complaints('sources: { git: { 1: {}, "1": {} } }\n'))[0]).toContain('Map keys must be unique')
  })

  test('an error in YAML is told once, and repeats nothing that may be a secret', async () => {
    for (const yaml of ['global: { a: ${HUNTER} }\nb: hunter2\n', 'a: "\\hunter"\n', 'a: *hunter\n', 'a: !hunter x\n', 'a: @hunter\n', 'a: "b" hunter\n']) {
      const error = await failure(yaml)
      expect(error.problems).toHaveLength(1)
      expect(error.message).not.toMatch(/hunter/i)
      expect(error).toMatchObject({ code: 'config_yaml_invalid' })
    }
  })

  test('an empty file and one that is no map are errors of their own', async () => {
    expect(await failure('# nothing\n')).toMatchObject({ code: 'config_empty' })
    expect((await complaints('- a\n'))[0]).toContain('the file must hold a map')
  })

  test('aliases that multiply, or that hold themselves, are stopped', async () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
    for (let index = 1; index < 9; index += 1) {
      const before = String.fromCharCode(96 + index)
      const name = String.fromCharCode(97 + index)
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`)
    }
    expect(await failure(bomb.join('\n'))).toMatchObject({ code: 'config_too_large' })
    expect(await failure('global: &a { x: *a }\n')).toMatchObject({ code: 'config_too_large' })
  })

  test('an alias stands for what it names', async () => {
    const settings = await load('sources: { git: { one: &one { base_url: ./x }, two: *one } }')
    expect(settings.sources.map(({ config }) => config)).toEqual([
      { base_url: './x', depth: 3 },
      { base_url: './x', depth: 3 },
    ])
  })

  test('__proto__ is no key', async () => {
    expect(await complaints('global:\n  __proto__: { logging: {} }\n')).toEqual([
      'qdrant-loader.yaml:2:3: __proto__ cannot be used as a key',
    ])
  })

  test('a section or key without a value is as absent', async () => {
    const settings = await load('global:\n  chunking:\n  embedded:\n  logging:\n    level:\nsources:\n')
    expect(settings.global.chunking.chunk_size).toBe(512)
    expect(settings.global.embedded).toEqual({})
    expect(settings.global.logging.level).toBe('info')
  })
})

describe('variables', () => {
  test('are replaced from the environment, which wins over .env; process.env stays as it is', async () => {
    await writeFile(join(folder(), '.env'), 'LOADER_TEST_A=from-file\nLOADER_TEST_B=also-file\n')
    const yaml = 'sources: { git: { docs: { base_url: "${LOADER_TEST_A}/${LOADER_TEST_B}/${LOADER_TEST_C:-fallback}" } } }'
    const settings = await load(yaml, { env: { LOADER_TEST_A: 'from-env', LOADER_TEST_C: '' } })
    expect(settings.sources[0]?.config).toMatchObject({ base_url: 'from-env/also-file/fallback' })
    expect(process.env['LOADER_TEST_B']).toBeUndefined()
  })

  test('a missing one is an error with file, line and column; all of them are named', async () => {
    const error = await failure('sources:\n  git:\n    docs:\n      base_url: ${NO_URL}\n      token: "x${NO_TOKEN}"\n')
    expect(error.code).toBe('config_variable_missing')
    expect(error.message).toBe(
      'The configuration has 2 problems:\n' +
        'qdrant-loader.yaml:4:17: sources.git.docs.base_url: the environment variable NO_URL is not set\n' +
        'qdrant-loader.yaml:5:14: sources.git.docs.token: the environment variable NO_TOKEN is not set',
    )
    expect(error.hint).toContain('.env')
  })

  test('a value cannot bring YAML with it', async () => {
    const settings = await load('sources: { git: { docs: { base_url: "${EVIL}" } } }', { env: { EVIL: 'x\nbranch: "y" #' } })
    expect(settings.sources[0]?.config).toEqual({ base_url: 'x\nbranch: "y" #', depth: 3 })
  })

  test('a text that is one reference becomes a number or boolean where one is wanted, and stays text elsewhere', async () => {
    const yaml = [
      'global:',
      '  chunking: { chunk_size: "${SIZE}" }',
      '  monitoring: { metrics: { enabled: "${ON}" } }',
      'sources: { git: { docs: { base_url: "${SIZE}", depth: "${DEPTH:-7}" } } }',
    ].join('\n')
    const settings = await load(yaml, { env: { SIZE: '64', ON: 'false' } })
    expect(settings.global.chunking.chunk_size).toBe(64)
    expect(settings.global.monitoring.metrics.enabled).toBe(false)
    expect(settings.sources[0]?.config).toEqual({ base_url: '64', depth: 7 })
    expect(await complaints(yaml, { env: { SIZE: 'many', ON: 'true' } })).toEqual([
      'qdrant-loader.yaml:2:27: global.chunking.chunk_size: must be a whole number',
    ])
  })

  test('a reference with an empty default leaves the key out', async () => {
    const settings = await load('global:\n  qdrant:\n    url: http://localhost:6333\n    api_key: ${NO_KEY:-}\n')
    expect(settings.global.qdrant).not.toHaveProperty('api_key')
  })

  test('a line of .env that is no assignment is named, without its text', async () => {
    await writeFile(join(folder(), '.env'), 'A=1\nhunter2 is my password\n')
    expect(await complaints('global: {}\n')).toEqual(['.env:2:1: this line is no assignment of the form NAME=value'])
  })
})
