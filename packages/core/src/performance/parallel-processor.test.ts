import { describe, expect, it } from 'vitest'
import { ParallelProcessor } from './parallel-processor.ts'

describe('ParallelProcessor', () => {
  it('processes every source whatever becomes of the others, in the order of the sources', async () => {
    const outcomes = await new ParallelProcessor({ maxWorkers: 2, queueSize: 2 }).processSources([1, 2, 3], async (source) => {
      if (source === 2) throw new Error('second')
      return source * 10
    })
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes[2]).toEqual({ status: 'fulfilled', value: 30 })
  })

  it('runs as many sources at once as there are workers', async () => {
    let running = 0
    let most = 0
    await new ParallelProcessor({ maxWorkers: 2, queueSize: 2 }).processSources([1, 2, 3, 4, 5], async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    })
    expect(most).toBe(2)
  })

  it('ends a stream of documents at the first error', async () => {
    async function* documents() {
      yield* ['a', 'b', 'c']
    }
    const results: string[] = []
    await expect(
      (async () => {
        const stream = new ParallelProcessor({ maxWorkers: 2, queueSize: 4 }).processDocuments(documents(), async (document) => {
          if (document === 'b') throw new Error('broken')
          return document
        })
        for await (const result of stream) results.push(result)
      })(),
    ).rejects.toThrow('broken')
    expect(results).toEqual(['a'])
  })
})
