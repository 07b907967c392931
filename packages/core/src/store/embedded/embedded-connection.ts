import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { makePrivateFile, makePrivateFolder } from '../../files/private-files.ts'
import { type Database, sqliteDriver, type Statement } from '../../sqlite/sqlite-driver.ts'
import { isBusy, storeErrorFromSqlite } from './sqlite-error.ts'

// SQLite waits inside the call and stops the whole process meanwhile (heartbeats, Ctrl-C), so it waits shortly and
// the rest of the time is waited outside.
const BLOCKING_WAIT_MS = 50
const PAUSE_MS = 25

/** How a connection waits for other processes. */
export interface BusyOptions {
  /** Milliseconds until a lock held by another process is given up on. */
  readonly busyTimeoutMs: number
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** Waits on the real clock. */
export function sleep(ms: number, signal: AbortSignal): Promise<unknown> {
  return delay(ms, undefined, { signal })
}

/** One connection to the file, its prepared statements, and the handling of locks and errors around them. */
export class EmbeddedConnection {
  readonly database: Database
  readonly #path: string
  readonly #busy: BusyOptions
  readonly #statements = new Map<string, Statement>()

  private constructor(path: string, database: Database, busy: BusyOptions) {
    this.#path = path
    this.database = database
    this.#busy = busy
  }

  /** Opens the file; undefined when it is missing and not to be created. */
  static open(path: string, create: boolean, busy: BusyOptions): EmbeddedConnection | undefined {
    try {
      if (create) {
        makePrivateFolder(dirname(path))
        makePrivateFile(path)
      } else if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined
      const database = new (sqliteDriver())(path, { fileMustExist: !create, timeout: BLOCKING_WAIT_MS })
      return new EmbeddedConnection(path, database, busy)
    } catch (error) {
      throw storeErrorFromSqlite(error, path)
    }
  }

  /** What the pipeline commits to its state after a call must outlive a power failure. */
  makeDurable(): void {
    this.database.pragma('synchronous = FULL')
    this.database.pragma('wal_autocheckpoint = 2000')
  }

  /** The prepared statement of a query; prepared once. */
  prepare(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** Runs `work` in a write transaction, waiting for other processes. */
  write<T>(work: () => T, signal: AbortSignal): Promise<T> {
    return this.run(() => this.database.transaction(work).immediate(), signal)
  }

  /** Runs `work`, again and again while another process holds the lock. Its errors become LoaderErrors. */
  async run<T>(work: () => T, signal: AbortSignal): Promise<T> {
    const deadline = this.#busy.now() + this.#busy.busyTimeoutMs
    for (;;) {
      signal.throwIfAborted()
      try {
        return work()
      } catch (error) {
        if (!isBusy(error) || this.#busy.now() >= deadline) throw storeErrorFromSqlite(error, this.#path)
      }
      await this.#busy.sleep(PAUSE_MS, signal)
    }
  }

  close(): void {
    this.#statements.clear()
    this.database.close()
  }
}
