import { describe, expect, it } from 'vitest'
import { mapOrdered } from './map-ordered.ts'

async function* numbers(count: number, onPull: (value: number) => void = () => {}): AsyncGenerator<number> {
  for (let value = 0; value < count; value += 1) {
    onPull(value)
    yield value
  }
}

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of stream) items.push(item)
  return items
}

describe('mapOrdered', () => {
  it('yields results in the order of the input, whatever order they finish in', async () => {
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
    const results = collect(
      mapOrdered(
        numbers(5),
        async (value) => {
          await gates[value]?.promise
          return value
        },
        { concurrency: 5 },
      ),
    )
    for (const gate of [...gates].reverse()) gate.resolve()
    expect(await results).toEqual([0, 1, 2, 3, 4])
  })

  it('runs no more calls at once than allowed, and holds no more items than the queue', async () => {
    let running = 0
    let mostRunning = 0
    let pulled = 0
    let yielded = 0
    let mostHeld = 0
    const stream = mapOrdered(
      numbers(200, () => {
        pulled += 1
        mostHeld = Math.max(mostHeld, pulled - yielded)
      }),
      async (value) => {
        running += 1
        mostRunning = Math.max(mostRunning, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        return value
      },
      { concurrency: 3, queue: 8 },
    )
    for await (const _ of stream) yielded += 1
    expect(mostRunning).toBe(3)
    // One more may have been pulled and wait for its place.
    expect(mostHeld).toBeLessThanOrEqual(9)
  })

  it('yields what is finished while the source keeps it waiting', async () => {
    const more = Promise.withResolvers<void>()
    async function* slow() {
      yield 1
      await more.promise
      yield 2
    }
    const stream = mapOrdered(slow(), async (value) => value, { concurrency: 2 })
    expect(await stream.next()).toEqual({ done: false, value: 1 })
    more.resolve()
    expect(await collect(stream)).toEqual([2])
  })

  it('yields the results before a failure, then throws it', async () => {
    const seen: number[] = []
    const stream = mapOrdered(
      numbers(10),
      async (value) => {
        if (value === 3) throw new Error('third')
        return value
      },
      { concurrency: 4 },
    )
    await expect(
      (async () => {
        for await (const value of stream) seen.push(value)
      })(),
    ).rejects.toThrow('third')
    expect(seen).toEqual([0, 1, 2])
  })

  it('yields the results before a failure of the source, then throws it', async () => {
    async function* failing() {
      yield 1
      yield 2
      throw new Error('source')
    }
    const seen: number[] = []
    await expect(
      (async () => {
        for await (const value of mapOrdered(failing(), async (item) => item, { concurrency: 4 })) seen.push(value)
      })(),
    ).rejects.toThrow('source')
    expect(seen).toEqual([1, 2])
  })

  it('begins no call that was waiting when one has failed', async () => {
    const begun: number[] = []
    const stream = mapOrdered(
      numbers(50),
      async (value) => {
        begun.push(value)
        await new Promise((resolve) => setImmediate(resolve))
        if (value === 0) throw new Error('first')
        return value
      },
      { concurrency: 1, queue: 50 },
    )
    await expect(collect(stream)).rejects.toThrow('first')
    expect(begun.length).toBeLessThan(4)
  })

  it('tells the source to stop when the consumer leaves', async () => {
    let closed = false
    async function* endless() {
      try {
        for (let value = 0; ; value += 1) yield value
      } finally {
        closed = true
      }
    }
    for await (const value of mapOrdered(endless(), async (item) => item, { concurrency: 2 })) {
      if (value === 3) break
    }
    expect(closed).toBe(true)
  })
})
