import { expect, test } from 'vitest'
import { Semaphore } from './semaphore.ts'

const signal = new AbortController().signal

test('a permit goes to the next who still waits, not to one who gave up', async () => {
  const semaphore = new Semaphore(1)
  await semaphore.acquire(signal)
  const controller = new AbortController()
  const gaveUp = semaphore.acquire(controller.signal)
  const waits = semaphore.acquire(signal)
  controller.abort(new Error('enough'))
  await expect(gaveUp).rejects.toThrow('enough')
  semaphore.release()
  await waits
})
