import { isLoaderError, type LoaderError } from '@qdrant-loader/connector-sdk'
import { faultOf, inWords, type SqliteFault } from '../sqlite/sqlite-fault.ts'
import { stateError } from './codes.ts'
import { DatabaseError } from './state-errors.ts'

/** What each fault is for the user. */
const FAULTS = {
  locked: 'state_locked',
  corrupt: 'state_corrupt',
  full: 'state_disk_full',
  unwritable: 'state_unwritable',
  io: 'state_io',
  exhausted: 'state_exhausted',
  defect: 'state_database',
} as const satisfies Record<SqliteFault, string>

/** Turns what SQLite or the file system threw into an error that says what to do. Errors that are already ours pass unchanged. */
export function toStateError(error: unknown, path: string): LoaderError {
  if (isLoaderError(error)) return error
  const found = faultOf(error)
  return new DatabaseError({ ...stateError.describe(FAULTS[found.fault], { path, said: inWords(found) }), cause: error })
}
