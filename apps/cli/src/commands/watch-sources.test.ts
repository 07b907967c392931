import { expect, test } from 'vitest'
import { watchSources } from './watch-sources.ts'

/** A clock that moves only when somebody sleeps, always to the earliest alarm. */
function createClock(until: number) {
  const alarms: { at: number; ring: () => void }[] = []
  const controller = new AbortController()
  let time = 0
  const advance = () => {
    const next = alarms.toSorted((a, b) => a.at - b.at)[0]
    if (next === undefined) return
    alarms.splice(alarms.indexOf(next), 1)
    time = next.at
    if (time > until) controller.abort()
    next.ring()
  }
  return {
    signal: controller.signal,
    stop: () => controller.abort(),
    now: () => time,
    sleep: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve()
        signal.addEventListener('abort', () => resolve(), { once: true })
        alarms.push({ at: time + milliseconds, ring: resolve })
        setImmediate(advance)
      }),
  }
}

test('each source is looked at at its own interval, from the beginning on', async () => {
  const clock = createClock(1_000)
  const seen: string[] = []
  const source = (name: string, intervalMs: number) => ({ intervalMs, sync: async () => void seen.push(`${name}@${clock.now()}`) })
  await watchSources([source('a', 400), source('b', 1_000)], { ...clock, atOnce: 2 })
  expect(seen.toSorted()).toEqual(['a@0', 'a@400', 'a@800', 'b@0', 'b@1000'])
})

test('a source that takes long holds up no other', async () => {
  const clock = createClock(1_000)
  let quick = 0
  const slow = { intervalMs: 100, sync: () => clock.sleep(900, clock.signal) }
  await watchSources([slow, { intervalMs: 100, sync: async () => void (quick += 1) }], { ...clock, atOnce: 2 })
  expect(quick).toBeGreaterThanOrEqual(9)
})

test('no more sources than places are synced at once', async () => {
  const clock = createClock(500)
  let running = 0
  let most = 0
  const source = () => ({
    intervalMs: 100,
    sync: async () => {
      most = Math.max(most, (running += 1))
      await clock.sleep(50, clock.signal)
      running -= 1
    },
  })
  await watchSources([source(), source(), source()], { ...clock, atOnce: 2 })
  expect(most).toBe(2)
})

test('an error ends the watching of all, and is thrown', async () => {
  const clock = createClock(10_000)
  let rounds = 0
  const broken = { intervalMs: 100, sync: async () => Promise.reject(new Error('wrong credentials')) }
  const fine = { intervalMs: 100, sync: async () => void (rounds += 1) }
  await expect(watchSources([fine, broken], { ...clock, atOnce: 1 })).rejects.toThrow('wrong credentials')
  expect(rounds).toBeLessThan(3)
})

test('when it is stopped it starts nothing more', async () => {
  const clock = createClock(10_000)
  let rounds = 0
  await watchSources([{ intervalMs: 100, sync: async () => ((rounds += 1) === 3 ? clock.stop() : undefined) }], { ...clock, atOnce: 1 })
  expect(rounds).toBe(3)
})
