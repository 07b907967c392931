// Without imports: the thread that watches signals loads no more than it needs.

/** The signals that stop a run. */
export const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** After a first signal the process ends within so many milliseconds, whatever does not end by itself. */
export const STOP_WITHIN_MS = 1_200

/** Code of the error that a stopped run ends with. */
export const INTERRUPTED = 'interrupted'

/** The words of a process that does not wait for what is under way: 'interrupted/at_once' in the table of errors. */
export const STOPPED_AT_ONCE = {
  kind: 'transient',
  message: 'Stopped by {signal} before everything had ended.',
  hint: 'Run it again: what was finished is kept, and the next run goes on from there.',
} as const
