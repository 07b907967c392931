import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { makePrivateFile, makePrivateFolder } from '../files/private-files.ts'
import { Connection, type ConnectionOptions } from '../sqlite/sqlite-connection.ts'
import { retryWhileBusy } from './transaction-queue.ts'

/** How long SQLite itself may wait for a lock. It blocks the process meanwhile, so longer waits are done around it. */
export const BUSY_SLICE_MS = 200

/**
 * Opens a state file, and creates it, with its folder, for this user alone, when it is not there and may be written;
 * SQLite gives its log the same permissions. Nothing is written to a file that exists. Throws what SQLite or the file system throws.
 */
export function openConnection(path: string, options: ConnectionOptions): Connection {
  const readOnly = options.readOnly === true
  if (!readOnly) {
    makePrivateFolder(dirname(path))
    makePrivateFile(path)
  }
  // SQLite opens a file that it may not write for reading, and says so only at the first write.
  if (existsSync(path)) accessSync(path, readOnly ? constants.R_OK : constants.R_OK | constants.W_OK)
  const connection = new Connection(path, { ...options, timeoutMs: Math.min(options.timeoutMs, BUSY_SLICE_MS) })
  try {
    // The first read finds a file that is none of SQLite's.
    connection.pragma('schema_version')
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Puts the file into WAL mode, where readers do not stop the writer. Free when it already is. */
export async function useWriteAheadLog(connection: Connection, timeoutMs: number): Promise<void> {
  await retryWhileBusy(() => connection.pragma('journal_mode = WAL'), timeoutMs)
}
