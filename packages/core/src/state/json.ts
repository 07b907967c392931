import { DatabaseError } from './state-errors.ts'

/** Reads a JSON column. @throws DatabaseError when the text is no JSON: the file was changed by something else. */
export function fromJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    throw new DatabaseError({
      code: 'state_corrupt',
      kind: 'config',
      message: 'A value in the state database is not readable as JSON.',
      hint: 'Restore the file from a backup, or move it away: the next sync then builds the state again.',
      cause,
    })
  }
}
