import type BetterSqlite3 from 'better-sqlite3'
import { createRequire } from 'node:module'

/** An open SQLite database. */
export type Database = BetterSqlite3.Database
/** A prepared statement. */
export type Statement = BetterSqlite3.Statement

let driver: typeof BetterSqlite3 | undefined

/**
 * better-sqlite3 13 under its alias: TypeORM's peer range asks for 12, which has no prebuilt binary for current Node.
 * Loaded when a file is opened and not before, because its binary ends a process of an unsupported Node at once.
 */
export function sqliteDriver(): typeof BetterSqlite3 {
  driver ??= createRequire(import.meta.url)('sqlite3-native') as typeof BetterSqlite3
  return driver
}
