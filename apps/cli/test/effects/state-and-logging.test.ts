import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { StateManager } from '@qdrant-loader/core/state'
import { beforeEach, expect, test, vi } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'
import { installProbe } from './probe.ts'

let world: EffectsWorld
beforeEach(() => {
  world = createEffectsWorld()
})

function configure(global: string, sources = '{ git: { docs: { base_url: ./repository } } }'): void {
  world.configure(`global:
  embedding: { provider: hash, dimensions: 16 }
  ${global}
sources: ${sources}
`)
}

// In a process of its own: two copies of SQLite in one process do not see each other's locks.
const QUERY = `const { DatabaseSync } = require('node:sqlite')
process.stdout.write(JSON.stringify(new DatabaseSync(process.argv[1], { readOnly: true }).prepare(process.argv[2]).all()))`
const LOCK = `const { DatabaseSync } = require('node:sqlite')
new DatabaseSync(process.argv[1]).exec('BEGIN IMMEDIATE')
process.stdout.write('locked')
setInterval(() => {}, 1000)`

function query<Row>(file: string, sql: string): Row[] {
  return JSON.parse(execFileSync(process.execPath, ['-e', QUERY, path.join(world.folder, file), sql], { encoding: 'utf8' })) as Row[]
}

test('state_management.database_path, database_url and STATE_DB_PATH say where the state is, the last one first', async () => {
  const exists = (file: string) => existsSync(path.join(world.folder, file))
  configure('state_management: { database_path: ./a/one.db }')
  await world.run(['sync'])
  expect(exists('a/one.db')).toBe(true)
  configure('state_management: { database_url: "sqlite:///b/two.db" }')
  await world.run(['sync'])
  expect(exists('b/two.db')).toBe(true)
  for (const [index, written] of ['database_path: ./d/four.db', 'database_url: "sqlite:///d/four.db"'].entries()) {
    configure(`state_management: { ${written} }`)
    await world.run(['sync'], { env: { STATE_DB_PATH: `./c/three${index}.db` } })
    expect([exists(`c/three${index}.db`), exists('d/four.db')]).toEqual([true, false])
  }
  configure('logging: {}')
  await world.run(['sync'], { env: { XDG_STATE_HOME: path.join(world.folder, 'xdg') } })
  if (process.platform === 'linux') expect(exists('xdg')).toBe(true)
})

test('a state that cannot be kept where it is configured is told by config validate and doctor', async () => {
  configure('state_management: { database_path: ./qdrant-loader.yaml/state.db }')
  expect(await world.json(['config', 'validate'])).toMatchObject({ code: 2, error: { code: 'config_path_unwritable' } })
  const checks = (await world.json(['doctor'])).checks as { check: string; error: { code: string } | null }[]
  expect(checks.find(({ check }) => check === 'state')?.error?.code).toBe('config_path_unwritable')
})

test('state_management.table_prefix begins the name of every table', async () => {
  configure('state_management: { database_path: ./state.db, table_prefix: team_7_ }')
  await world.run(['sync'])
  const tables = query<{ name: string }>('state.db', "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
  expect(tables.length).toBeGreaterThan(9)
  expect(tables.map(({ name }) => name).filter((name) => !name.startsWith('team_7_'))).toEqual([])
  expect(await world.json(['status'])).toMatchObject({ sources: [{ documents: 2 }] })
  configure('state_management: { database_path: ./state.db }')
  expect(await world.json(['status'])).not.toMatchObject({ sources: [{ documents: 2 }] })
})

test('state_management.connection_pool.timeout is how long a statement waits for another process', async () => {
  configure('state_management: { database_path: ./state.db, connection_pool: { timeout: 150ms } }\n  ingestion: { batch: { retry_attempts: 0 } }')
  await world.run(['sync'])
  const other = spawn(process.execPath, ['-e', LOCK, path.join(world.folder, 'state.db')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(other, 'exit')
  try {
    await once(other.stdout, 'data')
    const started = performance.now()
    const report = await world.json(['sync'])
    // The default is 30 s.
    expect([report.code, JSON.stringify(report), performance.now() - started < 15_000]).toEqual([4, expect.stringContaining('state_locked'), true])
  } finally {
    other.kill('SIGKILL')
    await ended
  }
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
})

test('state_management.connection_pool.size is how many readers the state may open', async () => {
  const opened = vi.spyOn(StateManager, 'open')
  for (const size of [1, 9]) {
    configure(`state_management: { database_path: ./state.db, connection_pool: { size: ${size}, timeout: 2s } }`)
    await world.run(['sync'])
    // What the state does with it is shown by the tests of the pool of readers in packages/core/src/state/transactions.test.ts.
    expect(opened.mock.lastCall?.[0].pool).toEqual({ size, timeoutMs: 2_000 })
  }
  opened.mockRestore()
})

test('logging.file, logging.format and logging.level decide what is logged where', async () => {
  const lines = (file: string) => readFileSync(path.join(world.folder, file), 'utf8').trimEnd().split('\n')
  configure('logging: { file: ./logs/a.log, format: json, level: debug }')
  const quiet = await world.run(['sync'])
  const records = lines('logs/a.log').map((line) => JSON.parse(line) as { level: string })
  expect(new Set(records.map(({ level }) => level))).toEqual(new Set(['debug', 'info']))
  expect(quiet.stderr).not.toContain('run started')

  configure('logging: { file: ./logs/b.log }')
  await world.run(['sync', '--full'])
  expect(lines('logs/b.log').every((line) => !line.startsWith('{'))).toBe(true)
  expect(lines('logs/b.log').join()).toMatch(/run started/)
  expect(lines('logs/b.log').join()).not.toMatch(/debug/i)

  configure('logging: { file: ./logs/c.log, level: error }')
  await world.run(['sync', '--full'])
  expect(existsSync(path.join(world.folder, 'logs/c.log')) ? readFileSync(path.join(world.folder, 'logs/c.log'), 'utf8') : '').toBe('')
})

test('--log-level wins over QDRANT_LOADER_LOG_LEVEL, which wins over logging.level', async () => {
  const levels = async (words: readonly string[], env: Record<string, string>, file: string): Promise<boolean[]> => {
    configure(`logging: { file: ./${file}, format: json, level: error }`)
    await world.run(['sync', '--full', ...words], { env })
    const text = existsSync(path.join(world.folder, file)) ? readFileSync(path.join(world.folder, file), 'utf8') : ''
    return ['debug', 'info'].map((level) => text.includes(`"level":"${level}"`))
  }
  expect(await levels([], {}, '1.log')).toEqual([false, false])
  expect(await levels([], { QDRANT_LOADER_LOG_LEVEL: 'info' }, '2.log')).toEqual([false, true])
  expect(await levels(['--log-level', 'debug'], { QDRANT_LOADER_LOG_LEVEL: 'info' }, '3.log')).toEqual([true, true])
})

test('monitoring.metrics.enabled, interval and retention decide which samples are kept', async () => {
  const probe = installProbe(world)
  const samples = () => query<{ count: number }>('state.db', 'SELECT COUNT(*) AS count FROM qdrant_loader_metric_samples')[0]?.count ?? 0
  const state = 'state_management: { database_path: ./state.db }\n  ingestion: { batch: { size: 1 }, parallel: { max_workers: 1 } }'
  const sources = '{ probe: { docs: { package: probe-connector } } }'
  configure(`${state}\n  monitoring: { metrics: { enabled: false } }`, sources)
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  expect(samples()).toBe(0)

  // The read of the last document ends when a sample was taken meanwhile, which only the interval can have done.
  configure(`${state}\n  monitoring: { metrics: { interval: 100ms } }`, sources)
  probe.documents = ['four', 'five', 'six']
  probe.onFetch = async (id) => {
    if (id === 'six') await vi.waitUntil(() => samples() > 0, { timeout: 20_000 })
  }
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  const after = samples()
  expect(after).toBeGreaterThan(0)

  probe.onFetch = () => undefined
  probe.documents = ['seven']
  configure(`${state}\n  monitoring: { metrics: { retention: 1h } }`, sources)
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  expect(samples()).toBeGreaterThan(after)
  probe.documents = ['eight']
  expect(await world.json(['sync'], { now: () => Date.now() + 2 * 3_600_000 })).toMatchObject({ code: 0 })
  expect(samples()).toBeLessThan(after)
})
