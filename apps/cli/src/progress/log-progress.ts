import type { Logger } from '@qdrant-loader/connector-sdk'
import { createProgressBoard } from './progress-board.ts'
import type { SourceProgress } from './progress-board.ts'
import type { ProgressReporter } from './progress-reporter.ts'

/** Where nobody watches, a source is first told of when it takes longer than this, and then so often; milliseconds. */
const FIRST_MS = 2_000
const EVERY_MS = 15_000
const LOOK_MS = 1_000

/** What lines of progress need. */
export interface LogProgressDeps {
  /** The command, as the lines name it. */
  readonly doing: string
  readonly report: Logger['info']
  readonly now: () => number
  /** Calls again and again, until what it answers is called. */
  readonly repeat: (look: () => void, everyMs: number) => () => void
}

/** Progress as lines of the log, for pipes, files and continuous integration. Begin and end are logged by the run itself. */
export function createLogProgress({ doing, report, now, repeat }: LogProgressDeps): ProgressReporter {
  const board = createProgressBoard(now)
  const saidAt = new Map<SourceProgress, number>()
  let embedderInputs = (): number => 0

  function look(): void {
    board.takeEmbedded(embedderInputs())
    for (const source of board.sources) {
      if (source.report !== undefined) continue
      const last = saidAt.get(source)
      if (now() - (last ?? source.startedAt) < (last === undefined ? FIRST_MS : EVERY_MS)) continue
      saidAt.set(source, now())
      const { label, activity, detected, done, embedded, total, rate } = source
      report(`${doing} goes on`, {
        source: label,
        ...(activity === '' ? {} : { activity }),
        detected,
        done,
        embedded,
        ...(total === undefined ? {} : { total }),
        per_second: Math.round(rate * 10) / 10,
      })
    }
  }

  const stop = repeat(look, LOOK_MS)
  return {
    onProgress: (event) => void board.take(event),
    watchEmbedder: (count) => void (embedderInputs = count),
    close: stop,
  }
}
