import { DEFAULT_RETRY, isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import { describe, expect, it } from 'vitest'
import { BatchProcessor, type BatchProcessorOptions } from './batch-processor.ts'

async function* letters(text: string): AsyncGenerator<string> {
  yield* text
}

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of stream) items.push(item)
  return items
}

function transient(message: string): LoaderError {
  return new LoaderError({ code: 'test', kind: 'transient', message, hint: 'wait' })
}

function processor(changes: Partial<BatchProcessorOptions<string, string, string>> = {}): BatchProcessor<string, string, string> {
  return new BatchProcessor<string, string, string>({
    bounds: { maxItems: 3 },
    prepare: async (batch) => batch.join(''),
    lookahead: 2,
    process: async (batch) => batch,
    timeoutMs: 1_000,
    retry: { policy: { ...DEFAULT_RETRY, attempts: 2, delayMs: 10 }, sleep: async () => {} },
    ...changes,
  })
}


describe('BatchProcessor', () => {
  it('groups a stream by count and keeps its order', async () => {
    expect(await collect(processor().processStream(letters('abcdefgh')))).toEqual(['abc', 'def', 'gh'])
  })

  it('closes a batch by weight; an item over the limit is a batch of its own', async () => {
    const weights: Record<string, number> = { a: 1, b: 1, c: 9, d: 1 }
    const bounds = { maxItems: 10, maxWeight: () => 2, weigh: (item: string) => weights[item] ?? 1 }
    expect(await collect(processor({ bounds }).processStream(letters('abcd')))).toEqual(['ab', 'c', 'd'])
  })

  it('closes a batch at an item that asks for it', async () => {
    const bounds = { maxItems: 10, closes: (item: string) => item === '!' }
    expect(await collect(processor({ bounds }).processStream(letters('ab!c')))).toEqual(['ab!', 'c'])
  })

  it('processes one batch after the other, and prepares ahead', async () => {
    const log: string[] = []
    const stream = processor({
      prepare: async (batch) => {
        log.push(`prepare ${batch.join('')}`)
        return batch.join('')
      },
      process: async (batch) => {
        log.push(`begin ${batch}`)
        await new Promise((resolve) => setImmediate(resolve))
        log.push(`end ${batch}`)
        return batch
      },
    }).processStream(letters('abcdefghi'))
    await collect(stream)
    expect(log.indexOf('prepare def')).toBeLessThan(log.indexOf('end abc'))
    expect(log.indexOf('end abc')).toBeLessThan(log.indexOf('begin def'))
    expect(log.indexOf('end def')).toBeLessThan(log.indexOf('begin ghi'))
  })

  it('retries transient failures with a growing wait, and gives up after the attempts', async () => {
    const waits: number[] = []
    let calls = 0
    const failing = processor({
      process: async () => {
        calls += 1
        throw transient('busy')
      },
      retry: {
        policy: { ...DEFAULT_RETRY, attempts: 2, delayMs: 10 },
        random: () => 1,
        sleep: async (ms) => {
          waits.push(ms)
        },
      },
    })
    await expect(failing.processBatch('abc')).rejects.toThrow('busy')
    expect(calls).toBe(3)
    expect(waits).toEqual([10, 20])
  })

  it('does not retry what another try cannot mend', async () => {
    let calls = 0
    const failing = processor({
      process: async () => {
        calls += 1
        throw new LoaderError({ code: 'test', kind: 'config', message: 'wrong', hint: 'change it' })
      },
    })
    await expect(failing.processBatch('abc')).rejects.toThrow('wrong')
    expect(calls).toBe(1)
  })

  it('ends a batch that takes too long, and tells it so', async () => {
    let told: AbortSignal | undefined
    const slow = processor({
      timeoutMs: 5,
      retry: { policy: { ...DEFAULT_RETRY, attempts: 0 }, sleep: async () => {} },
      process: (_batch, limit) => {
        told = limit
        return new Promise<string>(() => {})
      },
    })
    const error: unknown = await slow.processBatch('abc').catch((caught: unknown) => caught)
    expect(isLoaderError(error) && error.code).toBe('batch_timeout')
    expect(told?.aborted).toBe(true)
  })

  it('finishes what is prepared when its source fails, as it does when the caller aborts, and prepares nothing more', async () => {
    const stopped = new Error('stopped')
    const done: string[] = []
    async function* failing(): AsyncGenerator<string> {
      yield* 'abcdefgh'
      throw stopped
    }
    const stream = processor({
      process: async (batch) => {
        await new Promise((resolve) => setImmediate(resolve))
        done.push(batch)
        return batch
      },
    }).processStream(failing())
    await expect(collect(stream)).rejects.toThrow('stopped')
    expect(done).toEqual(['abc', 'def'])
  })

  it('closes a batch whose items have waited long enough for company', async () => {
    const gate = Promise.withResolvers<void>()
    async function* slow(): AsyncGenerator<string> {
      yield* 'ab'
      await gate.promise
      yield 'c'
    }
    const stream = processor({ bounds: { maxItems: 3, maxWaitMs: 5 } }).processStream(slow())
    expect((await stream.next()).value).toBe('ab')
    gate.resolve()
    expect((await stream.next()).value).toBe('c')
  })

  it('does not wait for a source that gives nothing when it is left early', async () => {
    async function* stuck(): AsyncGenerator<string> {
      yield 'a'
      await new Promise(() => {})
    }
    const stream = processor({ bounds: { maxItems: 3, maxWaitMs: 5 } }).processStream(stuck())
    expect((await stream.next()).value).toBe('a')
    await stream.return()
  })
})
