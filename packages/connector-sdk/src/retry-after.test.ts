import { describe, expect, it } from 'vitest'
import { PAUSE_HEADERS, retryAfterMs, serverTime } from './retry-after.ts'

describe('retryAfterMs', () => {
  const now = Date.UTC(2026, 0, 1)
  it.each([
    [null, undefined],
    ['', undefined],
    ['soon', undefined],
    ['0', 0],
    [' 30 ', 30_000],
    ['1.5', 1_500],
    [new Date(now + 42_000).toUTCString(), 42_000],
    [new Date(now - 42_000).toUTCString(), 0],
  ])('%j asks for %j', (value, expected) => expect(retryAfterMs((name) => (name === 'retry-after' ? value : null), now)).toBe(expected))

  it('reads a date by the clock of the server, and takes milliseconds where they are said', () => {
    const headers = (more: object) => new Headers({ 'retry-after': new Date(now + 42_000).toUTCString(), ...more })
    const asked = (answer: Headers) => retryAfterMs((name) => answer.get(name), now - 3_600_000)
    expect(asked(headers({ date: new Date(now).toUTCString() }))).toBe(42_000)
    expect(asked(headers({}))).toBe(3_642_000)
    expect(asked(headers({ 'retry-after-ms': '250' }))).toBe(250)
    expect(asked(headers({ date: new Date(now).toUTCString(), 'retry-after-ms': 'soon' }))).toBe(42_000)
  })
})

it('the time of a server is that of its answer, and ours where it does not say one that can be read', () => {
  const now = Date.UTC(2026, 0, 1)
  const of = (date: string | undefined) => serverTime((name) => (name === 'date' ? date : undefined), now)
  expect(of('Thu, 01 Jan 2026 00:05:00 GMT')).toBe(now + 300_000)
  expect(of('yesterday')).toBe(now)
  expect(of(undefined)).toBe(now)
})

it('the headers that are named are all that is read', () => {
  const read = new Set<string>()
  retryAfterMs((name) => void read.add(name), 0)
  retryAfterMs((name) => (read.add(name), name === 'retry-after' ? 'Thu, 01 Jan 2026 00:05:00 GMT' : undefined), 0)
  expect([...read].toSorted()).toEqual([...PAUSE_HEADERS].toSorted())
})
