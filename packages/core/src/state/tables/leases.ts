import type { Connection } from '../connection.ts'
import { Lease, type LeaseRow } from '../entities/index.ts'
import type { ProcessProbe } from '../process-identity.ts'
import type { HeldLease, SourceRef } from '../records.ts'
import { LeaseHeldError } from '../state-errors.ts'
import type { StateSession } from '../state-session.ts'
import { toUtcText } from '../utc-date-time.ts'
import { leaseLost, nameOf } from './source-view.ts'
import { type Found, type Selected, Table } from './table.ts'

/** A lease without a heartbeat for this long, in milliseconds, may be taken over. */
const LEASE_EXPIRY_MS = 30_000

const LEASES = new Table(Lease)
const TAKE = LEASES.upsert(['sourceId'])

type FoundLease = Found<LeaseRow>

/** Who writes a source (I8). */
export class Leases {
  readonly #session: StateSession
  readonly #processes: ProcessProbe
  readonly #newHolder: () => string

  /** @internal */
  constructor(session: StateSession, processes: ProcessProbe, newHolder: () => string) {
    this.#session = session
    this.#processes = processes
    this.#newHolder = newHolder
  }

  /**
   * Takes the lease of a source. A lease of a dead process of this machine, or one without a heartbeat for 30 s, is
   * replaced. @throws LeaseHeldError naming the holder and since when.
   */
  async acquire(ref: SourceRef): Promise<HeldLease> {
    const request = { ref, holder: this.#newHolder(), processes: this.#processes }
    return this.#session.writeNew('leases.acquire', ref, (db, { sourceId }) =>
      takeLease(db, { ...request, sourceId, now: this.#session.now() }),
    )
  }

  /** Call it at least every 10 s. @throws ConcurrentUpdateError when the lease was taken over. */
  async heartbeat(lease: HeldLease): Promise<void> {
    await this.#session.writeLeased('leases.heartbeat', lease, {}, (db, { sourceId }) =>
      renewLease(db, sourceId, lease, this.#session.now()),
    )
  }

  /** Gives the lease back; nothing when it was lost. */
  async release(lease: HeldLease): Promise<void> {
    await this.#session.writeKnown('leases.release', lease.ref, (db, { sourceId }) => dropLease(db, sourceId, lease))
  }
}

/** What taking a lease needs. */
export interface LeaseRequest {
  readonly ref: SourceRef
  readonly sourceId: number
  readonly holder: string
  readonly processes: ProcessProbe
  readonly now: Date
}

/** As {@link Leases.acquire}. */
export function takeLease(db: Connection, request: LeaseRequest): HeldLease {
  const { ref, sourceId, holder, processes, now } = request
  const [current] = readLeases(db, 'WHERE source_id = ?', sourceId)
  if (current !== undefined && isHeld(current, processes, now)) throw held(nameOf(ref), current)
  db.run(TAKE, ...LEASES.values({ ...processes.self(), sourceId, holder, acquiredAt: now, heartbeatAt: now }))
  return { ref, holder, acquiredAt: now }
}

/** As {@link Leases.heartbeat}. */
export function renewLease(db: Connection, sourceId: number, lease: HeldLease, now: Date): void {
  const renew = 'UPDATE {leases} SET heartbeat_at = ? WHERE source_id = ? AND holder = ?'
  if (db.run(renew, toUtcText(now), sourceId, lease.holder) === 0) throw leaseLost(lease)
}

/** As {@link Leases.release}. */
export function dropLease(db: Connection, sourceId: number, lease: HeldLease): void {
  db.run('DELETE FROM {leases} WHERE source_id = ? AND holder = ?', sourceId, lease.holder)
}

/** @throws LeaseHeldError when a run of any source is writing. */
export function refuseWhileLeased(db: Connection, processes: ProcessProbe, now: Date): void {
  for (const lease of readLeases(db, '')) {
    if (isHeld(lease, processes, now)) throw held('a source', lease)
  }
}

function readLeases(db: Connection, where: string, ...values: readonly number[]): readonly FoundLease[] {
  return db.all<Selected<LeaseRow>>(`SELECT ${LEASES.columns} FROM {leases} ${where}`, ...values).map((row) => LEASES.read(row))
}

function isHeld(lease: FoundLease, processes: ProcessProbe, now: Date): boolean {
  if (processes.look({ ...lease, processStart: lease.processStart ?? null }) === 'dead') return false
  return now.getTime() - lease.heartbeatAt.getTime() < LEASE_EXPIRY_MS
}

function held(what: string, lease: FoundLease): LeaseHeldError {
  return new LeaseHeldError({ what, heldBy: `pid ${lease.pid} on ${lease.hostname}`, since: lease.acquiredAt })
}
