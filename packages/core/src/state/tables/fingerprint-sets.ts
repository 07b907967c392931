import type { Connection } from '../connection.ts'
import { FingerprintSet } from '../entities/index.ts'
import type { Fingerprints } from '../values.ts'
import { Table } from './table.ts'

const SETS = new Table(FingerprintSet)

/** Numbers for sets of fingerprints, remembered: a source has a handful of them and thousands of documents. */
export class FingerprintSets {
  readonly #byId = new Map<number, Fingerprints>()
  readonly #ids = new Map<string, number>()

  /** Call it when a transaction was rolled back: a number that was made in it belongs to nothing. */
  forget(): void {
    this.#byId.clear()
    this.#ids.clear()
  }

  read(db: Connection, id: number): Fingerprints {
    const known = this.#byId.get(id)
    if (known !== undefined) return known
    const found = db.get<Fingerprints & { id: number }>(`SELECT ${SETS.columns} FROM {fingerprint_sets} WHERE id = ?`, id)
    const { id: _, ...set } = found as Fingerprints & { id: number }
    this.#byId.set(id, set)
    return set
  }

  idOf(db: Connection, set: Fingerprints): number {
    const values = SETS.values(set)
    const key = JSON.stringify(values)
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    db.run(`${SETS.insert} ON CONFLICT DO NOTHING`, ...values)
    const row = db.get<{ id: number }>(
      `SELECT id FROM {fingerprint_sets}
       WHERE selection = ? AND extraction = ? AND chunking = ? AND embedding = ? AND payload = ?`,
      ...values,
    ) as { id: number }
    this.#ids.set(key, row.id)
    return row.id
  }
}
