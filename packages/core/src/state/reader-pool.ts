import { Semaphore } from '@qdrant-loader/connector-sdk'
import { withDeadline } from '../performance/deadline.ts'
import { stateError } from './codes.ts'
import { Connection } from './connection.ts'
import { DatabaseError } from './state-errors.ts'

/**
 * Up to `size` reading connections, opened when first needed and kept. A read that finds all of them taken waits its
 * turn, in order, for at most `timeoutMs`.
 */
export class ReaderPool {
  readonly #open: () => Connection
  readonly #size: number
  readonly #timeoutMs: number
  readonly #places: Semaphore
  readonly #idle: Connection[] = []
  #opened = 0
  #closed = false

  constructor(options: { readonly open: () => Connection; readonly size: number; readonly timeoutMs: number }) {
    this.#open = options.open
    this.#size = options.size
    this.#timeoutMs = options.timeoutMs
    this.#places = new Semaphore(options.size)
  }

  /** How many connections were opened. */
  get opened(): number {
    return this.#opened
  }

  /** Runs `work` with a connection that nobody else uses meanwhile. */
  async use<T>(work: (connection: Connection) => T | Promise<T>): Promise<T> {
    if (!this.#places.tryAcquire()) await this.#turn()
    try {
      const connection = this.#idle.pop() ?? this.#another()
      try {
        return await work(connection)
      } finally {
        if (this.#closed) connection.close()
        else this.#idle.push(connection)
      }
    } finally {
      this.#places.release()
    }
  }

  close(): void {
    this.#closed = true
    for (const connection of this.#idle.splice(0)) connection.close()
  }

  #another(): Connection {
    const connection = this.#open()
    this.#opened += 1
    return connection
  }

  async #turn(): Promise<void> {
    const late = new AbortController()
    const { signal } = late
    await withDeadline(() => this.#places.acquire(signal), this.#timeoutMs, signal, () => exhausted(this.#size)).catch((error: unknown) => {
      // It leaves the queue.
      late.abort(error)
      throw error
    })
  }
}

function exhausted(size: number): DatabaseError {
  return new DatabaseError(stateError.describe('state_pool_exhausted', { count: size }))
}
