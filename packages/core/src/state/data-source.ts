import type { DataSource, Logger } from 'typeorm'
import { MIGRATIONS, type StateMigration } from './migrations/index.ts'
import { sqliteDriver } from '../sqlite/sqlite-driver.ts'
import { BLOCKING_WAIT_MS } from '../sqlite/while-busy.ts'
import { checkTablePrefix, ENTITIES, migrationsTable } from './tables.ts'

/**
 * A TypeORM data source on a state file, not yet initialized: it owns the schema (entities, migrations, drift check).
 * TypeORM is imported here and nowhere on the way of a run: its import takes longer than all that an unchanged sync
 * does with the state. Nothing is synchronized or migrated by itself.
 */
export async function createDataSource(options: {
  readonly path: string
  readonly tablePrefix: string
  readonly migrations?: readonly StateMigration[]
}): Promise<DataSource> {
  checkTablePrefix(options.tablePrefix)
  const typeorm = await import('typeorm')
  return new typeorm.DataSource({
    type: 'better-sqlite3',
    driver: sqliteDriver(),
    database: options.path,
    timeout: BLOCKING_WAIT_MS,
    entityPrefix: options.tablePrefix,
    entities: ENTITIES,
    migrations: [...(options.migrations ?? MIGRATIONS)],
    migrationsTableName: migrationsTable(options.tablePrefix),
    // The caller holds the write lock around all of them, so that two processes do not both migrate.
    migrationsTransactionMode: 'none',
    synchronize: false,
    logging: false,
    logger: SILENT,
  })
}

/** Even with logging off, TypeORM's own logger prints a failed migration on standard output, where `--json` writes. */
const SILENT: Logger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
}

function nothing(): void {}
