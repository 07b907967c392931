import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigError } from './config-error.ts'
import { loadSettings } from './load-settings.ts'
import type { LoadSettingsOptions } from './load-settings.ts'
import { originOf } from './settings.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qdrant-loader-precedence-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function load(yaml: string, options: Partial<LoadSettingsOptions> = {}) {
  await writeFile(join(folder, 'qdrant-loader.yaml'), yaml)
  return loadSettings({ cwd: folder, env: {}, ...options })
}

async function complaints(yaml: string, options: Partial<LoadSettingsOptions> = {}): Promise<string[]> {
  const error = await load(yaml, options).catch((reason: unknown) => reason)
  return error instanceof ConfigError ? error.problems.map(({ where, message }) => `${where}: ${message}`) : []
}

test('flag over environment over .env over file over default, and each value knows where it came from', async () => {
  const yaml = 'global:\n  logging: { level: warn }\n  ingestion: { batch: { size: 7 } }\n'
  const level = ['global', 'logging', 'level']
  const none = await load('global: {}\n')
  expect([none.global.logging.level, originOf(none, level)]).toEqual(['info', 'default'])
  const file = await load(yaml)
  expect([file.global.logging.level, originOf(file, level)]).toEqual(['warn', 'line 2 of the file'])
  await writeFile(join(folder, '.env'), 'QDRANT_LOADER_LOG_LEVEL=error\n')
  const dotEnv = await load(yaml)
  expect([dotEnv.global.logging.level, originOf(dotEnv, level)]).toEqual(['error', 'QDRANT_LOADER_LOG_LEVEL'])
  const environment = await load(yaml, { env: { QDRANT_LOADER_LOG_LEVEL: 'info' } })
  expect(environment.global.logging.level).toBe('info')
  const flag = await load(yaml, { env: { QDRANT_LOADER_LOG_LEVEL: 'info' }, flags: { 'log-level': 'debug' } })
  expect([flag.global.logging.level, originOf(flag, level)]).toEqual(['debug', '--log-level'])
})

test('each flag sets its key', async () => {
  const settings = await load('global: {}\n', { flags: { 'batch-size': 3, workers: 2, retries: 0, 'log-level': 'error' } })
  expect(settings.global.ingestion.batch).toMatchObject({ size: 3 })
  expect(settings.global.retry.attempts).toBe(0)
  expect(settings.global.ingestion.parallel.max_workers).toBe(2)
  expect(settings.global.logging.level).toBe('error')
})

test('the older names of keys set the ones of today, and flags win over them', async () => {
  const older = 'global: { ingestion: { batch: { retry_attempts: 7, retry_delay: 2s } } }\n'
  const settings = await load(older)
  expect(settings.global.retry).toMatchObject({ attempts: 7, delay: 2_000, max_delay: 60_000 })
  expect(originOf(settings, ['global', 'retry', 'attempts'])).toBe('line 1 of the file')
  expect((await load(older, { flags: { retries: 1 } })).global.retry.attempts).toBe(1)
})

test('an older name beside the one of today, or with a bad value, is a problem at its own place', async () => {
  expect(await complaints('global:\n  retry: { attempts: 1 }\n  ingestion: { batch: { retry_attempts: 2 } }\n')).toEqual([
    expect.stringMatching(/yaml:3:41: global\.ingestion\.batch\.retry_attempts: is the older name of global\.retry\.attempts, .*remove one/),
  ])
  expect(await complaints('global:\n  ingestion: { batch: { retry_delay: soon } }\n')).toEqual([expect.stringMatching(/yaml:2:38: global\.retry\.delay: /)])
})

test('a bad value is blamed on the flag or the variable that brought it', async () => {
  expect(await complaints('global: {}\n', { flags: { workers: 0 }, env: { QDRANT_URL: 'nonsense' } })).toEqual([
    'environment variable QDRANT_URL: global.qdrant.url: must be an http or https URL without user name and password, such as http://localhost:6333',
    '--workers: global.ingestion.parallel.max_workers: must be between 1 and 256 (it is 0)',
  ])
})

test('the variables of Qdrant set their keys, and do not switch away from a store that the file names', async () => {
  const env = { QDRANT_URL: 'https://q.example:6333/prefix', QDRANT_API_KEY: 'k', QDRANT_COLLECTION_NAME: 'c' }
  const expected = { url: env.QDRANT_URL, api_key: 'k', collection_name: 'c', timeout: 30_000 }
  expect((await load('global: {}\n', { env })).global.qdrant).toEqual(expected)
  expect((await load('global: { qdrant: { url: http://x, collection_name: y } }\n', { env })).global.qdrant).toEqual(expected)
  const embedded = await load('global: { embedded: { path: ./store.db } }\n', { env })
  expect(embedded.global.qdrant).toBeUndefined()
  const alone = await load('global: {}\n', { env: { QDRANT_API_KEY: 'k', QDRANT_COLLECTION_NAME: 'c' } })
  expect(alone.global.qdrant).toBeUndefined()
})

test('STATE_DB_PATH takes the place of the path and of the URL', async () => {
  const env = { STATE_DB_PATH: '/var/lib/state.db' }
  for (const key of ['database_path: x.db', 'database_url: sqlite:///x.db', 'table_prefix: x_']) {
    const { state_management: state } = (await load(`global: { state_management: { ${key} } }`, { env })).global
    expect(state).toMatchObject({ database_path: '/var/lib/state.db' })
    expect(state).not.toHaveProperty('database_url')
  }
})

test('OPENAI_API_KEY is for the provider openai only', async () => {
  const env = { OPENAI_API_KEY: 'sk-1' }
  expect((await load('global: { embedding: { provider: openai } }', { env })).global.embedding.api_key).toBe('sk-1')
  expect((await load('global: { embedding: { provider: openai, api_key: a } }', { env })).global.embedding.api_key).toBe('sk-1')
  expect((await load('global: { embedding: { provider: hash } }', { env })).global.embedding.api_key).toBeUndefined()
})

test('an empty variable counts as unset', async () => {
  expect((await load('global: {}\n', { env: { QDRANT_URL: '', STATE_DB_PATH: '' } })).global).toMatchObject({ state_management: {} })
})
