import type { Connection } from '../connection.ts'
import type { ProcessIdentity, ProcessProbe } from '../process-identity.ts'
import type { HeldLease, SourceRef } from '../records.ts'
import { ConcurrentUpdateError, LeaseHeldError } from '../state-errors.ts'
import { toUtcText } from '../utc-date-time.ts'

/** A lease without a heartbeat for this long, in milliseconds, may be taken over. */
const LEASE_EXPIRY_MS = 30_000

interface LeaseColumns {
  readonly source_id: number
  readonly holder: string
  readonly pid: number
  readonly hostname: string
  readonly boot_id: string
  readonly process_start: string | null
  readonly acquired_at: string
  readonly heartbeat_at: string
}

/** What taking a lease needs. */
export interface LeaseRequest {
  readonly ref: SourceRef
  readonly sourceId: number
  readonly holder: string
  readonly processes: ProcessProbe
  readonly now: number
}

/** Takes the lease, from a dead or silent holder too. @throws LeaseHeldError */
export function takeLease(db: Connection, request: LeaseRequest): HeldLease {
  const { ref, sourceId, holder, now } = request
  const current = db.get<LeaseColumns>('SELECT * FROM {leases} WHERE source_id = ?', sourceId)
  if (current !== undefined && isHeld(current, request.processes, now)) throw held(describe(ref), current)
  const self = request.processes.self()
  const acquiredAt = new Date(now)
  const at = toUtcText(acquiredAt)
  db.run(
    `INSERT INTO {leases} (source_id, holder, pid, hostname, boot_id, process_start, acquired_at, heartbeat_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (source_id) DO UPDATE SET holder = excluded.holder, pid = excluded.pid, hostname = excluded.hostname,
       boot_id = excluded.boot_id, process_start = excluded.process_start, acquired_at = excluded.acquired_at,
       heartbeat_at = excluded.heartbeat_at`,
    sourceId,
    holder,
    self.pid,
    self.hostname,
    self.bootId,
    self.processStart,
    at,
    at,
  )
  return { ref, holder, acquiredAt }
}

/** @throws ConcurrentUpdateError when the lease is no longer the caller's. */
export function renewLease(db: Connection, sourceId: number, lease: HeldLease, now: number): void {
  const at = toUtcText(new Date(now))
  const renewed = db.run(
    'UPDATE {leases} SET heartbeat_at = ? WHERE source_id = ? AND holder = ?',
    at,
    sourceId,
    lease.holder,
  )
  if (renewed === 0) throw leaseLost(lease)
}

/** Gives the lease back; nothing when it was lost. */
export function dropLease(db: Connection, sourceId: number, lease: HeldLease): void {
  db.run('DELETE FROM {leases} WHERE source_id = ? AND holder = ?', sourceId, lease.holder)
}

/** I8: called first in every writing transaction. @throws ConcurrentUpdateError */
export function requireLease(db: Connection, sourceId: number, lease: HeldLease): void {
  const found = db.get('SELECT 1 FROM {leases} WHERE source_id = ? AND holder = ?', sourceId, lease.holder)
  if (found === undefined) throw leaseLost(lease)
}

/** @throws LeaseHeldError when a run of any source is writing. */
export function refuseWhileLeased(db: Connection, processes: ProcessProbe, now: number): void {
  for (const lease of db.all<LeaseColumns>('SELECT * FROM {leases}')) {
    if (isHeld(lease, processes, now)) throw held('a source', lease)
  }
}

/** The error of a run whose lease was taken over. */
export function leaseLost(lease: HeldLease): ConcurrentUpdateError {
  return new ConcurrentUpdateError({
    code: 'lease_lost',
    kind: 'transient',
    message: `Another run took over ${describe(lease.ref)}, because this one gave no sign of life for 30 s.`,
    hint: 'Nothing was lost: let the other run finish, or start this one again afterwards.',
  })
}

function isHeld(lease: LeaseColumns, processes: ProcessProbe, now: number): boolean {
  if (processes.look(identityOf(lease)) === 'dead') return false
  return now - Date.parse(lease.heartbeat_at) < LEASE_EXPIRY_MS
}

function identityOf(lease: LeaseColumns): ProcessIdentity {
  return { pid: lease.pid, hostname: lease.hostname, bootId: lease.boot_id, processStart: lease.process_start }
}

function held(what: string, lease: LeaseColumns): LeaseHeldError {
  const heldBy = `pid ${lease.pid} on ${lease.hostname}`
  return new LeaseHeldError({
    heldBy,
    since: new Date(lease.acquired_at),
    message: `Another run is writing ${what}: ${heldBy}, since ${lease.acquired_at}.`,
    hint: 'Wait until it is done, or stop it. A run that was killed gives way at once, a silent one after 30 s.',
  })
}

function describe(ref: SourceRef): string {
  return `${ref.project}/${ref.sourceType}/${ref.source}`
}
