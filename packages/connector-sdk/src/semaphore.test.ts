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

test('one that is admitted and gives up in the same moment passes its permit on', async () => {
  const semaphore = new Semaphore(1)
  await semaphore.acquire(signal)
  const controller = new AbortController()
  const gaveUp = semaphore.acquire(controller.signal)
  controller.abort(new Error('enough'))
  semaphore.release()
  await expect(gaveUp).rejects.toThrow('enough')
  await semaphore.acquire(AbortSignal.timeout(1_000))
})

test('run holds a permit for as long as its call takes, and gives it back when it fails', async () => {
  const semaphore = new Semaphore(2)
  const log: string[] = []
  const call = (name: string, fails = false) => semaphore.run(async () => {
    log.push(`begin ${name}`)
    await new Promise((resolve) => setImmediate(resolve))
    log.push(`end ${name}`)
    if (fails) throw new Error(name)
  })
  const done = await Promise.allSettled([call('a', true), call('b'), call('c')])
  expect(done.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(log).toEqual(['begin a', 'begin b', 'end a', 'begin c', 'end b', 'end c'])
})

test('a call that waits begins no more once its signal is aborted', async () => {
  const semaphore = new Semaphore(0)
  const controller = new AbortController()
  const waiting = semaphore.run(() => Promise.reject(new Error('it began')), controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
})
