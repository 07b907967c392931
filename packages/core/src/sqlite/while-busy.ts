import { setTimeout as delay } from 'node:timers/promises'
import { isBusy } from './sqlite-fault.ts'

/**
 * How long SQLite itself may wait for a lock, in milliseconds. It stops the process meanwhile (heartbeats, Ctrl-C), so
 * the rest of a wait is done outside of it.
 */
export const BLOCKING_WAIT_MS = 50

/** How long to wait for other processes, and by what clock. */
export interface BusyWait {
  /** Milliseconds until a lock of another process is given up on. */
  readonly timeoutMs: number
  /** Milliseconds. Default: the time since the process began. */
  readonly now?: () => number
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>
  readonly signal?: AbortSignal
}

/** Tries again while another process holds the lock. Throws what `work` throws, and the reason of the signal. */
export async function whileBusy<T>(work: () => T | Promise<T>, wait: BusyWait): Promise<T> {
  const { now = sinceStart, sleep = sleepFor, signal } = wait
  const deadline = now() + wait.timeoutMs
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error) || now() >= deadline) throw error
    }
    await sleep(5 + Math.random() * 20, signal)
  }
}

function sinceStart(): number {
  return performance.now()
}

function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<unknown> {
  return delay(ms, undefined, signal === undefined ? {} : { signal })
}
