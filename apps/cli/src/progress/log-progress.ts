import type { Logger } from '@qdrant-loader/connector-sdk'
import { createProgressBoard, paceOf } from './progress-board.ts'
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

  function look(): void {
    for (const source of board.sources) {
      if (source.report !== undefined) continue
      const last = saidAt.get(source)
      if (now() - (last ?? source.startedAt) < (last === undefined ? FIRST_MS : EVERY_MS)) continue
      saidAt.set(source, now())
      const { label, activity, detected, done, total, chunks, inFlight } = source
      const { perSecond, left } = paceOf(source, now())
      report(`${doing} goes on`, {
        source: label,
        ...(activity === '' ? {} : { activity }),
        detected,
        done,
        ...(total === undefined ? {} : { total }),
        ...(chunks.total === 0 ? {} : { chunks: chunks.done, chunks_total: chunks.total, embedded: chunks.embedded }),
        ...(inFlight.embedding === 0 ? {} : { embedding: inFlight.embedding }),
        ...(inFlight.reading === 0 ? {} : { reading: inFlight.reading }),
        per_second: Math.round(perSecond * 10) / 10,
        ...(left === undefined ? {} : { seconds_left: Math.round(left / 1_000) }),
      })
    }
  }

  const stop = repeat(look, LOOK_MS)
  return {
    onProgress: (event) => void board.take(event),
    close: stop,
  }
}
