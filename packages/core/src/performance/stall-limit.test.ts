import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { withStallLimit } from './deadline.ts'
import { Pulse } from './pulse.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = new AbortController().signal
const stalled = (ms: number) => new Error(`silent for ${ms} ms`)

it('G1: work that gives signs of life goes on, however long it takes', async () => {
  const pulse = new Pulse()
  const beating = setInterval(() => pulse.beat(), 900)
  const done = withStallLimit(() => new Promise((resolve) => setTimeout(() => resolve('done'), 60_000)), 1_000, never, pulse, stalled)
  await vi.advanceTimersByTimeAsync(60_000)
  clearInterval(beating)
  expect(await done).toBe('done')
  expect(vi.getTimerCount()).toBe(0)
})

it('G1: only silence ends it, counted from the last sign of life', async () => {
  const pulse = new Pulse()
  const ended: unknown[] = []
  void withStallLimit(() => new Promise(() => {}), 1_000, never, pulse, stalled).catch((error: unknown) => ended.push(error))
  await vi.advanceTimersByTimeAsync(700)
  pulse.beat()
  await vi.advanceTimersByTimeAsync(990)
  expect(ended).toEqual([])
  await vi.advanceTimersByTimeAsync(20)
  expect(ended).toEqual([new Error('silent for 1000 ms')])
  expect(vi.getTimerCount()).toBe(0)
})

it('a signal ends it at once', async () => {
  const abort = new AbortController()
  const work = withStallLimit(() => new Promise(() => {}), 1_000, abort.signal, new Pulse(), stalled)
  abort.abort(new Error('stop'))
  await expect(work).rejects.toThrow('stop')
})
