import { describe, expect, it } from 'vitest'

import { meanDirection, stretches, windows } from './windows.ts'

describe('stretches', () => {
  it('hold every word of the text once, in order, and none is long', () => {
    const words = Array.from({ length: 500 }, (_, at) => `word${at}`)
    const cut = stretches(` ${words.join(' \n ')}\n`)
    expect(cut.join(' ').split(' ')).toEqual(words)
    expect(Math.max(...cut.map((stretch) => stretch.length))).toBeLessThanOrEqual(401)
  })

  it('cut a text without blanks between code points', () => {
    const cut = stretches('a' + '😀'.repeat(1_000))
    expect(cut.join('')).toBe('a' + '😀'.repeat(1_000))
    expect(cut.every((stretch) => stretch.isWellFormed())).toBe(true)
    expect(cut.length).toBeGreaterThan(4)
  })

  it('of white space are none', () => {
    expect(stretches(' \n ')).toEqual([])
  })
})

describe('windows', () => {
  it('are as few as possible and about equal', () => {
    const pieces = Array.from({ length: 300 }, (_, at) => at)
    expect(windows(pieces).map((window) => window.length)).toEqual([100, 100, 100])
    expect(windows(pieces).flat()).toEqual(pieces)
    expect(windows(pieces.slice(0, 128))).toHaveLength(1)
    expect(windows(pieces.slice(0, 129))).toHaveLength(2)
  })
})

describe('meanDirection', () => {
  it('has unit length and weighs its vectors', () => {
    expect([...(meanDirection([[3, 0], [0, 4]], [1, 1]) ?? [])]).toEqual([Math.fround(0.6), Math.fround(0.8)])
    expect([...(meanDirection([[3, 0], [0, 4]], [1, 0]) ?? [])]).toEqual([1, 0])
  })

  it('is undefined where there is none', () => {
    expect(meanDirection([[1, 0], [-1, 0]], [1, 1])).toBeUndefined()
    expect(meanDirection([[Number.NaN, 0]], [1])).toBeUndefined()
  })
})
