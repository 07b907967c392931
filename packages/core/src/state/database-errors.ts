import { isLoaderError, type LoaderError, type LoaderErrorInit } from '@qdrant-loader/connector-sdk'
import { faultOf, type SqliteFault } from '../sqlite/sqlite-fault.ts'
import { DatabaseError } from './state-errors.ts'

/** What a user is told of each fault. Kinds and instructions are those of the embedded store. */
const FAULTS: Readonly<Record<SqliteFault, Pick<LoaderErrorInit, 'code' | 'kind' | 'hint'> & { readonly what: string }>> = {
  locked: {
    code: 'state_locked',
    kind: 'transient',
    what: 'stayed locked by another process for too long',
    hint: 'Wait until the other process that uses this file is done, then run the command again.',
  },
  corrupt: {
    code: 'state_corrupt',
    kind: 'config',
    what: 'is damaged or no SQLite database. It was left as it is',
    hint: 'Restore it from a backup, or move it away: the next sync builds it again from the sources.',
  },
  full: {
    code: 'state_disk_full',
    kind: 'config',
    what: 'cannot grow: the disk is full, or a quota or a limit of sizes is reached',
    hint: 'Free space on that disk, or raise the limit, and run the command again: nothing was lost.',
  },
  unwritable: {
    code: 'state_unwritable',
    kind: 'config',
    what: 'cannot be created, opened or written',
    hint: 'Make the file and its folder readable and writable for this user, or set STATE_DB_PATH or state_management.database_path to another place.',
  },
  io: {
    code: 'state_io',
    kind: 'config',
    what: 'cannot be read or written: the file system reports an error',
    hint: 'Check the disk, and that the file is on a local file system: network file systems do not lock reliably.',
  },
  exhausted: {
    code: 'state_exhausted',
    kind: 'transient',
    what: 'cannot be used: no memory or no file handles are left',
    hint: 'End other programs, or raise the limits of this process (memory, open files), and run the command again.',
  },
  defect: {
    code: 'state_database',
    kind: 'internal',
    what: 'refused an operation',
    hint: 'This is a defect. Please report it with the log of a run at --log-level debug.',
  },
}

/** Turns what SQLite or the file system threw into an error that says what to do. Errors that are already ours pass unchanged. */
export function toStateError(error: unknown, path: string): LoaderError {
  if (isLoaderError(error)) return error
  const { fault, code: said, detail } = faultOf(error)
  const { code, kind, what, hint } = FAULTS[fault]
  const message = `The state database ${path} ${what} (${said === '' ? '' : `${said}: `}${detail}).`
  return new DatabaseError({ code, kind, message, hint, cause: error })
}
