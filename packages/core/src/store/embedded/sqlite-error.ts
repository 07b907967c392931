import { isLoaderError, LoaderError, type LoaderErrorInit } from '@qdrant-loader/connector-sdk'

type Description = Pick<LoaderErrorInit, 'code' | 'kind' | 'hint'> & { readonly what: string }

const UNWRITABLE: Description = {
  code: 'store_path_unwritable',
  kind: 'config',
  what: 'cannot be opened or written',
  hint: 'Make the file and its folder readable and writable for this user, or set another `embedded.path`.',
}

const DESCRIPTIONS: ReadonlyArray<readonly [RegExp, Description]> = [
  [
    /^SQLITE_(BUSY|LOCKED|PROTOCOL)/,
    {
      code: 'store_locked',
      kind: 'transient',
      what: 'is locked by another process',
      hint: 'Wait until the other process that uses this file is done, then run the command again.',
    },
  ],
  [
    /^SQLITE_(CORRUPT|NOTADB|FORMAT)/,
    {
      code: 'store_corrupt',
      kind: 'config',
      what: 'is damaged or is no SQLite database',
      hint: 'Restore the file from a backup, or move it away: the next sync builds it again from the sources.',
    },
  ],
  [
    /^(SQLITE_FULL|SQLITE_IOERR_(WRITE|SHMSIZE|TRUNCATE)|ENOSPC|EDQUOT)/,
    {
      code: 'store_disk_full',
      kind: 'config',
      what: 'cannot grow: the disk is full',
      hint: 'Free disk space, or set `embedded.path` to a larger disk, then run the command again. Nothing is lost.',
    },
  ],
  [
    /^SQLITE_IOERR/,
    {
      code: 'store_io_error',
      kind: 'config',
      what: 'cannot be read or written: the disk reports an error',
      hint: 'Check the disk and its free space, or set `embedded.path` to another disk (not a network share).',
    },
  ],
  [/^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EEXIST|EISDIR)/, UNWRITABLE],
]

/** Turns an error of SQLite or of the file system into a LoaderError that names the file and what to do. */
export function storeErrorFromSqlite(error: unknown, path: string): LoaderError {
  if (isLoaderError(error)) return error
  const code = codeOf(error)
  const known = DESCRIPTIONS.find(([pattern]) => pattern.test(code))?.[1]
  const detail = error instanceof Error ? error.message : String(error)
  if (known !== undefined) {
    const message = `The embedded store ${path} ${known.what} (${code}: ${detail}).`
    return new LoaderError({ code: known.code, kind: known.kind, message, hint: known.hint, cause: error })
  }
  return new LoaderError({
    code: 'store_failed',
    kind: 'internal',
    message: `The embedded store ${path} failed (${code === '' ? '' : `${code}: `}${detail}).`,
    hint: 'Report this error together with the log of a run with `--log-level debug`.',
    cause: error,
  })
}

/** True for an error that goes away when the other process is done. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : ''
}
