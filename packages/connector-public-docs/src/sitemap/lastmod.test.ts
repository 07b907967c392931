import { describe, expect, it } from 'vitest'
import { LastmodTrust } from './lastmod-trust.ts'
import { lastmodSettlesAt } from './lastmod.ts'

const at = (lastmod: string) => {
  const ms = lastmodSettlesAt(lastmod)
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

describe('a lastmod can no longer stay the same under an edit', () => {
  it('a minute after its second, in whatever zone it is written', () => {
    expect(at('2026-03-01T10:20:30Z')).toBe('2026-03-01T10:21:31.000Z')
    expect(at('2026-03-01T12:20:30.5+02:00')).toBe('2026-03-01T10:21:31.500Z')
    expect(at('Sun, 01 Mar 2026 10:20:30 GMT')).toBe('2026-03-01T10:21:31.000Z')
    expect(at('2026-03-01T10:20Z')).toBe('2026-03-01T10:22:00.000Z')
  })

  it('once its day is over everywhere, when it is a day', () => {
    for (const day of ['2026-03-01', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00+00:00']) expect(at(day)).toBe('2026-03-02T12:01:00.000Z')
  })

  it('never, when it is coarser or no date', () => {
    for (const text of ['2026', '2026-03', 'yesterday', '']) expect(at(text)).toBeUndefined()
  })
})

describe('trust in lastmod', () => {
  const start = { announced: 0, needed: 3, round: 0 }

  it('is won by changes that it announced', () => {
    const trust = new LastmodTrust(start)
    for (let change = 0; change < 3; change++) {
      expect(trust.trusted).toBe(false)
      trust.observe('2026-03-01', `2026-03-0${change + 2}`, true)
    }
    expect(trust.trusted).toBe(true)
  })

  it('is not won by pages that stay as they are, nor by dates that move for nothing', () => {
    const trust = new LastmodTrust(start)
    for (let page = 0; page < 100; page++) {
      trust.observe('2026-03-01', '2026-03-01', false)
      trust.observe('2026-03-01', '2026-03-02', false)
    }
    expect(trust.trusted).toBe(false)
  })

  it('ends with one change under the same date, and is harder to win back', () => {
    const trust = new LastmodTrust({ announced: 50, needed: 3, round: 7 })
    trust.observe('2026-03-01', '2026-03-01', true)
    expect(trust.state()).toEqual({ announced: 0, needed: 6, round: 7 })
  })
})
