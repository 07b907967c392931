import type BetterSqlite3 from 'better-sqlite3'
import { createRequire } from 'node:module'

/** An open SQLite database. */
export type Database = BetterSqlite3.Database
/** A prepared statement. */
export type Statement = BetterSqlite3.Statement

let driver: typeof BetterSqlite3 | undefined

/**
 * The SQLite driver, loaded at the first use. It is a native addon: importing the package must not load it, because
 * Node versions that are too old for it crash while loading.
 */
export function sqliteDriver(): typeof BetterSqlite3 {
  driver ??= createRequire(import.meta.url)('sqlite3-native') as typeof BetterSqlite3
  return driver
}
