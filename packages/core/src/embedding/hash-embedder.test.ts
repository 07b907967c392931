import { describe, expect, it } from 'vitest'

import { HashEmbedder } from './hash-embedder.ts'

const signal = new AbortController().signal

async function vectors(...inputs: string[]): Promise<readonly Float32Array[]> {
  return new HashEmbedder().embed(inputs, signal)
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined) return Number.NaN
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
}

describe('HashEmbedder', () => {
  it('gives one vector of unit length and the configured dimensions for each input', async () => {
    const under = new HashEmbedder({ dimensions: 16 })
    const answer = await under.embed(['one', 'two words', '', '   ', '!?', '漢字', '\ud800'], signal)
    expect(answer.map((vector) => vector.length)).toEqual(Array(7).fill(16))
    for (const vector of answer) expect(cosine(vector, vector)).toBeCloseTo(1, 6)
    expect(await under.dimensions()).toBe(16)
    expect([under.requests, under.inputs]).toEqual([1, 7])
  })

  it('counts a request for each batch', async () => {
    const embedder = new HashEmbedder({ batchSize: 2 })
    await embedder.embed(['one', 'two', 'three'], signal)
    expect([embedder.requests, embedder.inputs]).toEqual([2, 3])
  })

  it('gives the same vector whatever the input is batched with', async () => {
    const [alone] = await vectors('the quick brown fox')
    const [, together] = await vectors('something else', 'the quick brown fox')
    expect(together).toEqual(alone)
  })

  it('never changes its vectors without a new version', async () => {
    const [vector] = await new HashEmbedder({ dimensions: 4 }).embed(['stable words'], signal)
    expect([...(vector ?? [])].map((value) => value.toFixed(4))).toMatchInlineSnapshot(`
      [
        "0.3288",
        "0.3288",
        "0.3288",
        "0.8220",
      ]
    `)
  })

  it('puts texts with words in common near each other', async () => {
    const [about, near, far] = await vectors(
      'How to install the loader on Linux',
      'Installing the loader: Linux packages',
      'Quarterly budget review of the finance team',
    )
    expect(cosine(about, near)).toBeGreaterThan(cosine(about, far) + 0.2)
  })

  it('tells different texts apart, and different dimensions by the fingerprint', async () => {
    const [a, b] = await vectors('alpha', 'beta')
    expect(a).not.toEqual(b)
    expect(new HashEmbedder({ dimensions: 16 }).fingerprint).not.toBe(new HashEmbedder().fingerprint)
  })

  it('stops when it is cancelled', async () => {
    await expect(new HashEmbedder().embed(['a'], AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop')
  })
})
