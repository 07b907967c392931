import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

test.each([
  ['0ms', 0],
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5s', 1_500],
  ['5m', 300_000],
  ['24h', 86_400_000],
  ['7d', 604_800_000],
  [' 30s ', 30_000],
])('%j is %d milliseconds', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds)
})

test.each(['', '30', 's', '-1s', '1 s', '1S', '1w', '1m30s', '1e3s', '.5s', '99999999999999999d', 'Infinitys'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})

test('what is formatted reads back the same', () => {
  fc.assert(fc.property(fc.nat({ max: 1e12 }), (milliseconds) => parseDuration(formatDuration(milliseconds)) === milliseconds))
  expect([0, 90_000, 60_000, 86_400_000, 1_001].map(formatDuration)).toEqual(['0ms', '90s', '1m', '1d', '1001ms'])
})
