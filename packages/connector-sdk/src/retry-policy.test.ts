import { describe, expect, it } from 'vitest'
import { DEFAULT_RETRY, Patience } from './retry-policy.ts'
import type { RetryPolicy } from './retry-policy.ts'

const POLICY: RetryPolicy = { attempts: 3, delayMs: 100, maxDelayMs: 1_000, rateLimitPatienceMs: 1_000 }

/** On a clock that the test moves, without chance. */
function patience(policy: Partial<RetryPolicy> = {}, random = 1) {
  const clock = { now: 0 }
  return { clock, of: new Patience({ ...POLICY, ...policy }, { now: () => clock.now, random: () => random }) }
}

describe('patience', () => {
  it('doubles its waits, and none that nobody asked for is longer than the longest', () => {
    const { of } = patience({ attempts: 6 })
    expect(Array.from({ length: 7 }, () => of.waitAfter({}))).toEqual([100, 200, 400, 800, 1_000, 1_000, undefined])
  })

  it('takes up to half of its own waits off by chance, and nothing of what a server asks for', () => {
    const { of } = patience({}, 0)
    expect([of.waitAfter({}), of.waitAfter({ retryAfterMs: 900 })]).toEqual([50, 900])
  })

  it('waits for nothing that takes longer than it is patient', () => {
    expect(patience().of.waitAfter({ retryAfterMs: 1_000 })).toBe(1_000)
    expect(patience().of.waitAfter({ retryAfterMs: 1_001 })).toBeUndefined()
  })

  it('does not count what a rate limit costs as tries', () => {
    const { of } = patience({ attempts: 1 })
    expect(of.waitAfter({ rateLimited: true })).toBe(100)
    expect(of.waitAfter({})).toBe(100)
    expect(of.waitAfter({})).toBeUndefined()
  })

  it('ends a rate limit by time: that of the clock, and its own waits where the clock was set back', () => {
    const moving = patience()
    expect(moving.of.waitAfter({ rateLimited: true })).toBe(100)
    moving.clock.now = 900
    expect(moving.of.waitAfter({ rateLimited: true })).toBeUndefined()
    const back = patience()
    const waits = Array.from({ length: 5 }, () => {
      back.clock.now -= 3_600_000
      return back.of.waitAfter({ rateLimited: true })
    })
    expect(waits).toEqual([100, 200, 400, undefined, undefined])
  })

  it('is three further tries and ten minutes where nothing is configured', () => {
    const of = new Patience(DEFAULT_RETRY, { random: () => 1 })
    expect([of.waitAfter({}), of.waitAfter({}), of.waitAfter({}), of.waitAfter({})]).toEqual([1_000, 2_000, 4_000, undefined])
    expect(new Patience(DEFAULT_RETRY).waitAfter({ rateLimited: true, retryAfterMs: 600_000 })).toBe(600_000)
  })
})
