import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import { interruptedBy, listenForSignals } from './interrupt.ts'
import { STOP_WITHIN_MS } from './stopping.ts'

test('the first signal aborts, the second one ends at once, whichever they are', () => {
  const source = new EventEmitter()
  const seen: string[] = []
  const signal = listenForSignals(source, (name) => void seen.push(name))
  expect(interruptedBy(signal)).toBeUndefined()
  source.emit('SIGTERM')
  expect([signal.aborted, interruptedBy(signal)]).toEqual([true, 'SIGTERM'])
  source.emit('SIGINT')
  expect(seen).toEqual(['SIGINT'])
})

test('a run that does not end by itself is ended in time', () => {
  vi.useFakeTimers()
  try {
    const source = new EventEmitter()
    const seen: string[] = []
    listenForSignals(source, (name) => void seen.push(name))
    source.emit('SIGTERM')
    vi.advanceTimersByTime(STOP_WITHIN_MS - 1)
    expect(seen).toEqual([])
    vi.advanceTimersByTime(1)
    expect(seen).toEqual(['SIGTERM'])
  } finally {
    vi.useRealTimers()
  }
})

test('another reason to abort is no interruption', () => {
  expect(interruptedBy(AbortSignal.abort(new Error('time-out')))).toBeUndefined()
})
