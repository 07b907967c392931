import { expect, it } from 'vitest'
import { abortableSleep } from './abortable-sleep.ts'
import { retryLoop } from './retry-loop.ts'

const busy = new Error('busy')
const stopped = new Error('stopped')
const never = new AbortController().signal

it('calls until it succeeds, and waits as long as is said for what failed', async () => {
  const waited: unknown[] = []
  let calls = 0
  const call = (): string => {
    calls += 1
    if (calls < 3) throw busy
    return 'done'
  }
  const sleep = async (ms: number, _signal: AbortSignal, error: unknown): Promise<void> => void waited.push([ms, error])
  expect(await retryLoop(call, { signal: never, sleep, waitAfter: () => calls * 10 })).toBe('done')
  expect(waited).toEqual([[10, busy], [20, busy]])
})

it('throws what failed when there is nothing to wait for, or what it is told instead', async () => {
  const call = () => Promise.reject(busy)
  await expect(retryLoop(call, { signal: never, waitAfter: () => undefined })).rejects.toBe(busy)
  await expect(retryLoop(call, { signal: never, waitAfter: () => Promise.reject(new Error('other')) })).rejects.toThrow('other')
})

it.each(['in the call', 'while it is asked how long to wait', 'in a wait', 'in a wait that does not notice'])('ends with the reason of a signal that is aborted %s', async (when) => {
  const controller = new AbortController()
  let calls = 0
  const call = (): never => {
    calls += 1
    if (when === 'in the call') controller.abort(stopped)
    throw busy
  }
  const waitAfter = (): number => {
    if (when.startsWith('while')) controller.abort(stopped)
    return 60_000
  }
  const sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    controller.abort(stopped)
    return when === 'in a wait' ? abortableSleep(ms, signal) : Promise.resolve()
  }
  await expect(retryLoop(call, { signal: controller.signal, waitAfter, sleep })).rejects.toBe(stopped)
  expect(calls).toBe(1)
})
