// The thread of `watchSignals`. It hears of the same signals as the main thread, in a loop of its own.
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { workerData } from 'node:worker_threads'
import { exitCodeOfSignal } from './failure/exit-code.ts'
import { STOP_WITHIN_MS, STOPPING } from './stopping.ts'
import { sayStoppedAtOnce, type WatchedProcess } from './watch-signals.ts'

/** The main thread is given so much longer than it needs by itself, in milliseconds. */
const FIRST_MS = STOP_WITHIN_MS + 100
const SECOND_MS = 100
/** A main thread that does not even take an interruption is in the operating system's hands; so is then the process. */
const LAST_MS = 650
/** A main thread that is ending is given so long, in milliseconds. */
const ENDING_MS = 5_000

const require = createRequire(import.meta.url)

/** As much of Node's signal handle as is used. */
interface SignalHandle {
  onsignal: () => void
  start(number: number): number
}

let seen = 0

function heard(name: NodeJS.Signals): void {
  seen += 1
  setTimeout(() => end(name), seen === 1 ? FIRST_MS : SECOND_MS)
}

/** The main thread is still there, so it is busy. An interruption ends it with the status that it would have ended with. */
function end(name: NodeJS.Signals): void {
  if (!sayStoppedAtOnce(name, workerData as WatchedProcess)) {
    // It is ending by itself, and waits for its threads.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), ENDING_MS)
    return
  }
  const { Session } = require('node:inspector') as typeof import('node:inspector')
  const session = new Session()
  session.connectToMainThread()
  session.post('Runtime.evaluate', { expression: `process.reallyExit(${exitCodeOfSignal(name)})` })
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_MS)
}

function signalHandles(): new () => SignalHandle {
  const { internalBinding } = require('internal/test/binding') as {
    internalBinding(name: string): { readonly Signal: new () => SignalHandle }
  }
  return internalBinding('signal_wrap').Signal
}

const Signal = signalHandles()
for (const name of STOPPING) {
  const handle = new Signal()
  handle.onsignal = () => heard(name)
  handle.start(constants.signals[name])
}
