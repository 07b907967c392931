import { isLoaderError, type LoaderError, type LoaderErrorInit } from '@qdrant-loader/connector-sdk'
import { DatabaseError } from './state-errors.ts'

type Description = Pick<LoaderErrorInit, 'code' | 'kind' | 'message' | 'hint'>

/** True when another connection holds the lock that was needed. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
}

/**
 * Turns what SQLite or the file system threw into an error that says what to do. Errors that are already ours pass
 * unchanged. A full disk is of kind `config`: trying again does not help before somebody has made room.
 */
export function toStateError(error: unknown, path: string): LoaderError {
  if (isLoaderError(error)) return error
  const described = describe(codeOf(error), path)
  if (described !== undefined) return new DatabaseError({ ...described, cause: error })
  return new DatabaseError({
    code: 'state_database',
    kind: 'internal',
    message: `The state database ${path} refused an operation: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'This is a defect. Please report it with the log of a run at --log-level debug.',
    cause: error,
  })
}

function codeOf(error: unknown): string {
  // TypeORM wraps what the driver threw.
  for (const candidate of [(error as { driverError?: unknown } | null)?.driverError, error]) {
    const code = (candidate as { code?: unknown } | null | undefined)?.code
    if (typeof code === 'string') return code
  }
  return ''
}

function describe(code: string, path: string): Description | undefined {
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return corrupt(path)
  if (/^SQLITE_(BUSY|LOCKED)/.test(code) || code === 'SQLITE_PROTOCOL') return locked(path)
  if (FULL.has(code)) return full(path)
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code) || UNWRITABLE.has(code)) return unwritable(path)
  if (code.startsWith('SQLITE_IOERR')) {
    return {
      code: 'state_io',
      kind: 'config',
      message: `Reading or writing the state database ${path} failed in the file system (${code}).`,
      hint: 'Check the disk, and that the file is on a local file system: network file systems do not lock reliably.',
    }
  }
  return undefined
}

/**
 * SQLite says SQLITE_FULL only for ENOSPC. A quota (EDQUOT) or a size limit (EFBIG) surfaces as a failed write, and a
 * disk that fills up while the shared-memory file grows as a failed SHMSIZE.
 */
const FULL = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_SHMSIZE',
  'SQLITE_IOERR_TRUNCATE',
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
])

const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'EISDIR', 'EEXIST'])

function corrupt(path: string): Description {
  return {
    code: 'state_corrupt',
    kind: 'config',
    message: `The state database ${path} is damaged or no SQLite database. It was left as it is.`,
    hint: 'Restore it from a backup, or move it away: the next sync then builds the state again from the sources.',
  }
}

function locked(path: string): Description {
  return {
    code: 'state_locked',
    kind: 'transient',
    message: `The state database ${path} stayed locked by another process longer than the time-out.`,
    hint: 'Wait until the other process is done, or raise state_management.connection_pool.timeout.',
  }
}

function full(path: string): Description {
  return {
    code: 'state_disk_full',
    kind: 'config',
    message: `The state database ${path} could not grow: the disk is full, or a quota or size limit is reached.`,
    hint: 'Free space on that disk and start again: nothing was lost, the run goes on where it stopped.',
  }
}

function unwritable(path: string): Description {
  return {
    code: 'state_unwritable',
    kind: 'config',
    message: `The state database ${path} cannot be created or written.`,
    hint: 'Make the file and its folder writable, or set STATE_DB_PATH or state_management.database_path to another place.',
  }
}
