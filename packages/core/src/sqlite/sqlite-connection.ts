import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { makePrivateFile, makePrivateFolder } from '../files/private-files.ts'
import { type Database, sqliteDriver, type Statement } from './sqlite-driver.ts'
import { BLOCKING_WAIT_MS } from './while-busy.ts'

/** What can be bound to a parameter. */
export type SqlValue = string | number | Uint8Array | null

/** One connection to a file, with its prepared statements. Everything on it is synchronous. */
export class SqliteConnection {
  readonly database: Database
  readonly #statements = new Map<string, Statement>()

  /** @param file Path of the file, empty for a private one that is gone when it is closed, or the bytes of a database in memory. */
  constructor(file: string | Buffer, { mustExist = false }: { readonly mustExist?: boolean } = {}) {
    this.database = new (sqliteDriver())(file, { timeout: BLOCKING_WAIT_MS, fileMustExist: mustExist })
  }

  get inTransaction(): boolean {
    return this.database.inTransaction
  }

  /** The prepared statement of a text, which is prepared once. */
  prepare(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.database.prepare(this.named(sql))
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** Runs SQL that is no query and has no parameters. */
  exec(sql: string): void {
    this.database.exec(this.named(sql))
  }

  pragma(sql: string): unknown {
    return this.database.pragma(sql, { simple: true })
  }

  /** The first row. `Row` is what the SQL selects. */
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.prepare(sql).get(...values) as Row | undefined
  }

  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.prepare(sql).all(...values) as Row[]
  }

  /** Returns how many rows were changed. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.prepare(sql).run(...values).changes
  }

  /** What is committed is on the disk, also after a power loss: in WAL mode only FULL makes each commit wait for it. */
  makeDurable(checkpointPages: number): void {
    this.pragma('synchronous = FULL')
    this.pragma(`wal_autocheckpoint = ${checkpointPages}`)
  }

  close(): void {
    this.#statements.clear()
    this.database.close()
  }

  /** The SQL with the names that tables have in this file. */
  protected named(sql: string): string {
    return sql
  }
}

/**
 * What has to be there before SQLite opens a file: it and its folder, made for this user alone, when it is to be
 * written; SQLite gives its log the same permissions. Nothing is written to a file that exists.
 *
 * @throws what the file system throws.
 */
export function prepareFile(path: string, access: 'read' | 'write'): void {
  if (access === 'write') {
    makePrivateFolder(dirname(path))
    makePrivateFile(path)
  }
  // SQLite opens a file that it may not write for reading, and says so only at the first write.
  if (existsSync(path)) accessSync(path, access === 'read' ? constants.R_OK : constants.R_OK | constants.W_OK)
}
