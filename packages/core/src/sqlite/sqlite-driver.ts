import type BetterSqlite3 from 'better-sqlite3'
import { createRequire } from 'node:module'

/**
 * What is used of an open SQLite database. better-sqlite3's own types would come with those of Node, so they are not in
 * our declarations.
 */
export interface Database {
  readonly inTransaction: boolean
  prepare(sql: string): Statement
  exec(sql: string): unknown
  pragma(sql: string, options?: { readonly simple?: boolean }): unknown
  transaction<Result>(run: () => Result): { (): Result; immediate(): Result }
  function(name: string, options: { readonly deterministic?: boolean }, run: (...values: unknown[]) => unknown): unknown
  loadExtension(file: string): unknown
  close(): unknown
}

/** What is used of a prepared statement. */
export interface Statement {
  get(...values: readonly unknown[]): unknown
  all(...values: readonly unknown[]): unknown[]
  iterate(...values: readonly unknown[]): IterableIterator<unknown>
  run(...values: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint }
  /** The first column alone. */
  pluck(): Statement
  /** Rows as arrays. */
  raw(): Statement
}

let driver: typeof BetterSqlite3 | undefined

/**
 * better-sqlite3 13 under its alias: TypeORM's peer range asks for 12, which has no prebuilt binary for current Node.
 * Loaded when a file is opened and not before, because its binary ends a process of an unsupported Node at once.
 */
export function sqliteDriver(): typeof BetterSqlite3 {
  driver ??= createRequire(import.meta.url)('sqlite3-native') as typeof BetterSqlite3
  return driver
}
