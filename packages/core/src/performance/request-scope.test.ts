import { describe, expect, it } from 'vitest'
import { countingRequests, countRequest, sayWaiting } from './request-scope.ts'

describe('countingRequests', () => {
  it('counts the requests of calls side by side apart', async () => {
    const counts = [
      { store: 0, embedder: 0 },
      { store: 0, embedder: 0 },
    ] as const
    const call = async (requests: number) => {
      for (let index = 0; index < requests; index += 1) {
        await new Promise((resolve) => setImmediate(resolve))
        countRequest('store')
      }
      countRequest('embedder', requests)
    }
    await Promise.all([countingRequests(counts[0], () => call(3)), countingRequests(counts[1], () => call(5))])
    expect(counts).toEqual([
      { store: 3, embedder: 3 },
      { store: 5, embedder: 5 },
    ])
  })

  it('J8: says in the progress of its own run what is waited for, unless that is soon over', async () => {
    const said: string[] = []
    const call = async () => {
      sayWaiting(1_000, 'the embedding server at api.example.com')
      sayWaiting(20_300, 'the embedding server at api.example.com')
    }
    await countingRequests({ store: 0, embedder: 0 }, call, (activity) => said.push(activity))
    await countingRequests({ store: 0, embedder: 0 }, call)
    expect(said).toEqual(['waiting 21 s for the embedding server at api.example.com'])
  })

  it('counts nothing outside', () => {
    expect(() => countRequest('store')).not.toThrow()
  })
})
