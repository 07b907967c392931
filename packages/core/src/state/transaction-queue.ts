import { Semaphore } from '@qdrant-loader/connector-sdk'
import { AsyncLocalStorage } from 'node:async_hooks'
import { whileBusy } from '../sqlite/while-busy.ts'
import { stateError } from './codes.ts'
import type { Connection } from './connection.ts'
import { StateError } from './state-errors.ts'

interface OpenTransaction {
  active: boolean
  /** Set when a nested transaction failed: then nothing of the outer one may be committed. */
  doomed: boolean
}

/**
 * Serializes the transactions of the one writing connection. Work that does not await runs at once when nothing is
 * open. Calls made from inside `transaction(work)` join it, and see what it wrote; calls from outside wait their turn.
 */
export class TransactionQueue {
  readonly #connection: Connection
  readonly #timeoutMs: number
  readonly #onRollback: () => void
  readonly #context = new AsyncLocalStorage<OpenTransaction>()
  readonly #turn = new Semaphore(1)
  #open = false

  constructor(connection: Connection, options: { readonly timeoutMs: number; readonly onRollback: () => void }) {
    this.#connection = connection
    this.#timeoutMs = options.timeoutMs
    this.#onRollback = options.onRollback
  }

  /** True when a transaction is open that the caller is not part of: the writer then shows what is not committed. */
  get openElsewhere(): boolean {
    return this.#open && !this.joined
  }

  /** True inside `transaction(work)`. */
  get joined(): boolean {
    return this.#context.getStore()?.active === true
  }

  /** One transaction of work that does not await. Inside `transaction` it is a savepoint of that one. */
  async write<T>(work: () => T): Promise<T> {
    if (this.joined) return this.#savepoint(work)
    return this.#turn.run(async () => {
      await this.#begin()
      return this.#finish(work)
    })
  }

  /** One transaction over `await`s. A nested one joins; when it fails, the outer one cannot be committed any more. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    const outer = this.#context.getStore()
    if (outer?.active === true) {
      try {
        return await work()
      } catch (error) {
        outer.doomed = true
        throw error
      }
    }
    return this.#turn.run(() => this.#asynchronous(work))
  }

  /** Resolves when everything that was queued before is done. */
  async drain(): Promise<void> {
    await this.#turn.run(() => Promise.resolve())
  }

  async #asynchronous<T>(work: () => Promise<T>): Promise<T> {
    await this.#begin()
    const state: OpenTransaction = { active: true, doomed: false }
    this.#open = true
    try {
      const result = await this.#context.run(state, work)
      if (state.doomed) throw doomed()
      this.#connection.exec('COMMIT')
      return result
    } catch (error) {
      this.#rollback()
      throw error
    } finally {
      state.active = false
      this.#open = false
    }
  }

  #finish<T>(work: () => T): T {
    try {
      const result = work()
      this.#connection.exec('COMMIT')
      return result
    } catch (error) {
      this.#rollback()
      throw error
    }
  }

  #savepoint<T>(work: () => T): T {
    this.#connection.exec('SAVEPOINT step')
    try {
      const result = work()
      this.#connection.exec('RELEASE step')
      return result
    } catch (error) {
      // A full disk rolls everything back by itself, and the savepoint with it.
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK TO step; RELEASE step')
      this.#onRollback()
      throw error
    }
  }

  #rollback(): void {
    if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK')
    this.#onRollback()
  }

  /**
   * IMMEDIATE takes the write lock at the start, so that a transaction never fails half-way for a lock. SQLite's own
   * waiting blocks the process, heartbeats included, so it is short and the rest of the time is waited for here.
   */
  async #begin(): Promise<void> {
    await whileBusy(() => this.#connection.exec('BEGIN IMMEDIATE'), { timeoutMs: this.#timeoutMs })
  }
}

function doomed(): StateError {
  return new StateError(stateError.describe('state_transaction_failed'))
}
