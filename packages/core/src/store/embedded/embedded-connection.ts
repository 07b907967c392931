import { existsSync } from 'node:fs'
import { prepareFile, SqliteConnection } from '../../sqlite/sqlite-connection.ts'
import { type BusyWait, whileBusy } from '../../sqlite/while-busy.ts'
import { toStoreError } from './store-file-error.ts'

/** After how many pages of the log they are copied back. */
export const CHECKPOINT_PAGES = 2_000

/** A connection to the file of the store: its locks are waited for, and its errors are LoaderErrors. */
export class EmbeddedConnection extends SqliteConnection {
  readonly #path: string
  readonly #wait: BusyWait

  /** @throws what SQLite throws; the file is there. */
  constructor(path: string, wait: BusyWait) {
    super(path, { mustExist: true })
    this.#path = path
    this.#wait = wait
  }

  /** Runs `work` in a write transaction, waiting for other processes. */
  write<T>(work: () => T, signal?: AbortSignal): Promise<T> {
    return this.read(() => this.database.transaction(work).immediate(), signal)
  }

  /** Runs `work`, again and again while another process holds the lock. */
  async read<T>(work: () => T, signal?: AbortSignal): Promise<T> {
    try {
      return await whileBusy(work, signal === undefined ? this.#wait : { ...this.#wait, signal })
    } catch (error) {
      if (signal?.aborted === true) throw error
      throw toStoreError(error, this.#path)
    }
  }
}

/** Opens the file; undefined when it is missing and not to be made. @throws LoaderError */
export function openEmbedded(path: string, wait: BusyWait, { create = false } = {}): EmbeddedConnection | undefined {
  try {
    if (create) prepareFile(path, 'write')
    else if (!existsSync(path)) return undefined
    return new EmbeddedConnection(path, wait)
  } catch (error) {
    throw toStoreError(error, path)
  }
}
