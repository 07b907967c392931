import { stateError } from './codes.ts'
import { DatabaseError } from './state-errors.ts'

/** Reads a JSON column. @throws DatabaseError when the text is no JSON: the file was changed by something else. */
export function fromJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    throw new DatabaseError({ ...stateError.describe('state_corrupt/value'), cause })
  }
}
