import { stateError } from '../codes.ts'
import type { Connection } from '../connection.ts'
import { SourceState } from '../entities/index.ts'
import type { HeldLease, SourceRef } from '../records.ts'
import { ConcurrentUpdateError } from '../state-errors.ts'
import type { FingerprintSets } from './fingerprint-sets.ts'
import { Table } from './table.ts'

/** The table of sources. */
export const SOURCES = new Table(SourceState)

/** A source with what its rows need to be read. */
export interface SourceView {
  readonly ref: SourceRef
  readonly sourceId: number
  readonly fingerprints: FingerprintSets
}

/** The number of a source, undefined for one that never had a lease. */
export function findSourceId(db: Connection, ref: SourceRef): number | undefined {
  return db.get<{ id: number }>(
    'SELECT id FROM {source_states} WHERE project = ? AND source_type = ? AND source = ?',
    ref.project,
    ref.sourceType,
    ref.source,
  )?.id
}

/** The number of a source, which is created when it is new. */
export function ensureSource(db: Connection, ref: SourceRef): number {
  const found = findSourceId(db, ref)
  if (found !== undefined) return found
  db.run(SOURCES.insert, ...SOURCES.values({ ...ref, reconciled: false, heldDeletions: 0 }))
  return findSourceId(db, ref) as number
}

/** I8: called first in every writing transaction. @throws ConcurrentUpdateError */
export function requireLease(db: Connection, sourceId: number, lease: HeldLease): void {
  const found = db.get('SELECT 1 FROM {leases} WHERE source_id = ? AND holder = ?', sourceId, lease.holder)
  if (found === undefined) throw leaseLost(lease)
}

/** The error of a run whose lease was taken over. */
export function leaseLost({ ref }: HeldLease): ConcurrentUpdateError {
  return new ConcurrentUpdateError(stateError.describe('lease_lost', { source: nameOf(ref) }))
}

/** A source as messages name it. */
export function nameOf(ref: SourceRef): string {
  return `${ref.project}/${ref.sourceType}/${ref.source}`
}
