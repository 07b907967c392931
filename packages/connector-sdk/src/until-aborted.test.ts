import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { untilAborted } from './until-aborted.ts'

const stopped = new Error('stopped')

it('gives what the promise gives, and throws what it throws', async () => {
  const { signal } = new AbortController()
  await expect(untilAborted(Promise.resolve(1), signal)).resolves.toBe(1)
  await expect(untilAborted(Promise.reject(new Error('busy')), signal)).rejects.toThrow('busy')
})

it('waits no longer than until the signal is aborted', async () => {
  const controller = new AbortController()
  const waiting = untilAborted(new Promise(() => {}), controller.signal)
  controller.abort(stopped)
  await expect(waiting).rejects.toBe(stopped)
  await expect(untilAborted(Promise.resolve(1), controller.signal)).rejects.toBe(stopped)
})

it('ignores what becomes of the promise afterwards', async () => {
  const controller = new AbortController()
  const late = Promise.withResolvers<never>()
  const waiting = untilAborted(late.promise, controller.signal)
  controller.abort(stopped)
  await expect(waiting).rejects.toBe(stopped)
  // Nobody is there to catch it; an unhandled rejection would fail the run.
  late.reject(new Error('too late'))
  await new Promise((resolve) => setImmediate(resolve))
})

it('leaves no listener at a signal that many wait with', async () => {
  const { signal } = new AbortController()
  await untilAborted(Promise.resolve(), signal)
  await untilAborted(Promise.reject(new Error('busy')), signal).catch(() => undefined)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
