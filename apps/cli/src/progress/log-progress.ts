import type { Logger } from '@qdrant-loader/connector-sdk'
import { createProgressBoard } from './progress-board.ts'
import type { ProgressReporter } from './progress-reporter.ts'
import { sourceLabel } from './source-label.ts'

/** Where nobody watches, so many milliseconds pass between two lines of a source. */
const EVERY_MS = 15_000

/** Progress as lines of the log, for pipes, files and continuous integration. Begin and end are logged by the run itself. */
export function createLogProgress(logger: Logger, now: () => number): ProgressReporter {
  const board = createProgressBoard(now)
  const saidAt = new Map<string, number>()

  return {
    onProgress(event) {
      const source = board.take(event)
      const label = sourceLabel(event.ref)
      if (event.type === 'source-started') saidAt.set(label, now())
      if (event.type !== 'documents' || source === undefined || now() - (saidAt.get(label) ?? 0) < EVERY_MS) return
      saidAt.set(label, now())
      const { detected, done, embedded, total, rate } = source
      logger.info('sync goes on', { source: label, detected, done, embedded, total, per_second: Math.round(rate) })
    },
    close: () => undefined,
  }
}
