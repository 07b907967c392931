import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { QueryRunner } from 'typeorm'
import { describe, expect, it, vi } from 'vitest'
import { commitOf, fakeClock, openTestState, REF, rememberingLogger, START, temporaryFolder } from '../../test/state/test-state.ts'
import { createDataSource } from './data-source.ts'
import { migrateDown, migrateUp, migrationStatus } from './migrate.ts'
import { MIGRATIONS, type StateMigration } from './migrations/index.ts'
import { sqliteDriver } from '../sqlite/sqlite-driver.ts'
import { StateManager } from './state-manager.ts'
import { ENTITIES, TABLES } from './tables.ts'

/** A migration of a version that is not there yet. */
class Later1999999999999 {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE later (id integer)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE later')
  }
}

class Failing1999999999999 extends Later1999999999999 {
  override async up(runner: QueryRunner): Promise<void> {
    await super.up(runner)
    throw new Error('no such thing')
  }
}

const LATER: readonly StateMigration[] = [...MIGRATIONS, Later1999999999999]
const NAMES = MIGRATIONS.map((migration) => migration.name)
const now = () => START

function tablesOf(path: string): string[] {
  const database = new (sqliteDriver())(path, { readonly: true })
  try {
    const sql = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
    return (database.prepare(sql).pluck().all() as string[]).sort()
  } finally {
    database.close()
  }
}

describe('migrations', () => {
  it.each(['qdrant_loader_', 'team_7_', `a${'b'.repeat(30)}`])('make just the tables of the entities, with the prefix %j', async (prefix) => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'state.db')
    expect(await migrateUp({ path, tablePrefix: prefix })).toEqual(NAMES)
    expect(tablesOf(path)).toEqual([...TABLES, 'migrations'].map((table) => `${prefix}${table}`).sort())
    const source = await createDataSource({ path, tablePrefix: prefix })
    await source.initialize()
    try {
      expect(source.entityMetadatas).toHaveLength(ENTITIES.length)
      const drift = await source.driver.createSchemaBuilder().log()
      expect(drift.upQueries.map((query) => query.query)).toEqual([])
    } finally {
      await source.destroy()
    }
  })

  it('let two prefixes live in one file without seeing each other', async () => {
    await using test = await openTestState({ tablePrefix: 'one_' })
    await using other = await test.open({ tablePrefix: 'two_' })
    await test.state.leases.acquire(REF)
    expect(await other.sources.get(REF)).toBeUndefined()
  })

  it.each(['', '1st_', 'Team_', 'a-b', 'a"b', 'sqlite_', 'x'.repeat(32)])('refuse the prefix %j', async (tablePrefix) => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'state.db')
    const options = { path, tablePrefix, now, logger: rememberingLogger() }
    const refused = { code: 'state_table_prefix_invalid', kind: 'config' }
    await expect(StateManager.open(options)).rejects.toMatchObject(refused)
    await expect(migrateUp({ path, tablePrefix })).rejects.toMatchObject(refused)
    expect(existsSync(path)).toBe(false)
  })

  it('show their state without making a file', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'state.db')
    expect(await migrationStatus({ path })).toEqual(NAMES.map((name) => ({ name, applied: false, known: true })))
    expect(readdirSync(folder.path)).toEqual([])
    await migrateUp({ path })
    expect(await migrationStatus({ path, migrations: LATER })).toEqual([
      ...NAMES.map((name) => ({ name, applied: true, known: true })),
      { name: 'Later1999999999999', applied: false, known: true },
    ])
    expect(await migrateUp({ path })).toEqual([])
  })

  it('that fail change nothing, and print nothing of their own', async () => {
    const printed = vi.spyOn(console, 'log')
    await using test = await openTestState()
    const migrations = [...MIGRATIONS, Failing1999999999999]
    const failed = { name: 'MigrationError', code: 'state_migration_failed', kind: 'internal' }
    await expect(migrateUp({ path: test.path, migrations })).rejects.toMatchObject(failed)
    expect(printed).not.toHaveBeenCalled()
    printed.mockRestore()
    expect(tablesOf(test.path)).not.toContain('later')
    expect((await migrationStatus({ path: test.path })).map((found) => found.name)).toEqual(NAMES)
  })

  it('are run when an older file is opened, and the log says which', async () => {
    await using test = await openTestState()
    await test.state.leases.acquire(REF)
    await using newer = await test.open({ migrations: LATER })
    expect(await newer.sources.get(REF)).toBeDefined()
    const lines = test.logger.lines.filter((line) => line.level === 'info').map((line) => line.fields['migration'])
    expect(lines).toEqual([...NAMES, 'Later1999999999999'])
    await expect(test.open({ migrate: false, migrations: [...LATER, Failing1999999999999] })).rejects.toMatchObject({
      code: 'state_migration_pending',
    })
    await expect(test.open({ readOnly: true, migrations: [...LATER, Failing1999999999999] })).rejects.toMatchObject({
      code: 'state_migration_pending',
      kind: 'config',
    })
  })
})

describe('a file of a newer version', () => {
  it('is refused and left byte for byte as it is', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'state.db')
    await migrateUp({ path, migrations: LATER })
    // Not even the switch to WAL may touch it.
    const database = new (sqliteDriver())(path)
    database.pragma('journal_mode = DELETE')
    database.close()
    const before = readFileSync(path)
    const refused = { name: 'MigrationError', code: 'state_newer_version', kind: 'config' }
    await expect(StateManager.open({ path, now, logger: rememberingLogger() })).rejects.toMatchObject(refused)
    await expect(StateManager.open({ path, now, logger: rememberingLogger() })).rejects.toThrow('Later1999999999999')
    await expect(migrateUp({ path })).rejects.toMatchObject(refused)
    await expect(migrateDown({ path, now })).rejects.toMatchObject(refused)
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(folder.path)).toEqual(['state.db'])
    expect((await migrationStatus({ path })).at(-1)).toEqual({ name: 'Later1999999999999', applied: true, known: false })
  })
})

describe('undoing a migration', () => {
  it('leaves a backup from which everything can be had again', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    await test.state.documents.commit(lease, 'r1', 'l1', [commitOf('a', { points: ['p1'] })])
    await test.state.leases.release(lease)
    await test.state.close()
    const { reverted, backup } = await migrateDown({ path: test.path, now })
    expect(reverted).toBe(NAMES.at(-1))
    expect(backup).toBe(`${test.path}.20261122T100000Z.bak`)
    expect(statSync(backup).mode).toBe(statSync(test.path).mode)
    for (const name of NAMES.slice(0, -1).toReversed()) expect((await migrateDown({ path: test.path, now })).reverted).toBe(name)
    expect(tablesOf(test.path)).toEqual(['qdrant_loader_migrations'])
    await using restored = await test.open({ path: backup })
    expect(await restored.getDocumentState(REF, 'a')).toMatchObject({ chunkCount: 1 })
    // The first migration loses everything when it is undone: up again is an empty state.
    expect(await migrateUp({ path: test.path })).toEqual(NAMES)
    await using empty = await test.open()
    expect(await empty.sources.get(REF)).toBeUndefined()
  })

  it('undoes one at a time, the newest first, and keeps what it does not concern', async () => {
    await using test = await openTestState({ migrations: LATER })
    await test.state.leases.acquire(REF)
    await test.state.leases.release(await test.state.leases.acquire({ ...REF, source: 'other' }))
    const options = { path: test.path, migrations: LATER, now, processes: deadProcesses() }
    const first = await migrateDown(options)
    expect(first.reverted).toBe('Later1999999999999')
    expect(await test.state.sources.get(REF)).toBeDefined()
    await test.state.close()
    const second = await migrateDown(options)
    expect(second.backup).toBe(`${test.path}.20261122T100000Z-2.bak`)
    for (const name of NAMES.slice(0, -1).toReversed()) expect((await migrateDown(options)).reverted).toBe(name)
    await expect(migrateDown(options)).rejects.toMatchObject({ name: 'StateNotFoundError', code: 'state_nothing_to_undo' })
  })

  it('is refused while a run is writing', async () => {
    const clock = fakeClock()
    await using test = await openTestState({ now: clock.now })
    await test.state.leases.acquire(REF)
    await expect(migrateDown({ path: test.path, now: clock.now })).rejects.toMatchObject({ code: 'lease_held' })
    expect(readdirSync(test.folder).filter((name) => name.endsWith('.bak'))).toEqual([])
    expect(await test.state.sources.get(REF)).toBeDefined()
  })

  it('finds nothing to undo where there is no state', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'state.db')
    await expect(migrateDown({ path, now })).rejects.toMatchObject({ code: 'state_nothing_to_undo' })
    writeFileSync(path, '')
    await expect(migrateDown({ path, now })).rejects.toMatchObject({ code: 'state_nothing_to_undo' })
  })
})

function deadProcesses() {
  const self = { pid: 1, hostname: 'h', bootId: 'b', processStart: null }
  return { self: () => self, look: () => 'dead' as const }
}
