// Without imports: the thread that watches signals loads no more than it needs.

/** The signals that stop a run. */
export const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** After a first signal the process ends within so many milliseconds, whatever does not end by itself. */
export const STOP_WITHIN_MS = 1_200

/** Code of the error that a stopped run ends with. */
export const INTERRUPTED = 'interrupted'
