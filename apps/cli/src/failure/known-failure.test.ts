import { LoaderError } from '@qdrant-loader/connector-sdk'
import { expect, test } from 'vitest'
import { knownFailure } from './known-failure.ts'
import { renderFailure } from './render-failure.ts'

test('an error of ours keeps its words', () => {
  const error = new LoaderError({ code: 'x', kind: 'auth', message: 'The token was refused.', hint: 'Make a new one.' })
  expect(knownFailure(error)).toEqual({ code: 'x', kind: 'auth', message: 'The token was refused.', hint: 'Make a new one.' })
})

test('an unknown error is a defect of ours, and says how to report it', () => {
  const failure = knownFailure(new TypeError('x is\nundefined'))
  expect(failure).toMatchObject({ code: 'internal', kind: 'internal', message: 'This is a defect of qdrant-loader: x is undefined' })
  expect(failure.hint).toMatch(/--log-level debug.*issues.*Node\.js/)
})

test('a full disk is no defect', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' })
  expect(knownFailure(error)).toMatchObject({ code: 'disk_full', kind: 'config' })
})

test('what is no error at all is reported too', () => {
  expect(knownFailure('thrown text').message).toContain('thrown text')
  expect(knownFailure(undefined).kind).toBe('internal')
})

test('the message says what to do, and shows stacks and causes only when given the error', () => {
  const error = new LoaderError({ code: 'c', kind: 'config', message: 'm.', hint: 'h.', cause: new Error('the cause') })
  expect(renderFailure(knownFailure(error))).toBe('Error: m.\nTo fix it: h.\n(c)\n')
  expect(renderFailure(knownFailure(error), error)).toMatch(/\n {4}at [^]*Caused by: Error: the cause\n {4}at /)
})

test('causes that go in a circle end', () => {
  const error = new Error('one')
  error.cause = error
  expect(renderFailure(knownFailure(error), error)).toContain('one')
})
