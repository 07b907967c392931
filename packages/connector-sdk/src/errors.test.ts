import { expect, it, vi } from 'vitest'
import { isLoaderError, LoaderError } from './errors.ts'

const WORDS = { code: 'notes_unreadable', kind: 'config', message: 'The folder cannot be read', hint: 'Check `folder`.' } as const

it('an error has what it was made of, and nothing that was not said', () => {
  const cause = new Error('EACCES')
  const whole = new LoaderError({ ...WORDS, cause, retryAfterMs: 5, rateLimited: true })
  expect(whole).toBeInstanceOf(Error)
  expect(whole).toMatchObject({ name: 'LoaderError', ...WORDS, cause, retryAfterMs: 5, rateLimited: true })
  const bare = new LoaderError(WORDS)
  expect(bare).toMatchObject({ retryAfterMs: undefined, rateLimited: false })
  expect('cause' in bare).toBe(false)
  expect('cause' in new LoaderError({ ...WORDS, cause: undefined })).toBe(false)
})

it('an error of another copy of the SDK is recognised, though it is an instance of another class', async () => {
  vi.resetModules()
  const other = await import('./errors.ts')
  expect(other.LoaderError).not.toBe(LoaderError)
  const error = new other.LoaderError(WORDS)
  expect(error).not.toBeInstanceOf(LoaderError)
  expect(isLoaderError(error)).toBe(true)
  expect(other.isLoaderError(new LoaderError(WORDS))).toBe(true)
})

it.each([undefined, null, 'notes_unreadable', new Error('x'), { ...WORDS }, Object.assign(new Error('x'), WORDS)])('%j is no LoaderError, whatever it looks like', (value) =>
  expect(isLoaderError(value)).toBe(false))
