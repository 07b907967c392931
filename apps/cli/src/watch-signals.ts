import { writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { INTERRUPTED, STOPPED_AT_ONCE } from './stopping.ts'

/** What the thread is told. */
export interface WatchedProcess {
  /** Whether standard output is to hold one JSON object. */
  readonly json: boolean
  /** Of four bytes, shared with the thread: not 0 once the last words are said. */
  readonly said: SharedArrayBuffer
}

/** True for the first who asks, in whatever thread: the last words are said once. */
export function claimLastWords({ said }: WatchedProcess): boolean {
  return Atomics.exchange(new Int32Array(said), 0, 1) === 0
}

/**
 * Starts the thread that ends this process when a signal came and the main thread cannot take it: while JavaScript is
 * busy, no handler of it runs. Where this version of Node does not let a thread hear of signals, a signal waits until
 * the main thread is free.
 */
export function watchSignals(watched: WatchedProcess): void {
  const file = import.meta.url.endsWith('.ts') ? './signal-thread.ts' : './signal-thread.js'
  try {
    const thread = new Worker(new URL(file, import.meta.url), {
      workerData: watched,
      // The one way to a signal handle in a thread. The thread does without where it is gone.
      execArgv: ['--expose-internals', '--no-warnings'],
    })
    thread.on('error', () => undefined)
    thread.unref()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error
  }
}

/**
 * The last words of a process that does not wait for what is under way; written at once, whatever thread says them.
 * False when they were said already.
 */
export function sayStoppedAtOnce(name: string, watched: WatchedProcess): boolean {
  if (!claimLastWords(watched)) return false
  const { kind, hint } = STOPPED_AT_ONCE
  const message = STOPPED_AT_ONCE.message.replace('{signal}', name)
  write(2, `${message} ${hint}\n`)
  if (watched.json) write(1, `${JSON.stringify({ status: 'stopped', error: { code: INTERRUPTED, kind, message, hint } }, undefined, 2)}\n`)
  return true
}

/** A reader that went away does not matter any more. */
function write(descriptor: number, text: string): void {
  try {
    writeSync(descriptor, text)
  } catch (error) {
    if (!['EPIPE', 'EAGAIN', 'EBADF', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
