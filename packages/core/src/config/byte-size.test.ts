import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatByteSize, parseByteSize } from './byte-size.ts'

test.each([
  ['0B', 0],
  ['512KB', 524_288],
  ['1MB', 1_048_576],
  ['1.5 mb', 1_572_864],
  ['2GB', 2_147_483_648],
])('%j is %d bytes: 1 KB is 1,024', (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes)
})

test.each(['', '1', 'MB', '-1MB', '1TB', '1MiB', '1MB2KB', '99999999999999GB'])('%j is no size', (text) => {
  expect(parseByteSize(text)).toBeUndefined()
})

test('what is formatted reads back the same', () => {
  fc.assert(fc.property(fc.nat(), (bytes) => parseByteSize(formatByteSize(bytes)) === bytes))
})
