import { retryLoop } from '@qdrant-loader/connector-sdk'
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
  /** Default: a timer that the signal clears. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>
  readonly signal?: AbortSignal
}

/** Tries again while another process holds the lock. Throws what `work` throws, and the reason of the signal. */
export async function whileBusy<T>(work: () => T | Promise<T>, wait: BusyWait): Promise<T> {
  const { now = sinceStart, sleep, signal = NEVER } = wait
  signal.throwIfAborted()
  // Nearly always the lock is free, and what a run reads and writes in small pieces needs no loop around each.
  try {
    return await work()
  } catch (error) {
    if (!isBusy(error)) throw error
  }
  const deadline = now() + wait.timeoutMs
  const waitAfter = (error: unknown): number | undefined => (isBusy(error) && now() < deadline ? 5 + Math.random() * 20 : undefined)
  return retryLoop(work, { waitAfter, sleep, signal })
}

const NEVER = new AbortController().signal

function sinceStart(): number {
  return performance.now()
}
