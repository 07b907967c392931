import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { describe, expect, it } from 'vitest'
import { CheckedEmbedder } from './checked-embedder.ts'
import type { Embedder } from './embedder.ts'

const signal = new AbortController().signal

function answering(vectors: readonly Float32Array[]): Embedder {
  let count = 0
  return {
    provider: 'foreign',
    model: 'm',
    fingerprint: 'foreign:m:3',
    maxInputTokens: 100,
    requests: 0,
    get inputs() {
      return count
    },
    dimensions: async () => 3,
    async embed(inputs) {
      count += inputs.length
      return vectors
    },
    close: async () => {},
  }
}

describe('CheckedEmbedder', () => {
  it('passes good vectors on, of unit length, and counts', async () => {
    const embedder = new CheckedEmbedder(answering([Float32Array.of(3, 0, 4)]))
    expect(await embedder.embed(['a'], signal)).toEqual([Float32Array.of(0.6, 0, 0.8)])
    expect({ requests: embedder.requests, inputs: embedder.inputs }).toEqual({ requests: 1, inputs: 1 })
  })

  it('hands no more inputs on at once than a batch holds, and keeps their order', async () => {
    const given: (readonly string[])[] = []
    const inner: Embedder = {
      ...answering([]),
      embed: async (inputs) => {
        given.push(inputs)
        return inputs.map((input) => Float32Array.of(0, 0, 0).fill(1, Number(input), Number(input) + 1))
      },
    }
    const embedder = new CheckedEmbedder(inner, { batchSize: 2 })
    const vectors = await embedder.embed(['2', '0', '1'], signal)
    expect(given).toEqual([['2', '0'], ['1']])
    expect(vectors.map((vector) => vector.indexOf(1))).toEqual([2, 0, 1])
    expect(embedder.requests).toBe(2)
  })

  it.each([
    ['too few vectors', [Float32Array.of(1, 0, 0)]],
    ['too many vectors', [Float32Array.of(1, 0, 0), Float32Array.of(1, 0, 0), Float32Array.of(1, 0, 0)]],
    ['another length', [Float32Array.of(1, 0, 0), Float32Array.of(1, 0)]],
    ['NaN', [Float32Array.of(1, 0, 0), Float32Array.of(Number.NaN, 0, 0)]],
    ['an infinite value', [Float32Array.of(1, 0, 0), Float32Array.of(Number.POSITIVE_INFINITY, 0, 0)]],
    ['an all-zero vector', [Float32Array.of(1, 0, 0), Float32Array.of(0, 0, 0)]],
  ])('refuses %s', async (_what, vectors) => {
    const error: unknown = await new CheckedEmbedder(answering(vectors)).embed(['a', 'b'], signal).catch((caught: unknown) => caught)
    expect(isLoaderError(error) && error.code).toBe('embedder_bad_answer')
  })
})
