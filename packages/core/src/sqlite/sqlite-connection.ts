import type BetterSqlite3 from 'better-sqlite3'
import { sqliteDriver } from './sqlite-driver.ts'

/** What can be bound to a parameter. Dates go through `toUtcText`, booleans are 0 and 1. */
export type SqlValue = string | number | null

/** How a connection is opened. */
export interface ConnectionOptions {
  readonly prefix: string
  readonly timeoutMs: number
  /** Refuses every write. Default false. */
  readonly readOnly?: boolean
}

/**
 * One connection with its prepared statements. In SQL, `{document_states}` stands for the table with the configured
 * prefix. Everything on it is synchronous, so one callback that does not await can never be interleaved with another.
 *
 * Lists are bound as one JSON text and read with `json_each`: one statement for every length, and no limit of
 * variables. On PostgreSQL the same place reads `jsonb_array_elements_text`.
 */
export class Connection {
  readonly #raw: BetterSqlite3.Database
  readonly #prefix: string
  readonly #statements = new Map<string, BetterSqlite3.Statement>()

  /**
   * @param file Path of the file, or the bytes of a database that lives in memory.
   * @param options `timeoutMs`: how long SQLite itself waits for a lock, blocking the process; keep it short.
   */
  constructor(file: string | Buffer, options: ConnectionOptions) {
    this.#raw = new (sqliteDriver())(file, { timeout: options.timeoutMs })
    this.#prefix = options.prefix
    try {
      this.#raw.pragma('foreign_keys = ON')
      // I5 and I6 must survive a power loss too: in WAL mode only FULL has each commit on the disk when it returns.
      // With NORMAL a remote store could have applied writes whose intents the state no longer knows. It costs one
      // fsync per commit, and a batch has two.
      this.#raw.pragma('synchronous = FULL')
      this.#raw.pragma('cache_size = -32000')
      // A first sync writes the same index pages again and again: copying them back every 1,000 pages halves its speed.
      // The log then grows to some 32 MB; it is cut down afterwards, and gone when the last connection closes.
      this.#raw.pragma('wal_autocheckpoint = 8000')
      this.#raw.pragma('journal_size_limit = 8000000')
      this.#raw.pragma('temp_store = MEMORY')
      if (options.readOnly === true) this.#raw.pragma('query_only = ON')
    } catch (error) {
      this.#raw.close()
      throw error
    }
  }

  get inTransaction(): boolean {
    return this.#raw.inTransaction
  }

  /** Runs SQL that is no query and has no parameters. */
  exec(sql: string): void {
    this.#raw.exec(this.#named(sql))
  }

  pragma(sql: string): unknown {
    return this.#raw.pragma(sql, { simple: true })
  }

  /** The first row. `Row` is what the SQL selects. */
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined
  }

  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[]
  }

  /** Returns how many rows were changed. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.#prepare(sql).run(...values).changes
  }

  close(): void {
    this.#statements.clear()
    this.#raw.close()
  }

  #prepare(sql: string): BetterSqlite3.Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#raw.prepare(this.#named(sql))
      this.#statements.set(sql, statement)
    }
    return statement
  }

  #named(sql: string): string {
    return sql.replace(/\{([a-z_]+)\}/g, (_, name: string) => `"${this.#prefix}${name}"`)
  }
}
