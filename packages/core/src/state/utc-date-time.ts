import type { ValueTransformer } from 'typeorm'
import { stateError } from './codes.ts'
import { StateValidationError } from './state-errors.ts'

const ISO = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/

/**
 * The one way in which a time enters and leaves the database: UTC ISO 8601 text with milliseconds
 * (`2026-11-22T10:00:00.000Z`), whose order as text is the order in time. Accepts a `Date`, or ISO text with a zone
 * (`Z` or an offset); text without a zone is refused, since it means another instant on every machine. `null` and
 * `undefined` pass through.
 *
 * @throws StateValidationError for invalid dates, text without a zone, and years before 0 or after 9999.
 */
export const UTCDateTime = {
  to(value: Date | string | null | undefined): string | null | undefined {
    return value === null || value === undefined ? value : toUtcText(value)
  },
  from(value: string | null | undefined): Date | null | undefined {
    return value === null || value === undefined ? value : new Date(toUtcText(value))
  },
} satisfies ValueTransformer

/** The instant as UTC text. @throws StateValidationError, as {@link UTCDateTime} does. */
export function toUtcText(value: Date | string): string {
  const date = typeof value === 'string' ? parse(value) : value
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) throw invalid(value, 'it is no valid date')
  const text = date.toISOString()
  if (text.length !== 24) throw invalid(value, 'its year is out of range')
  return text
}

function parse(text: string): Date {
  const match = ISO.exec(text)
  if (match === null) throw invalid(text, 'it is no ISO 8601 time with a zone')
  const [, year, month, day] = match
  // JavaScript reads 30 February as 1 March.
  if (Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) {
    throw invalid(text, 'there is no such day')
  }
  return new Date(text)
}

function invalid(value: unknown, reason: string): StateValidationError {
  const shown = value instanceof Date ? 'An invalid Date' : JSON.stringify(value)
  return new StateValidationError(stateError.describe('state_date_invalid', { value: shown, reason }))
}
