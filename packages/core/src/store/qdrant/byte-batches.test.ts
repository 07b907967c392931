import { expect, it } from 'vitest'
import { byteBatches } from './byte-batches.ts'

const cut = (sizes: readonly number[], points: number, bytes: number) =>
  [...byteBatches(sizes.map((size) => ({ bytes: size })), { points, bytes })].map((batch) => batch.map((item) => item.bytes))

it('stays below both bounds and keeps the order', () => {
  expect(cut([1, 2, 3, 4, 5], 2, 100)).toEqual([[1, 2], [3, 4], [5]])
  expect(cut([4, 4, 4, 4], 100, 8)).toEqual([[4, 4], [4, 4]])
  expect(cut([], 2, 10)).toEqual([])
})

it('sends alone what is too large by itself', () => {
  expect(cut([1, 99, 1], 10, 10)).toEqual([[1], [99], [1]])
})
