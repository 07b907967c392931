/** The reason with which a signal aborts a run. */
export class InterruptedError extends Error {
  readonly signal: NodeJS.Signals

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`)
    this.name = 'InterruptedError'
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
 * A second signal calls `exitNow`: the lease of a dead process is replaced at once, and what it was writing is named
 * by an intent (I5), so nothing is lost by it.
 */
export function listenForSignals(
  source: SignalSource,
  on: { readonly first: (signal: NodeJS.Signals) => void; readonly second: (signal: NodeJS.Signals) => void },
): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    source.on(name, () => {
      if (controller.signal.aborted) return on.second(name)
      on.first(name)
      controller.abort(new InterruptedError(name))
    })
  }
  return controller.signal
}
