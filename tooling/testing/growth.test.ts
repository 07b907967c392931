import { describe, expect, it } from 'vitest'
import { growthOf, LINEAR, repeated, slowOnes } from './growth.ts'

/** Work that grows with a power of the length. */
function work(power: number): (text: string) => number {
  return (text) => {
    let sum = 0
    const steps = (text.length / 100_000) ** power * 60_000_000
    for (let step = 0; step < steps; step += 1) sum += step & 3
    return sum
  }
}

const anything = repeated('anything', 'x')

describe('the growth of a function', () => {
  it('is linear', () => {
    work(1)(anything.make(100_000))
    expect(growthOf(work(1), anything.make).ratio).toBeLessThanOrEqual(LINEAR)
  })

  it('is quadratic, and the text is named', () => {
    expect(growthOf(work(2), anything.make).ratio).toBeGreaterThan(LINEAR)
    expect(slowOnes(work(2), [anything])).toEqual([expect.stringMatching(/^anything: .* ms, then .* ms$/)])
  })

  it('is given up early where it would never end', () => {
    expect(growthOf((text) => work(3)('x'.repeat(text.length * 30)), anything.make, 100).ratio).toBe(Number.POSITIVE_INFINITY)
  })
})

it('a text has the length that was asked for, or a little more', () => {
  for (const { make } of [anything, repeated('tags', '<abc ', '<x>', '</x>')]) {
    expect(make(1_000).length).toBeGreaterThanOrEqual(1_000)
    expect(make(1_000).length).toBeLessThan(1_010)
  }
})
