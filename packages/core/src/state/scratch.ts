import { setImmediate as nextTurn } from 'node:timers/promises'
import { whileBusy } from '../sqlite/while-busy.ts'
import { Connection } from './connection.ts'
import { TABLES } from './tables.ts'

/** They say nothing of what the next run does: who writes now, what earlier runs did, and how fast they were. */
const LEFT_OUT: readonly string[] = ['leases', 'ingestion_history', 'metric_samples']

/** SQLite keeps a database without a name in memory while it is small, and then in a file that nobody else can open. */
const NAMELESS = ''

/**
 * A private copy of a state file as it is at this moment: what is done to it is seen by nobody, and gone when it is
 * closed, also when the process is killed. The file is only read, and those who write it do not wait.
 *
 * @param path of a file of this version.
 */
export async function copyState(
  path: string,
  { prefix, timeoutMs }: { readonly prefix: string; readonly timeoutMs: number },
): Promise<Connection> {
  const copy = new Connection(NAMELESS, { prefix })
  try {
    forgoDurability(copy)
    copy.run('ATTACH ? AS original', path)
    // With foreign keys on, SQLite would copy row by row instead of record by record.
    copy.pragma('foreign_keys = OFF')
    // The first read fixes the moment.
    await whileBusy(() => copy.exec('BEGIN; SELECT 1 FROM original.sqlite_master LIMIT 1'), { timeoutMs })
    createTables(copy, prefix)
    for (const table of TABLES.filter((name) => !LEFT_OUT.includes(name))) {
      copy.exec(`INSERT INTO main.{${table}} SELECT * FROM original.{${table}}`)
      await nextTurn()
    }
    copy.exec('COMMIT; DETACH original')
    copy.pragma('foreign_keys = ON')
    return copy
  } catch (error) {
    copy.close()
    throw error
  }
}

/** Copies a state file, of whatever version, into another one. It is only read. */
export async function copyFile(from: string, to: string, options: { readonly prefix: string; readonly timeoutMs: number }): Promise<void> {
  const nothing = new Connection(NAMELESS, options)
  try {
    nothing.run('ATTACH ? AS original', from)
    await whileBusy(() => nothing.run('VACUUM original INTO ?', to), options)
  } finally {
    nothing.close()
  }
}

/** Nothing of a scratch has to survive anything. */
export function forgoDurability(connection: Connection): void {
  connection.pragma('journal_mode = MEMORY')
  connection.pragma('synchronous = OFF')
}

/** The tables and indexes of the original, empty. */
function createTables(copy: Connection, prefix: string): void {
  const wanted = TABLES.map((table) => `${prefix}${table}`)
  const schema = copy.all<{ sql: string }>(
    `SELECT sql FROM original.sqlite_master
     WHERE tbl_name IN (SELECT value FROM json_each(?)) AND type IN ('table', 'index') AND sql IS NOT NULL
     ORDER BY type = 'index'`,
    JSON.stringify(wanted),
  )
  for (const { sql } of schema) copy.exec(sql)
}
