import { expect, test } from 'vitest'
import { HostGate } from './host-gate.ts'

test('a pause that is asked for while a request waits for its turn holds that request too', async () => {
  let now = 0
  const slept: number[] = []
  const gate: HostGate = new HostGate({
    host: 'docs.example.com',
    maxConcurrency: 8,
    minDelayMs: 500,
    maxPauseMs: 60_000,
    now: () => now,
    sleep: async (ms) => {
      if (slept.push(ms) === 1) gate.pause(5_000)
      now += ms
    },
    progress: () => {},
  })
  const { signal } = new AbortController()
  for (let request = 0; request < 2; request += 1) (await gate.enter(signal))()
  expect(slept).toEqual([500, 4_500])
})
