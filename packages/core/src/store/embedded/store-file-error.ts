import { isLoaderError, type LoaderError } from '@qdrant-loader/connector-sdk'
import { faultOf, inWords, type SqliteFault } from '../../sqlite/sqlite-fault.ts'
import { storeError } from '../codes.ts'

/** What each fault is for the user. */
const FAULTS = {
  locked: 'store_locked',
  corrupt: 'store_corrupt',
  full: 'store_disk_full',
  unwritable: 'store_path_unwritable',
  io: 'store_io_error',
  exhausted: 'store_exhausted',
  defect: 'store_failed',
} as const satisfies Record<SqliteFault, string>

/** Turns an error of SQLite or of the file system into one that names the file and what to do. Errors that are already ours pass unchanged. */
export function toStoreError(error: unknown, path: string): LoaderError {
  if (isLoaderError(error)) return error
  const found = faultOf(error)
  return storeError(FAULTS[found.fault], { path, said: inWords(found) }, { cause: error })
}
