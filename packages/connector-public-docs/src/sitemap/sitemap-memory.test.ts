import { describe, expect, test } from 'vitest'
import { sawSitemaps } from './sitemap-memory.ts'
import { NO_SITEMAP } from './sitemap.ts'

const seen = (...flags: readonly ('found' | 'damaged' | 'cut' | 'refused' | 'unreachable')[]) => ({
  ...NO_SITEMAP,
  ...Object.fromEntries(flags.map((flag) => [flag, true])),
})

describe('what a run may believe of the sitemaps', () => {
  test('a whole one is believed, and none where there never was one', () => {
    expect(sawSitemaps('none', seen('found'))).toEqual({ complete: true, next: 'some' })
    expect(sawSitemaps('none', seen())).toEqual({ complete: true, next: 'none' })
  })

  test('one that is gone is believed to be gone by the second run', () => {
    expect(sawSitemaps('some', seen())).toEqual({ complete: false, next: 'lost' })
    expect(sawSitemaps('lost', seen())).toEqual({ complete: true, next: 'none' })
  })

  test.each(['some', 'lost'] as const)('one that is cut, refused or out of reach is never believed (before: %s)', (before) => {
    expect(sawSitemaps(before, seen('found', 'cut')).complete).toBe(false)
    expect(sawSitemaps(before, seen('refused'))).toEqual({ complete: false, next: before })
    expect(sawSitemaps(before, seen('unreachable'))).toEqual({ complete: false, next: before })
  })

  test('a cut one is remembered as one, so that its pages stay when it is refused next time', () => {
    const { complete, next } = sawSitemaps('none', seen('found', 'cut'))
    expect([complete, next]).toEqual([false, 'some'])
    expect(sawSitemaps(next, seen('refused')).complete).toBe(false)
  })

  test('a site that never had one may refuse what it has not', () => {
    expect(sawSitemaps('none', seen('refused'))).toEqual({ complete: true, next: 'none' })
  })
})
