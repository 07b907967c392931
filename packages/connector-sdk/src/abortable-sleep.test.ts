import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { abortableSleep } from './abortable-sleep.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('takes as long as it is told, and not less', async () => {
  let awake = false
  const sleeping = abortableSleep(1_000, new AbortController().signal).then(() => (awake = true))
  await vi.advanceTimersByTimeAsync(999)
  expect(awake).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await sleeping
  expect(awake).toBe(true)
})

it('ends with the reason of the signal at once, and leaves no timer that keeps a program from ending', async () => {
  const controller = new AbortController()
  const sleeping = abortableSleep(60_000, controller.signal)
  controller.abort(new Error('stopped'))
  await expect(sleeping).rejects.toThrow('stopped')
  await expect(abortableSleep(60_000, controller.signal)).rejects.toThrow('stopped')
  expect(vi.getTimerCount()).toBe(0)
})
