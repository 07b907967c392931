import { expect, test } from 'vitest'
import { formatAge, formatCount, formatDuration } from './format-values.ts'

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1.0 s'],
  [9_960, '10 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [185_000, '3 min 5 s'],
  [3_600_000, '1 h'],
  [7_800_000, '2 h 10 min'],
  [86_400_000 * 3 + 3_600_000 * 4, '3 d 4 h'],
])('%i ms read %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text)
})

test('counts have separators, ages an end', () => {
  const counts = [0, 7, 999, 1_000, 12_345.6, 1_234_567, -0.4, -1_000].map(formatCount)
  expect(counts).toEqual(['0', '7', '999', '1,000', '12,346', '1,234,567', '0', '-1,000'])
  expect(formatAge(new Date(0), 60_000)).toBe('1 min ago')
  expect(formatAge(undefined, 0)).toBe('never')
})
