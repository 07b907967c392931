import type { Logger } from '@qdrant-loader/connector-sdk'
import { whileBusy } from '../sqlite/while-busy.ts'
import { stateError } from './codes.ts'
import { type Connection, openConnection } from './connection.ts'
import { toStateError } from './database-errors.ts'
import { ReaderPool } from './reader-pool.ts'
import type { HeldLease, SourceRef } from './records.ts'
import type { StateAccess } from './state-manager-options.ts'
import { DatabaseError } from './state-errors.ts'
import { FingerprintSets } from './tables/fingerprint-sets.ts'
import { ensureSource, findSourceId, leaseLost, requireLease, type SourceView } from './tables/source-view.ts'
import { TransactionQueue } from './transaction-queue.ts'

/** Counts and names that go into the log line of an operation. Never content, cursors or messages of sources. */
export type LogFields = Readonly<Record<string, string | number | undefined>>

/** What a session works on. */
export interface SessionOptions {
  readonly writer: Connection
  readonly path: string
  readonly prefix: string
  readonly now: () => number
  /** Takes secrets out of a message that is kept. */
  readonly redact: (text: string) => string
  readonly pool: { readonly size: number; readonly timeoutMs: number }
  readonly logger: Logger
  /** Only one that may be written has readers: the others are one connection. */
  readonly access: StateAccess
}

/**
 * How operations reach the database: one writer, readers, errors that say what to do, and one log line for each
 * operation.
 */
export class StateSession {
  readonly #options: SessionOptions
  readonly #queue: TransactionQueue
  readonly #readers: ReaderPool
  readonly #sourceIds = new Map<string, number>()
  readonly #fingerprints = new FingerprintSets()
  #closed = false

  constructor(options: SessionOptions) {
    const { writer, path, prefix, pool } = options
    this.#options = options
    this.#queue = new TransactionQueue(writer, { timeoutMs: pool.timeoutMs, onRollback: () => this.#forget() })
    this.#readers = new ReaderPool({
      open: () => openConnection(path, { prefix, readOnly: true }),
      ...pool,
    })
  }

  /** The time that is recorded. */
  now(): Date {
    return new Date(this.#options.now())
  }

  /** Takes secrets out of a message that is kept. */
  get redact(): (text: string) => string {
    return this.#options.redact
  }

  /** Reading connections that were opened so far. */
  get openedReaders(): number {
    return this.#readers.opened
  }

  /**
   * Reads what is committed. The writer shows just that while no transaction is open over `await`s; otherwise a reader
   * does. Inside `transaction` it reads what that transaction wrote.
   */
  async read<T>(operation: string, fields: LogFields, work: (db: Connection) => T): Promise<T> {
    return this.#logging(operation, fields, () => {
      const { writer, pool } = this.#options
      const attempt = (db: Connection) => whileBusy(() => work(db), pool)
      return this.#queue.openElsewhere ? this.#readers.use(attempt) : attempt(writer)
    })
  }

  /** Reads of one source; `otherwise` for a source that the state does not know. */
  async readSource<T>(
    operation: string,
    ref: SourceRef,
    fields: LogFields,
    otherwise: T,
    work: (db: Connection, view: SourceView) => T,
  ): Promise<T> {
    return this.read(operation, { ...fieldsOf(ref), ...fields }, (db) => {
      const view = this.#view(db, ref)
      return view === undefined ? otherwise : work(db, view)
    })
  }

  /** Reads of one moment, over `await`s, on a connection of their own; further ones than the pool's size wait. */
  async snapshot<T>(operation: string, work: (db: Connection) => T | Promise<T>): Promise<T> {
    return this.#logging(operation, {}, () => {
      if (this.#options.access !== 'write') return work(this.#options.writer)
      return this.#readers.use(async (db) => {
        db.exec('BEGIN')
        try {
          return await work(db)
        } finally {
          db.exec('COMMIT')
        }
      })
    })
  }

  /** One transaction. */
  async write<T>(operation: string, fields: LogFields, work: (db: Connection) => T): Promise<T> {
    return this.#logging(operation, fields, () => {
      this.#requireWritable()
      return this.#queue.write(() => work(this.#options.writer))
    })
  }

  /** One transaction of whoever holds the lease (I8). */
  async writeLeased<T>(
    operation: string,
    lease: HeldLease,
    fields: LogFields,
    work: (db: Connection, view: SourceView) => T,
  ): Promise<T> {
    return this.write(operation, { ...fieldsOf(lease.ref), ...fields }, (db) => {
      const view = this.#view(db, lease.ref)
      if (view === undefined) throw leaseLost(lease)
      requireLease(db, view.sourceId, lease)
      return work(db, view)
    })
  }

  /** One transaction on a source that is created when it is new. */
  async writeNew<T>(
    operation: string,
    ref: SourceRef,
    work: (db: Connection, view: SourceView) => T,
  ): Promise<T> {
    return this.write(operation, fieldsOf(ref), (db) => {
      const sourceId = ensureSource(db, ref)
      return work(db, { ref, sourceId, fingerprints: this.#fingerprints })
    })
  }

  /** One transaction on a source; nothing for one that the state does not know. */
  async writeKnown(operation: string, ref: SourceRef, work: (db: Connection, view: SourceView) => void): Promise<void> {
    await this.write(operation, fieldsOf(ref), (db) => {
      const view = this.#view(db, ref)
      if (view !== undefined) work(db, view)
    })
  }

  /** The source is gone; should it come back, it gets another number. */
  forgetSource(ref: SourceRef): void {
    this.#sourceIds.delete(keyOf(ref))
  }

  /** One transaction over `await`s. What `work` throws passes unchanged: operations in it have logged their own errors. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    const own = new Set<unknown>()
    const remembering = async () => {
      try {
        return await work()
      } catch (error) {
        own.add(error)
        throw error
      }
    }
    const run = () => {
      this.#requireWritable()
      return this.#queue.transaction(remembering)
    }
    return this.#logging('transaction', {}, run, own)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#queue.drain()
    this.#readers.close()
    this.#options.writer.close()
  }

  #view(db: Connection, ref: SourceRef): SourceView | undefined {
    const key = keyOf(ref)
    const sourceId = this.#sourceIds.get(key) ?? findSourceId(db, ref)
    if (sourceId === undefined) return undefined
    this.#sourceIds.set(key, sourceId)
    return { ref, sourceId, fingerprints: this.#fingerprints }
  }

  /** After a rollback, numbers that were given in it belong to nothing. */
  #forget(): void {
    this.#sourceIds.clear()
    this.#fingerprints.forget()
  }

  #requireWritable(): void {
    if (this.#options.access === 'read') throw readOnly()
  }

  async #logging<T>(operation: string, fields: LogFields, work: () => T | Promise<T>, own?: Set<unknown>): Promise<T> {
    const started = performance.now()
    const { logger, path } = this.#options
    try {
      if (this.#closed) throw closed()
      const result = await work()
      logger.debug(`state: ${operation}`, { operation, ...fields, duration_ms: elapsed(started) })
      return result
    } catch (cause) {
      if (own?.has(cause) === true) throw cause
      const error = toStateError(cause, path)
      const { code, kind, message, hint } = error
      logger.error(`state: ${operation} failed`, { operation, ...fields, code, kind, message, hint })
      throw error
    }
  }
}

function keyOf({ project, sourceType, source }: SourceRef): string {
  return JSON.stringify([project, sourceType, source])
}

function fieldsOf(ref: SourceRef): LogFields {
  return { project: ref.project, source_type: ref.sourceType, source: ref.source }
}

function elapsed(started: number): number {
  return Math.round((performance.now() - started) * 100) / 100
}

function closed(): DatabaseError {
  return new DatabaseError(stateError.describe('state_closed'))
}

function readOnly(): DatabaseError {
  return new DatabaseError(stateError.describe('state_read_only'))
}
