import { chmodSync, existsSync, statSync } from 'node:fs'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { DataSource } from 'typeorm'
import { whileBusy } from '../sqlite/while-busy.ts'
import { stateError } from './codes.ts'
import { type Connection, openConnection, useWriteAheadLog } from './connection.ts'
import { createDataSource } from './data-source.ts'
import { toStateError } from './database-errors.ts'
import { refuseWhileLeased } from './tables/leases.ts'
import { MIGRATIONS, type StateMigration } from './migrations/index.ts'
import { systemProcesses, type ProcessProbe } from './process-identity.ts'
import { MigrationError, StateNotFoundError } from './state-errors.ts'
import { checkTablePrefix, DEFAULT_TABLE_PREFIX, migrationsTable } from './tables.ts'

/** Where the state is, and what this build brings. */
export interface MigrationTarget {
  /** Absolute path of the state file. */
  readonly path: string
  readonly tablePrefix?: string
  /** How long to wait for another process, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number
  /** Oldest first. Default: those of this version. */
  readonly migrations?: readonly StateMigration[]
}

/** One migration as `migrate status` shows it. */
export interface MigrationState {
  readonly name: string
  readonly applied: boolean
  /** False for a migration that a newer version applied. */
  readonly known: boolean
}

/** What `migrateDown` did. */
export interface MigrationReverted {
  readonly reverted: string
  /** Absolute path of the copy that was made before. */
  readonly backup: string
}

/** Every migration that this version knows or the file records, oldest first. Nothing is created or changed. */
export async function migrationStatus(target: MigrationTarget): Promise<readonly MigrationState[]> {
  const { path, prefix, migrations } = settled(target)
  const known = migrations.map((migration) => migration.name)
  const applied = await guarded(path, () => readApplied(path, prefix))
  return [
    ...known.map((name) => ({ name, applied: applied.includes(name), known: true })),
    ...applied.filter((name) => !known.includes(name)).map((name) => ({ name, applied: true, known: false })),
  ]
}

/**
 * Runs what is pending, all of it in one transaction. Two processes may do it at once: the second waits, and finds
 * nothing left. Returns the names that were run here.
 *
 * @throws MigrationError when the file is of a newer version; nothing is changed then.
 */
export async function migrateUp(target: MigrationTarget): Promise<readonly string[]> {
  const { path, prefix, migrations, timeoutMs } = settled(target)
  return guarded(path, async () => {
    const pending = await withConnection(path, prefix, async (connection) => {
      if (!hasPending(appliedMigrations(connection, prefix), migrations, path)) return false
      await useWriteAheadLog(connection, timeoutMs)
      return true
    })
    if (!pending) return []
    return withSchema({ path, prefix, migrations, timeoutMs }, async (schema) => {
      // Looked at again under the lock: another process may have been first.
      const before = await schema.applied()
      if (!hasPending(before, migrations, path)) return []
      await schema.run()
      return (await schema.applied()).filter((name) => !before.includes(name))
    })
  })
}

/**
 * Copies the file beside itself, then undoes the newest migration. What that loses is said at each migration.
 * The copy and the undoing see the same data: the write lock is held over both.
 *
 * @throws StateNotFoundError when there is nothing to undo, LeaseHeldError while a run is writing.
 */
export async function migrateDown(
  target: MigrationTarget & { readonly now: () => number; readonly processes?: ProcessProbe },
): Promise<MigrationReverted> {
  const { path, prefix, migrations, timeoutMs } = settled(target)
  return guarded(path, async () => {
    const applied = await readApplied(path, prefix)
    const newest = applied.at(-1)
    if (newest === undefined) throw nothingToUndo(path)
    hasPending(applied, migrations, path)
    return withSchema({ path, prefix, migrations, timeoutMs }, async (schema) => {
      const backup = freeName(path, target.now())
      await withConnection(path, prefix, (connection) => {
        refuseWhileLeased(connection, target.processes ?? systemProcesses(), new Date(target.now()))
        connection.run('VACUUM INTO ?', backup)
      })
      chmodSync(backup, statSync(path).mode & 0o777)
      await schema.undo()
      return { reverted: newest, backup }
    })
  })
}

/**
 * Whether migrations are pending, from the names that the file records.
 * @throws MigrationError when the file records one that this version does not know.
 */
export function hasPending(applied: readonly string[], migrations: readonly StateMigration[], path: string): boolean {
  const known = new Set(migrations.map((migration) => migration.name))
  const unknown = applied.filter((name) => !known.has(name))
  if (unknown.length > 0) throw newerFile(path, unknown)
  return applied.length < known.size
}

/** Names of applied migrations, oldest first; none for a file without our tables. Two look-ups, nothing is written. */
export function appliedMigrations(connection: Connection, prefix: string): string[] {
  const table = migrationsTable(prefix)
  const found = connection.get(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, table)
  if (found === undefined) return []
  return connection.all<{ name: string }>('SELECT name FROM {migrations} ORDER BY id').map((row) => row.name)
}

function settled(target: MigrationTarget) {
  const prefix = target.tablePrefix ?? DEFAULT_TABLE_PREFIX
  checkTablePrefix(prefix)
  const { path, timeoutMs = 30_000, migrations = MIGRATIONS } = target
  return { path, prefix, migrations, timeoutMs }
}

async function readApplied(path: string, prefix: string): Promise<string[]> {
  if (!existsSync(path)) return []
  return withConnection(path, prefix, (connection) => appliedMigrations(connection, prefix))
}

async function withConnection<T>(
  path: string,
  prefix: string,
  work: (connection: Connection) => T | Promise<T>,
): Promise<T> {
  const connection = openConnection(path, { prefix })
  try {
    return await work(connection)
  } finally {
    connection.close()
  }
}

interface Schema {
  applied(): Promise<string[]>
  run(): Promise<void>
  undo(): Promise<void>
}

/** Holds the write lock over `work`, and commits it as one. */
async function withSchema<T>(
  target: { path: string; prefix: string; migrations: readonly StateMigration[]; timeoutMs: number },
  work: (schema: Schema) => Promise<T>,
): Promise<T> {
  const { path, prefix, migrations } = target
  const source = await createDataSource({ path, tablePrefix: prefix, migrations })
  await source.initialize()
  try {
    // Rebuilding a table drops the old one; with foreign keys on that would delete what refers to it. The pragma does
    // nothing inside a transaction, so it comes first.
    await source.query('PRAGMA foreign_keys = OFF')
    await source.query('PRAGMA synchronous = FULL')
    await whileBusy(() => source.query('BEGIN IMMEDIATE'), target)
    const result = await work({
      applied: () => recorded(source, prefix),
      run: async () => void (await source.runMigrations({ transaction: 'none' })),
      undo: () => source.undoLastMigration({ transaction: 'none' }),
    })
    await source.query('COMMIT')
    return result
  } finally {
    // Closing rolls back what was not committed.
    await source.destroy()
  }
}

async function recorded(source: DataSource, prefix: string): Promise<string[]> {
  const table = migrationsTable(prefix)
  const found: unknown[] = await source.query(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, [table])
  if (found.length === 0) return []
  const rows: { name: string }[] = await source.query(`SELECT name FROM "${table}" ORDER BY id`)
  return rows.map((row) => row.name)
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const known = toStateError(error, path)
    if (isLoaderError(error) || known.code !== 'state_database') throw known
    const said = error instanceof Error ? error.message : String(error)
    throw new MigrationError({ ...stateError.describe('state_migration_failed', { path, said }), cause: error })
  }
}

/** `state.db.20261122T100000Z.bak`, with a number behind it when that is taken. */
function freeName(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
  for (let attempt = 1; ; attempt += 1) {
    const name = `${path}.${stamp}${attempt === 1 ? '' : `-${attempt}`}.bak`
    if (!existsSync(name)) return name
  }
}

function newerFile(path: string, unknown: readonly string[]): MigrationError {
  return new MigrationError(stateError.describe('state_newer_version', { path, migrations: unknown.join(', ') }))
}

function nothingToUndo(path: string): StateNotFoundError {
  return new StateNotFoundError(stateError.describe('state_nothing_to_undo', { path }))
}
