import { LoaderError } from '@qdrant-loader/connector-sdk'
import { stateError } from './codes.ts'

/** Everything the state room throws is one of these. Codes start with `state_`, but for `lease_held` and `lease_lost`. */
export class StateError extends LoaderError {
  override name = 'StateError'
}

/** The database file cannot be opened, read or written. `cause` is what SQLite said. */
export class DatabaseError extends StateError {
  override name = 'DatabaseError'
}

/** The tables of the file cannot be brought to what this version needs, or back. */
export class MigrationError extends StateError {
  override name = 'MigrationError'
}

/** A row that must exist does not. */
export class StateNotFoundError extends StateError {
  override name = 'StateNotFoundError'
}

/** A value was refused before anything was written. */
export class StateValidationError extends StateError {
  override name = 'StateValidationError'
}

/**
 * Somebody else wrote in between: the version of a row is another one (`state_version_stale`), or the lease was taken
 * over (`lease_lost`). Nothing was written, and the same call would fail again.
 */
export class ConcurrentUpdateError extends StateError {
  override name = 'ConcurrentUpdateError'
}

/** Another run holds the lease of the source (I8). The code is `lease_held`. */
export class LeaseHeldError extends StateError {
  override name = 'LeaseHeldError'
  /** `pid 4711 on host`. */
  readonly heldBy: string
  readonly since: Date

  constructor(by: { readonly what: string; readonly heldBy: string; readonly since: Date }) {
    super(stateError.describe('lease_held', { what: by.what, holder: by.heldBy, since: by.since.toISOString() }))
    this.heldBy = by.heldBy
    this.since = by.since
  }
}
