import { describe, expect, it } from 'vitest'

import { chunkText } from './chunk-text.ts'
import type { ChunkingOptions } from './chunker.ts'

/** A small generator with a seed, so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const VOCABULARY = ('the loader keeps a collection equal to its sources and does work only for what changed since then every document ' +
  'has an identity that survives renames where source offers one version token chunk heading path point vector store cursor lease').split(' ')

function paragraph(random: () => number, words: number): string {
  const picked = Array.from({ length: words }, () => VOCABULARY[Math.floor(random() * VOCABULARY.length)] ?? 'word')
  for (let at = 12; at < picked.length; at += 8 + Math.floor(random() * 12)) picked[at] += '.'
  return `${picked.join(' ')} ${Math.floor(random() * 1e6)}.`
}

function between(random: () => number, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1))
}

/** How many embedder inputs of `after` are not among those of `before`. */
function newInputs(before: readonly string[], after: readonly string[], options: ChunkingOptions): number {
  const inputs = (paragraphs: readonly string[]): string[] =>
    chunkText({ text: `${paragraphs.join('\n\n')}\n`, format: 'markdown' }, options).map((chunk) => chunk.embedderInput)
  const known = new Set(inputs(before))
  return new Set(inputs(after).filter((input) => !known.has(input))).size
}

interface Trial {
  readonly seed: number
  readonly chunkSize: number
  readonly words: number
  readonly embedded: number
}

/** Runs trials over paragraph lengths and chunk sizes of all orders, paragraphs fitting into chunks. */
function trials(count: number, run: (random: () => number, text: string[], length: () => number, options: ChunkingOptions) => number, paragraphs: number): Trial[] {
  return Array.from({ length: count }, (_, seed) => {
    const random = generator(seed)
    const words = Math.round(5 * 80 ** random())
    // Word for word at most 1.5 tokens here, and paragraphs vary by a quarter.
    const least = Math.max(16, Math.ceil(words * 2 + 12))
    const chunkSize = Math.round(least * (Math.max(2_000, least) / least) ** random())
    const length = (): number => Math.max(1, Math.round(words * (0.75 + random() * 0.5)))
    const text = Array.from({ length: paragraphs }, () => paragraph(random, length()))
    return { seed, chunkSize, words, embedded: run(random, text, length, { chunkSize, chunkOverlap: 0 }) }
  })
}

function worst(results: readonly Trial[]): Trial {
  return results.reduce((most, trial) => (trial.embedded > most.embedded ? trial : most))
}

describe('an edit in a long text without headings', () => {
  it('of one word of one of 100 paragraphs changes at most 2 embedder inputs', () => {
    const results = trials(80, (random, text, _, options) => {
      const edited = [...text]
      const at = between(random, 0, 99)
      edited[at] = edited[at]?.replace(/ \S+/, ' edited') ?? ''
      return newInputs(text, edited, options)
    }, 100)
    expect(worst(results).embedded, JSON.stringify(worst(results))).toBeLessThanOrEqual(2)
  })

  it('that replaces one of 100 paragraphs changes at most 2', () => {
    const results = trials(80, (random, text, length, options) => {
      const edited = [...text]
      edited[between(random, 0, 99)] = paragraph(random, length())
      return newInputs(text, edited, options)
    }, 100)
    expect(worst(results).embedded, JSON.stringify(worst(results))).toBeLessThanOrEqual(2)
  })

  it('that inserts a paragraph at the top of 200 changes at most 3', () => {
    const results = trials(60, (random, text, length, options) => newInputs(text, [paragraph(random, length()), ...text], options), 200)
    expect(worst(results).embedded, JSON.stringify(worst(results))).toBeLessThanOrEqual(3)
  })

  it('that inserts or removes a paragraph anywhere changes at most 2', () => {
    const results = trials(60, (random, text, length, options) => {
      const at = between(random, 0, 99)
      const longer = [...text.slice(0, at), paragraph(random, length()), ...text.slice(at)]
      return Math.max(newInputs(text, longer, options), newInputs(longer, text, options))
    }, 100)
    expect(worst(results).embedded, JSON.stringify(worst(results))).toBeLessThanOrEqual(2)
  })

  it('of a sentence in a paragraph that is longer than a chunk leaves the rest of the paragraph', () => {
    const results = trials(20, (random, text, _, options) => {
      const long = `${text.join(' ')}`
      const sentences = long.split('. ')
      sentences[between(random, 0, sentences.length - 1)] = 'This sentence is new'
      return newInputs([long], [sentences.join('. ')], options)
    }, 60)
    expect(worst(results).embedded, JSON.stringify(worst(results))).toBeLessThanOrEqual(5)
  })

  it('of identical paragraphs embeds few different texts', () => {
    const same = Array.from({ length: 200 }, () => 'The same paragraph, again and again, without end.')
    expect(newInputs(same, ['Another one.', ...same], { chunkSize: 128, chunkOverlap: 0 })).toBeLessThanOrEqual(3)
  })
})

describe('chunks', () => {
  it('are not needlessly small: short paragraphs are joined', () => {
    const random = generator(1)
    const text = Array.from({ length: 500 }, () => paragraph(random, 8)).join('\n\n')
    const chunks = chunkText({ text, format: 'text' }, { chunkSize: 512, chunkOverlap: 0 })
    expect(500 / chunks.length).toBeGreaterThan(4)
  })

  it('are one where the whole section fits half a chunk', () => {
    const random = generator(2)
    const text = Array.from({ length: 10 }, () => paragraph(random, 12)).join('\n\n')
    expect(chunkText({ text, format: 'text' }, { chunkSize: 512, chunkOverlap: 0 })).toHaveLength(1)
  })
})
