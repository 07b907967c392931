import type { CommandContext } from '../command-context.ts'
import { createPaint } from '../output/paint.ts'
import { createLiveProgress } from './live-progress.ts'
import { createLogProgress } from './log-progress.ts'
import type { ProgressReporter } from './progress-reporter.ts'

/** A live display where a person watches standard error; lines of the log everywhere else, and for `--watch`. */
export function createProgress(context: CommandContext, options: { readonly endless: boolean; readonly doing?: 'sync' | 'verify' }): ProgressReporter {
  const { errorTerminal, stderr, log, host } = context
  if (!errorTerminal.interactive || options.endless) return createLogProgress({ doing: options.doing ?? 'sync', report: log.report, now: host.now, repeat })
  return createLiveProgress({
    stream: stderr.stream,
    log,
    paint: createPaint(errorTerminal.colour),
    now: host.now,
  })
}

function repeat(look: () => void, everyMs: number): () => void {
  const timer = setInterval(look, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
