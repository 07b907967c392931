import { expect, test } from 'vitest'
import { exitCodeOfError, exitCodeOfSignal, worstExitCode } from './exit-code.ts'

test.each([
  [{ code: 'config_unknown_key', kind: 'config' }, 2],
  [{ code: 'git_auth', kind: 'auth' }, 3],
  [{ code: 'store_unreachable', kind: 'transient' }, 4],
  [{ code: 'too_long', kind: 'document' }, 5],
  [{ code: 'lease_held', kind: 'transient' }, 7],
  [{ code: 'lease_lost', kind: 'transient' }, 7],
  [{ code: 'internal', kind: 'internal' }, 70],
] as const)('%o is status %i', (error, status) => {
  expect(exitCodeOfError(error)).toBe(status)
})

test('where several apply, the order is 70, 2, 3, 4, 6, 5, 7', () => {
  const order = [70, 2, 3, 4, 6, 5, 7, 0]
  order.forEach((code, index) => expect(worstExitCode(order.slice(index).toReversed())).toBe(code))
  expect(worstExitCode([])).toBe(0)
})

test('a number that is no status counts as a defect', () => {
  expect(worstExitCode([0, 1])).toBe(70)
})

test('a signal is 128 and its number', () => {
  expect([exitCodeOfSignal('SIGINT'), exitCodeOfSignal('SIGTERM'), exitCodeOfSignal('SIGHUP')]).toEqual([130, 143, 129])
})
