import { describe, expect, it } from 'vitest'
import { StateValidationError } from './state-errors.ts'
import { UTCDateTime } from './utc-date-time.ts'

describe('UTCDateTime', () => {
  it('stores every way of writing an instant as the same UTC text', () => {
    const stored = '2026-03-29T00:30:00.000Z'
    expect(UTCDateTime.to(new Date(stored))).toBe(stored)
    expect(UTCDateTime.to('2026-03-29T02:30:00+02:00')).toBe(stored)
    expect(UTCDateTime.to('2026-03-28T18:30:00.000-0600')).toBe(stored)
    expect(UTCDateTime.to('2026-03-29T00:30Z')).toBe(stored)
  })

  it('gives back the instant that was stored', () => {
    expect(UTCDateTime.from('2026-03-29T00:30:00.000Z')).toEqual(new Date(Date.UTC(2026, 2, 29, 0, 30)))
  })

  it('passes absent values through', () => {
    expect(UTCDateTime.to(null)).toBeNull()
    expect(UTCDateTime.from(null)).toBeNull()
    expect(UTCDateTime.to(undefined)).toBeUndefined()
  })

  it.each([
    ['text without a zone', '2026-03-29T00:30:00'],
    ['a day without a time', '2026-03-29'],
    ['a day that does not exist', '2026-02-30T00:00:00Z'],
    ['a month that does not exist', '2026-13-01T00:00:00Z'],
    ['no time at all', 'yesterday'],
    ['an invalid Date', new Date(Number.NaN)],
    ['a year whose text would sort wrongly', new Date(Date.UTC(12_026, 0, 1))],
  ])('refuses %s', (_, value) => {
    expect(() => UTCDateTime.to(value)).toThrow(StateValidationError)
  })

  it('refuses what something else wrote into the column', () => {
    expect(() => UTCDateTime.from('2026-03-29 00:30:00')).toThrow(StateValidationError)
  })

  it('keeps the order in time as the order of text', () => {
    const texts = ['2026-01-01T00:00:00+14:00', '2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00Z'].map(UTCDateTime.to)
    expect([...texts].sort()).toEqual(texts)
  })
})
