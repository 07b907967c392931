import type { Connection } from '../connection.ts'
import type { Fingerprints } from '../records.ts'

type FingerprintColumns = Fingerprints & { readonly id: number }

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
    const found = db.get<FingerprintColumns>('SELECT * FROM {fingerprint_sets} WHERE id = ?', id) as FingerprintColumns
    const { selection, extraction, chunking, embedding, payload } = found
    const set: Fingerprints = { selection, extraction, chunking, embedding, payload }
    this.#byId.set(id, set)
    return set
  }

  idOf(db: Connection, set: Fingerprints): number {
    const values = [set.embedding, set.selection, set.extraction, set.chunking, set.payload] as const
    const key = JSON.stringify(values)
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    db.run(
      `INSERT INTO {fingerprint_sets} (embedding, selection, extraction, chunking, payload) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      ...values,
    )
    const row = db.get<{ id: number }>(
      `SELECT id FROM {fingerprint_sets}
       WHERE embedding = ? AND selection = ? AND extraction = ? AND chunking = ? AND payload = ?`,
      ...values,
    ) as { id: number }
    this.#ids.set(key, row.id)
    return row.id
  }
}
