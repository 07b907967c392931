import { prepareFile, SqliteConnection } from '../sqlite/sqlite-connection.ts'
import { whileBusy } from '../sqlite/while-busy.ts'

/** How a connection is opened. */
export interface ConnectionOptions {
  /** What every name of a table begins with. */
  readonly prefix: string
  /** Refuses every write. Default false. */
  readonly readOnly?: boolean
}

/**
 * A connection to a state file. In SQL, `{document_states}` stands for the table with the configured prefix. Everything
 * on it is synchronous, so one callback that does not await can never be interleaved with another.
 *
 * Lists are bound as one JSON text and read with `json_each`: one statement for every length, and no limit of
 * variables. On PostgreSQL the same place reads `jsonb_array_elements_text`.
 */
export class Connection extends SqliteConnection {
  readonly #prefix: string

  /** @param file as {@link SqliteConnection} takes it. */
  constructor(file: string | Buffer, { prefix, readOnly = false }: ConnectionOptions) {
    super(file)
    this.#prefix = prefix
    try {
      this.pragma('foreign_keys = ON')
      // I5 and I6 must survive a power loss too: with NORMAL a remote store could have applied writes whose intents the
      // state no longer knows. It costs one fsync per commit, and a batch has two.
      // A first sync writes the same index pages again and again: copying them back every 1,000 pages halves its speed.
      // The log then grows to some 32 MB; it is cut down afterwards, and gone when the last connection closes.
      this.makeDurable(8_000)
      this.pragma('journal_size_limit = 8000000')
      this.pragma('cache_size = -32000')
      this.pragma('temp_store = MEMORY')
      if (readOnly) this.pragma('query_only = ON')
    } catch (error) {
      this.close()
      throw error
    }
  }

  protected override named(sql: string): string {
    return sql.replace(/\{([a-z_]+)\}/g, (_, name: string) => `"${this.#prefix}${name}"`)
  }
}

/** Opens a state file, and makes it when it may be written. Throws what SQLite or the file system throws. */
export function openConnection(path: string, options: ConnectionOptions): Connection {
  prepareFile(path, options.readOnly === true ? 'read' : 'write')
  const connection = new Connection(path, options)
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
  await whileBusy(() => connection.pragma('journal_mode = WAL'), { timeoutMs })
}
