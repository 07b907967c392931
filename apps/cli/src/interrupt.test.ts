import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { interruptedBy, listenForSignals } from './interrupt.ts'

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

test('another reason to abort is no interruption', () => {
  expect(interruptedBy(AbortSignal.abort(new Error('time-out')))).toBeUndefined()
})
