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
  readonly #idle: Connection[] = []
  readonly #waiting: ((connection: Connection) => void)[] = []
  readonly #all: Connection[] = []
  #closed = false

  constructor(options: { readonly open: () => Connection; readonly size: number; readonly timeoutMs: number }) {
    this.#open = options.open
    this.#size = options.size
    this.#timeoutMs = options.timeoutMs
  }

  /** How many connections are open. */
  get opened(): number {
    return this.#all.length
  }

  /** Runs `work` with a connection that nobody else uses meanwhile. */
  async use<T>(work: (connection: Connection) => T | Promise<T>): Promise<T> {
    const connection = await this.#acquire()
    try {
      return await work(connection)
    } finally {
      this.#release(connection)
    }
  }

  close(): void {
    this.#closed = true
    for (const connection of this.#idle.splice(0)) connection.close()
  }

  async #acquire(): Promise<Connection> {
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle
    if (this.#all.length < this.#size) {
      const connection = this.#open()
      this.#all.push(connection)
      return connection
    }
    const { promise, resolve, reject } = Promise.withResolvers<Connection>()
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(resolve), 1)
      reject(exhausted(this.#size))
    }, this.#timeoutMs)
    this.#waiting.push(resolve)
    return promise.finally(() => clearTimeout(timer))
  }

  #release(connection: Connection): void {
    const next = this.#waiting.shift()
    if (next !== undefined) next(connection)
    else if (this.#closed) connection.close()
    else this.#idle.push(connection)
  }
}

function exhausted(size: number): DatabaseError {
  return new DatabaseError({
    code: 'state_pool_exhausted',
    kind: 'transient',
    message: `All ${size} reading connections of the state database stayed in use longer than the time-out.`,
    hint: 'Raise state_management.connection_pool.size or its timeout.',
  })
}
