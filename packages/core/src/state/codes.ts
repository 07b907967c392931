import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

const REPORT = 'This is a defect. Please report it with the log of a run at --log-level debug.'

/** What goes wrong with the state database. */
export const STATE_CODES = {
  // Other runs.
  lease_held: {
    kind: 'transient',
    message: 'Another run is writing {what}: {holder}, since {since}.',
    hint: 'Wait until it is done, or stop it. A run that was killed gives way at once, a silent one after 30 s.',
  },
  lease_lost: {
    kind: 'transient',
    message: 'Another run took over {source}, because this one gave no sign of life for 30 s.',
    hint: 'Nothing was lost: let the other run finish, or start this one again afterwards.',
  },
  state_pool_exhausted: {
    kind: 'transient',
    message: 'All {count} reading connections of the state database stayed in use longer than the time-out.',
    hint: 'Raise state_management.connection_pool.size or its timeout.',
  },

  // Where the file is.
  state_path_invalid: {
    kind: 'config',
    message: 'The database_url ({scheme}) is not that of a SQLite file.',
    hint: 'Write it as sqlite:///relative/path.db or sqlite:////absolute/path.db.',
  },
  'state_path_invalid/parameters': {
    kind: 'config',
    message: 'The database_url has parameters, which are not supported.',
    hint: 'Remove what follows the path.',
  },
  'state_path_invalid/both': {
    kind: 'config',
    message: 'Both database_path and database_url are set.',
    hint: 'Keep one of the two under state_management.',
  },
  state_table_prefix_invalid: {
    kind: 'config',
    message: 'The table prefix {prefix} cannot be used in names of tables.',
    hint: 'Set global.state_management.table_prefix to at most 31 lower-case letters, digits and underscores that begin with a letter, not with sqlite_.',
  },

  // The file. Kinds and instructions are those of the embedded store.
  state_locked: {
    kind: 'transient',
    message: 'The state database {path} stayed locked by another process for too long ({said}).',
    hint: 'Wait until the other process that uses this file is done, then run the command again.',
  },
  state_corrupt: {
    kind: 'config',
    message: 'The state database {path} is damaged or not a SQLite database. It was left as it is ({said}).',
    hint: 'Restore it from a backup, or move it away: the next sync builds it again from the sources.',
  },
  'state_corrupt/value': {
    kind: 'config',
    message: 'A value in the state database is not readable as JSON.',
    hint: 'Restore the file from a backup, or move it away: the next sync builds it again from the sources.',
  },
  state_disk_full: {
    kind: 'config',
    message: 'The state database {path} cannot grow: the disk is full, or a quota or a limit of sizes is reached ({said}).',
    hint: 'Free space on that disk, or raise the limit, and run the command again: nothing was lost.',
  },
  state_unwritable: {
    kind: 'config',
    message: 'The state database {path} cannot be created, opened or written ({said}).',
    hint: 'Make the file and its folder readable and writable for this user, or set STATE_DB_PATH or state_management.database_path to another place.',
  },
  'state_unwritable/nowhere': {
    kind: 'config',
    message: 'There is no place for the state database: neither {user} nor {folder} can be used.',
    hint: 'Set STATE_DB_PATH or state_management.database_path to a file in a folder that can be written.',
  },
  state_io: {
    kind: 'config',
    message: 'The state database {path} cannot be read or written: the file system reports an error ({said}).',
    hint: 'Check the disk, and that the file is on a local file system: network file systems do not lock reliably.',
  },
  state_exhausted: {
    kind: 'transient',
    message: 'The state database {path} cannot be used: no memory or no file handles are left ({said}).',
    hint: 'End other programs, or raise the limits of this process (memory, open files), and run the command again.',
  },
  state_database: {
    kind: 'internal',
    message: 'The state database {path} refused an operation ({said}).',
    hint: REPORT,
  },

  // Its version.
  state_newer_version: {
    kind: 'config',
    message: 'The state database {path} was written by a newer version of qdrant-loader (it has {migrations}).',
    hint: 'Update qdrant-loader, or use another state file. Nothing was changed.',
  },
  state_migration_pending: {
    kind: 'config',
    message: 'The state database {path} is of an older version, and this command does not change it.',
    hint: 'Run `qdrant-loader migrate up`, or a sync, which brings it up to date.',
  },
  state_migration_failed: {
    kind: 'internal',
    message: 'A migration of the state database {path} failed: {said}',
    hint: 'Nothing was changed. Please report it; the version that was used before still works with this file.',
  },
  state_nothing_to_undo: {
    kind: 'config',
    message: 'No migration is recorded in the state database {path}.',
    hint: 'Run `qdrant-loader migrate status` to see what is there.',
  },

  // How it is used.
  state_version_stale: {
    kind: 'transient',
    message: 'The state of document {id} was changed meanwhile: version {expected} was expected, {found} is there.',
    hint: 'Read the document again and repeat the change.',
  },
  state_document_unknown: {
    kind: 'internal',
    message: 'The state has no document {id}.',
    hint: 'Run a sync first: only documents that were indexed are in the state.',
  },
  state_run_unknown: {
    kind: 'internal',
    message: 'The history has no run {id} of this source.',
    hint: 'Start the run before changing it.',
  },
  state_date_invalid: {
    kind: 'internal',
    message: '{value} cannot be stored as a time: {reason}.',
    hint: 'Give a valid Date, or ISO 8601 text with a zone such as 2026-11-22T10:00:00Z.',
  },
  state_transaction_failed: {
    kind: 'internal',
    message: 'A transaction was rolled back because one inside it failed.',
    hint: REPORT,
  },
  state_read_only: {
    kind: 'internal',
    message: 'The state was opened for reading and cannot be written.',
    hint: REPORT,
  },
  state_closed: {
    kind: 'internal',
    message: 'The state was used after it was closed.',
    hint: REPORT,
  },
} as const satisfies ErrorTable

export const stateError = errorsOf(STATE_CODES)
