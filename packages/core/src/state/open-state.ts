import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '@qdrant-loader/connector-sdk'
import { stateError } from './codes.ts'
import { Connection, openConnection, useWriteAheadLog } from './connection.ts'
import { createDataSource } from './data-source.ts'
import { toStateError } from './database-errors.ts'
import { appliedMigrations, hasPending, migrateUp } from './migrate.ts'
import { MIGRATIONS, type StateMigration } from './migrations/index.ts'
import { copyFile, copyState, forgoDurability } from './scratch.ts'
import type { StateAccess } from './state-manager-options.ts'
import { MigrationError } from './state-errors.ts'

/** What opening needs. */
export interface OpenStateOptions {
  readonly path: string
  readonly prefix: string
  readonly timeoutMs: number
  readonly access: StateAccess
  /** Whether pending migrations are run; otherwise they are an error, as when the file is not written. */
  readonly migrate: boolean
  readonly logger: Logger
  readonly migrations?: readonly StateMigration[]
}

/**
 * Opens the file, looks at the recorded migrations (two look-ups), and runs what is pending. A file of a newer version
 * is refused before anything in it is changed. Unless it is to be written, a file that is not there is an empty state
 * in memory.
 */
export async function openState(options: OpenStateOptions): Promise<Connection> {
  const { path, logger } = options
  try {
    return await OPEN[options.access](options)
  } catch (cause) {
    const error = toStateError(cause, path)
    const { code, kind, message, hint } = error
    logger.error('state: open failed', { operation: 'open', path, code, kind, message, hint })
    throw error
  }
}

const OPEN: Readonly<Record<StateAccess, (options: OpenStateOptions) => Promise<Connection>>> = {
  write: openForWriting,
  read: openForReading,
  scratch: openScratch,
}

async function openForWriting(options: OpenStateOptions): Promise<Connection> {
  const { path, prefix, timeoutMs, migrations = MIGRATIONS, logger } = options
  const connection = openConnection(path, { prefix })
  try {
    if (hasPending(appliedMigrations(connection, prefix), migrations, path)) {
      if (!options.migrate) throw pending(path)
      const applied = await migrateUp({ path, tablePrefix: prefix, timeoutMs, migrations })
      for (const name of applied) logger.info('state: migration applied', { operation: 'migrate', path, migration: name })
    }
    await useWriteAheadLog(connection, timeoutMs)
    logger.debug('state: open', { operation: 'open', path })
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

async function openForReading(options: OpenStateOptions): Promise<Connection> {
  const { path, prefix, migrations = MIGRATIONS, logger } = options
  if (!existsSync(path)) {
    logger.debug('state: open', { operation: 'open', path: 'memory' })
    return new Connection(await emptyState(prefix, migrations), { prefix, readOnly: true })
  }
  const connection = openConnection(path, { prefix, readOnly: true })
  try {
    if (hasPending(appliedMigrations(connection, prefix), migrations, path)) throw pending(path)
    logger.debug('state: open', { operation: 'open', path })
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

async function openScratch(options: OpenStateOptions): Promise<Connection> {
  const { path, prefix, timeoutMs, migrations = MIGRATIONS, logger } = options
  logger.debug('state: open', { operation: 'open', path: 'scratch' })
  if (existsSync(path)) {
    const isOlder = await peekInto(options, (file) => hasPending(appliedMigrations(file, prefix), migrations, path))
    return isOlder ? await copyMigrated(options) : await copyState(path, { prefix, timeoutMs })
  }
  const empty = new Connection(await emptyState(prefix, migrations), { prefix })
  forgoDurability(empty)
  return empty
}

async function peekInto<T>({ path, prefix }: OpenStateOptions, look: (file: Connection) => T): Promise<T> {
  const file = openConnection(path, { prefix, readOnly: true })
  try {
    return look(file)
  } finally {
    file.close()
  }
}

/** A file of an older version is brought up to date in a folder of its own, which is gone when its rows are copied. */
async function copyMigrated(options: OpenStateOptions): Promise<Connection> {
  const { prefix, timeoutMs, migrations = MIGRATIONS } = options
  const folder = await mkdtemp(join(tmpdir(), 'qdrant-loader-state-'))
  try {
    const path = join(folder, 'state.db')
    await copyFile(options.path, path, { prefix, timeoutMs })
    await migrateUp({ path, tablePrefix: prefix, timeoutMs, migrations })
    return await copyState(path, { prefix, timeoutMs })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The bytes of a database with all tables and no rows. */
async function emptyState(prefix: string, migrations: readonly StateMigration[]): Promise<Buffer> {
  const source = await createDataSource({ path: ':memory:', tablePrefix: prefix, migrations })
  await source.initialize()
  try {
    await source.runMigrations()
    const driver = source.driver as unknown as { readonly databaseConnection: { serialize(): Buffer } }
    return driver.databaseConnection.serialize()
  } finally {
    await source.destroy()
  }
}

function pending(path: string): MigrationError {
  return new MigrationError(stateError.describe('state_migration_pending', { path }))
}
