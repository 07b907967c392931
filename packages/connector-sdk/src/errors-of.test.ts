import { describe, expect, it } from 'vitest'
import { asDocumentError, errorFrom, errorsOf } from './errors-of.ts'
import type { ErrorTable } from './errors-of.ts'
import { isLoaderError, LoaderError } from './errors.ts'

const CODES = {
  notes_gone: { kind: 'transient', message: 'The server is gone', hint: 'Run the sync again.' },
  notes_unreadable: { kind: 'config', message: 'The folder {folder} cannot be read[: {said}]', hint: 'Check {folder}.' },
  'notes_unreadable/note': { kind: 'document', message: '{note} cannot be read', hint: 'Look at it.' },
  notes_variable: { kind: 'config', message: 'No ${NOTES}', hint: 'Write `${NOTES:-x}`, `[ ]` or sources: { notes: { a: 1 } }.' },
  notes_said: { kind: 'auth', message: 'Refused[ by {host}]', hint: 'Sign in.' },
} as const satisfies ErrorTable

const notesError = errorsOf(CODES)

describe('errors of a table', () => {
  it('an error has the kind and the words of its entry, with the values in place', () => {
    const cause = new Error('EACCES')
    const error = notesError('notes_unreadable', { folder: '/notes', said: 'no' }, { cause })
    expect(isLoaderError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'notes_unreadable', kind: 'config', message: 'The folder /notes cannot be read: no', hint: 'Check /notes.', cause })
  })

  it('words in brackets are left out with their value', () => {
    expect(notesError('notes_unreadable', { folder: 'a' }).message).toBe('The folder a cannot be read')
    expect(notesError('notes_unreadable', { folder: 'a', said: undefined }).message).toBe('The folder a cannot be read')
    expect(notesError('notes_said').message).toBe('Refused')
    expect(notesError('notes_said', { host: 'example.com' }).message).toBe('Refused by example.com')
  })

  it('a variant has the code of its entry, and a kind and words of its own', () => {
    expect(notesError('notes_unreadable/note', { note: 'a.md' })).toMatchObject({ code: 'notes_unreadable', kind: 'document', message: 'a.md cannot be read' })
  })

  it('what a value holds is not looked at', () => {
    const folder = '{said} [{folder}] $& $1'
    expect(notesError('notes_unreadable', { folder }).message).toBe(`The folder ${folder} cannot be read`)
  })

  it('variables of the environment and braces of YAML are text', () => {
    const { message, hint } = notesError('notes_variable')
    expect([message, hint]).toEqual([CODES.notes_variable.message, CODES.notes_variable.hint])
  })

  it('the circumstances go along', () => {
    expect(notesError('notes_gone', {}, { retryAfterMs: 5, rateLimited: true })).toMatchObject({ retryAfterMs: 5, rateLimited: true })
    expect(notesError('notes_gone')).toMatchObject({ retryAfterMs: undefined, rateLimited: false })
    expect('cause' in notesError('notes_gone')).toBe(false)
  })

  it('describe gives the words alone', () => {
    const words = { code: 'notes_said', kind: 'auth', message: 'Refused by a', hint: 'Sign in.' }
    expect(notesError.describe('notes_said', { host: 'a' })).toEqual(words)
    expect(new LoaderError(notesError.describe('notes_said', { host: 'a' }))).toMatchObject(words)
  })

  it('an unknown code, a missing value and an extra one do not compile', () => {
    const wrong = [
      // @ts-expect-error: not in the table
      () => notesError('notes_other'),
      // @ts-expect-error: no values
      () => notesError('notes_unreadable'),
      // @ts-expect-error: `folder` is missing
      () => notesError('notes_unreadable', { said: 'no' }),
      // @ts-expect-error: one too many
      () => notesError('notes_unreadable', { folder: 'a', note: 'b' }),
      // @ts-expect-error: it has no values
      () => notesError('notes_gone', { folder: 'a' }),
      // @ts-expect-error: nor has this one: what is in braces is a variable, or YAML
      () => notesError('notes_variable', { NOTES: 'a' }),
      // @ts-expect-error: only words
      () => notesError('notes_unreadable', { folder: new URL('file:///a') }),
      // @ts-expect-error: `describe` as well
      () => notesError.describe('notes_unreadable/note', { folder: 'a' }),
    ]
    expect(wrong).toHaveLength(8)
  })
})

it('an error about one document is of that kind, and keeps what it says', () => {
  const error = notesError('notes_unreadable', { folder: 'a' })
  expect(asDocumentError(error)).toMatchObject({ code: 'notes_unreadable', kind: 'document', message: error.message, hint: error.hint, cause: error })
  const own = notesError('notes_unreadable/note', { note: 'a' })
  expect(asDocumentError(own)).toBe(own)
})

it('an error that crossed a border of threads in words is one again', () => {
  const words = notesError.describe('notes_unreadable', { folder: 'a', said: 'no' })
  const again = errorFrom(JSON.parse(JSON.stringify(words)) as typeof words, { retryAfterMs: 7 })
  expect(isLoaderError(again)).toBe(true)
  expect(again).toMatchObject({ ...words, retryAfterMs: 7 })
})
