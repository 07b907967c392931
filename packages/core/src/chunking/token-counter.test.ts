import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import fc from 'fast-check'
import { countTokens as tokeniser } from 'gpt-tokenizer/encoding/cl100k_base'
import { describe, expect, it } from 'vitest'

import { countTokens, countTokensBetween, segmentEnd } from './token-counter.ts'

const PROSE = 'The loader keeps a collection equal to its sources, and it does work only for what has changed since.'

describe('countTokens', () => {
  it('agrees with the tokeniser on ordinary lines', () => {
    for (const line of [PROSE, 'const answer = await fetch(url)', '| a | b |', 'naïve café über', '']) {
      expect(countTokens(line)).toBe(tokeniser(line))
    }
  })

  it('is at most a little more than the tokeniser counts, and no less', () => {
    const text = `# Title\n\n${PROSE} ${PROSE}\n\n- one\n- two\n\n\`\`\`ts\nfoo(a, { b: 1 })\n\`\`\`\n`.repeat(20)
    expect(countTokens(text)).toBeGreaterThanOrEqual(tokeniser(text))
    expect(countTokens(text)).toBeLessThan(tokeniser(text) * 1.15)
  })

  it('takes special tokens for the text that they are', () => {
    expect(countTokens('<|endoftext|>')).toBeGreaterThan(3)
  })

  it('is additive wherever a segment ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'B', ' ', '\n', '\r', '\t', '.', '9', '漢', '。', '😀', 'é', '-'), maxLength: 200 }), (text) => {
        let sum = 0
        for (let at = 0; at < text.length; ) {
          const next = segmentEnd(text, at, text.length)
          expect(next).toBeGreaterThan(at)
          sum += countTokensBetween(text, at, next)
          expect(sum + countTokensBetween(text, next, text.length)).toBe(countTokens(text))
          at = next
        }
      }),
    )
  })

  it('never cuts a surrogate pair, and no segment is long', () => {
    const text = `a${'😀'.repeat(500)}${'a'.repeat(500)}`
    for (let at = 0; at < text.length; ) {
      const next = segmentEnd(text, at, text.length)
      expect(text.slice(at, next).isWellFormed()).toBe(true)
      expect(next - at).toBeLessThanOrEqual(49)
      at = next
    }
  })

  it('takes no more than linear time for one endless word', () => {
    const started = performance.now()
    expect(countTokens('a'.repeat(1_000_000))).toBeGreaterThan(10_000)
    expect(performance.now() - started).toBeLessThan(1_500)
  })
})

describe('the vocabulary', () => {
  it('is not loaded before something is counted', () => {
    const counter = fileURLToPath(new URL('./token-counter.ts', import.meta.url))
    const program = `const { registerHooks } = await import('node:module')
      const loaded = []
      registerHooks({ resolve: (specifier, context, next) => { loaded.push(specifier); return next(specifier, context) } })
      const { countTokens } = await import(${JSON.stringify(counter)})
      const has = () => loaded.some((specifier) => /gpt-tokenizer|markdown-it/.test(specifier))
      const before = has(); countTokens('a'); console.log(JSON.stringify([before, has()]))`
    const printed = execFileSync(process.execPath, ['--conditions=@qdrant-loader/source', '--input-type=module', '-e', program])
    expect(JSON.parse(String(printed))).toEqual([false, true])
  })
})
