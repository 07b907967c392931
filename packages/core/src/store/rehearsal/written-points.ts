import { type Database, sqliteDriver, type Statement } from '../../sqlite/sqlite-driver.ts'
import type { PointPayload } from '../vector-store.ts'

/** A point that was written, or (`payload` undefined) deleted. */
export interface WrittenPoint {
  readonly id: string
  readonly payload: PointPayload | undefined
}

type Row = { readonly id: string; readonly payload: string | null }

/**
 * What a dry run wrote and deleted, by id: in a database without a name, which SQLite keeps in memory while it is small,
 * and nobody else sees.
 */
export class WrittenPoints {
  readonly #database: Database
  readonly #put: Statement
  readonly #among: Statement
  readonly #page: Statement

  constructor() {
    this.#database = new (sqliteDriver())('')
    this.#database.pragma('journal_mode = OFF')
    this.#database.exec('CREATE TABLE written (id TEXT PRIMARY KEY, payload TEXT) STRICT, WITHOUT ROWID')
    this.#put = this.#database.prepare('INSERT OR REPLACE INTO written (id, payload) VALUES (?, ?)')
    this.#among = this.#database.prepare('SELECT id, payload FROM written WHERE id IN (SELECT value FROM json_each(?))')
    this.#page = this.#database.prepare('SELECT id, payload FROM written WHERE id > ? ORDER BY id LIMIT ?')
  }

  put(points: readonly WrittenPoint[]): void {
    const putAll = this.#database.transaction(() => {
      for (const { id, payload } of points) this.#put.run(id, payload === undefined ? null : JSON.stringify(payload))
    })
    putAll()
  }

  /** Those of the ids that were written or deleted. */
  among(ids: readonly string[]): ReadonlyMap<string, WrittenPoint> {
    const rows = this.#among.all(JSON.stringify(ids)) as Row[]
    return new Map(rows.map((row) => [row.id, pointOf(row)]))
  }

  /** By ascending id, the next ones behind `after`. */
  page(after: string, limit: number): readonly WrittenPoint[] {
    return (this.#page.all(after, limit) as Row[]).map(pointOf)
  }

  close(): void {
    this.#database.close()
  }
}

function pointOf({ id, payload }: Row): WrittenPoint {
  return { id, payload: payload === null ? undefined : (JSON.parse(payload) as PointPayload) }
}
