import { LoaderError } from '@qdrant-loader/connector-sdk'
import { cliError } from './codes.ts'
import { STOP_WITHIN_MS, STOPPING } from './stopping.ts'

/**
 * The reason with which a signal aborts a run. An error of ours, so that what ends by it is reported as stopped and
 * not as a defect.
 */
export class InterruptedError extends LoaderError {
  override name = 'InterruptedError'
  readonly signal: NodeJS.Signals

  constructor(signal: NodeJS.Signals) {
    super(cliError.describe('interrupted', { signal }))
    this.signal = signal
  }
}

/** The signal of the operating system that aborted it, or undefined. */
export function interruptedBy(signal: AbortSignal): NodeJS.Signals | undefined {
  return signal.reason instanceof InterruptedError ? signal.reason.signal : undefined
}

/** What is listened to; `process` in the program. */
export interface SignalSource {
  on(event: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
}

/**
 * Ctrl-C, SIGTERM and a closed terminal abort once, so that the batch in flight ends well and leases are released.
 * A second signal calls `exitNow`, and so does time: the lease of a dead process is replaced at once, and what it was
 * writing is named by an intent (I5), so nothing is lost by it.
 */
export function listenForSignals(
  source: SignalSource,
  exitNow: (signal: NodeJS.Signals) => void,
  withinMs: number = STOP_WITHIN_MS,
): AbortSignal {
  const controller = new AbortController()
  for (const name of STOPPING) {
    source.on(name, () => {
      if (controller.signal.aborted) return exitNow(name)
      setTimeout(() => exitNow(name), withinMs).unref()
      controller.abort(new InterruptedError(name))
    })
  }
  return controller.signal
}
