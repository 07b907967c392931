/** What is wrong with a database file, as the user meets it. */
export type SqliteFault =
  /** Another process holds it. Passes. */
  | 'locked'
  | 'corrupt'
  /** It cannot grow: a full disk, a quota, a limit of sizes. */
  | 'full'
  | 'unwritable'
  /** The file system reports an error of its own. */
  | 'io'
  /** No memory or file handles are left. Passes. */
  | 'exhausted'
  /** Nothing that a user can cause or mend. */
  | 'defect'

/** What went wrong, with what SQLite or the system said. */
export interface FoundFault {
  readonly fault: SqliteFault
  /** `SQLITE_BUSY_SNAPSHOT`, `EACCES`; empty where there is none. */
  readonly code: string
  readonly detail: string
}

/** Code and detail in one; what the system says begins with its code as it is. */
export function inWords({ code, detail }: FoundFault): string {
  return code === '' || detail.startsWith(code) ? detail : `${code}: ${detail}`
}

/** Every primary result code (https://www.sqlite.org/rescode.html). An extended one means the same, but for {@link EXTENDED}. */
const PRIMARY: Readonly<Record<string, SqliteFault>> = {
  SQLITE_ERROR: 'defect',
  SQLITE_INTERNAL: 'defect',
  SQLITE_PERM: 'unwritable',
  SQLITE_ABORT: 'defect',
  SQLITE_BUSY: 'locked',
  SQLITE_LOCKED: 'locked',
  SQLITE_NOMEM: 'exhausted',
  SQLITE_READONLY: 'unwritable',
  SQLITE_INTERRUPT: 'defect',
  SQLITE_IOERR: 'io',
  SQLITE_CORRUPT: 'corrupt',
  SQLITE_NOTFOUND: 'defect',
  SQLITE_FULL: 'full',
  SQLITE_CANTOPEN: 'unwritable',
  // Too many processes began at the same time; or the tables were changed each time that a statement was made.
  SQLITE_PROTOCOL: 'locked',
  SQLITE_SCHEMA: 'locked',
  SQLITE_EMPTY: 'defect',
  SQLITE_TOOBIG: 'defect',
  SQLITE_CONSTRAINT: 'defect',
  SQLITE_MISMATCH: 'defect',
  SQLITE_MISUSE: 'defect',
  // The system has no files of this size.
  SQLITE_NOLFS: 'full',
  SQLITE_AUTH: 'unwritable',
  SQLITE_FORMAT: 'corrupt',
  SQLITE_RANGE: 'defect',
  SQLITE_NOTADB: 'corrupt',
  SQLITE_NOTICE: 'defect',
  SQLITE_WARNING: 'defect',
}

/**
 * SQLite says SQLITE_FULL only for ENOSPC. A quota (EDQUOT) or a limit of sizes (EFBIG) surfaces as a failed write, and
 * a disk that fills up while the shared-memory file grows as a failed SHMSIZE.
 */
const EXTENDED: Readonly<Record<string, SqliteFault>> = {
  SQLITE_IOERR_WRITE: 'full',
  SQLITE_IOERR_SHMSIZE: 'full',
  SQLITE_IOERR_TRUNCATE: 'full',
  SQLITE_IOERR_NOMEM: 'exhausted',
  SQLITE_IOERR_BLOCKED: 'locked',
}

/** What the system says of files and folders that we make and look at ourselves. */
const SYSTEM: Readonly<Record<string, SqliteFault>> = {
  EACCES: 'unwritable',
  EPERM: 'unwritable',
  EROFS: 'unwritable',
  ENOENT: 'unwritable',
  ENOTDIR: 'unwritable',
  EISDIR: 'unwritable',
  EEXIST: 'unwritable',
  ELOOP: 'unwritable',
  ENAMETOOLONG: 'unwritable',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EBUSY: 'locked',
  EIO: 'io',
  ESTALE: 'io',
  ENXIO: 'io',
  ENOMEM: 'exhausted',
  EMFILE: 'exhausted',
  ENFILE: 'exhausted',
}

/** The one place that knows what an error of SQLite, of its driver or of the file system means. */
export function faultOf(error: unknown): FoundFault {
  const code = codeOf(error)
  const fault = EXTENDED[code] ?? SYSTEM[code] ?? PRIMARY[primaryOf(code)] ?? 'defect'
  return { fault, code, detail: error instanceof Error ? error.message : String(error) }
}

/** True while another connection holds the lock that was needed: what a wait may end. */
export function isBusy(error: unknown): boolean {
  const primary = primaryOf(codeOf(error))
  return primary === 'SQLITE_BUSY' || primary === 'SQLITE_LOCKED'
}

function primaryOf(code: string): string {
  return code.split('_', 2).join('_')
}

function codeOf(error: unknown): string {
  // TypeORM wraps what the driver threw.
  for (const candidate of [(error as { driverError?: unknown } | null | undefined)?.driverError, error]) {
    const code = (candidate as { code?: unknown } | null | undefined)?.code
    if (typeof code === 'string') return code
  }
  return ''
}
