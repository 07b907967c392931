import type { Log } from '../output/log.ts'
import type { Paint } from '../output/paint.ts'
import type { OutputStream } from '../output/standard-output.ts'
import { createProgressBoard } from './progress-board.ts'
import type { ProgressReporter } from './progress-reporter.ts'
import { renderProgress } from './render-progress.ts'

/** What the live display needs. */
export interface LiveProgressDeps {
  /** Standard error: a terminal. */
  readonly stream: OutputStream
  readonly log: Log
  readonly paint: Paint
  readonly now: () => number
}

/** Redraws a second. A run that ends before the first draws nothing, and loads nothing for it. */
const REDRAW_MS = 125

/** Progress that is redrawn in place. Log lines go above it. */
export function createLiveProgress(deps: LiveProgressDeps): ProgressReporter {
  const board = createProgressBoard(deps.now)
  let display: { (text: string): void; clear(): void } | undefined
  let loading = false
  let closed = false
  let embedderInputs = (): number => 0

  function draw(): void {
    if (closed || display === undefined) return
    board.takeEmbedded(embedderInputs())
    const rows = Math.max(1, (deps.stream.rows ?? 24) - 2)
    const lines = renderProgress(board.sources, (deps.stream.columns ?? 80) - 1, deps.now(), deps.paint)
    // What is at work comes last, so that the end of a long list is what stays in view.
    const sorted = [...lines.keys()].toSorted((a, b) => Number(board.sources[a]?.report === undefined) - Number(board.sources[b]?.report === undefined))
    display(sorted.slice(-rows).map((index) => lines[index] ?? '').join('\n'))
  }

  async function tick(): Promise<void> {
    if (display === undefined && !loading) {
      loading = true
      const { createLogUpdate } = await import('log-update')
      // The cursor stays: a process that is killed could not bring it back.
      display = createLogUpdate(deps.stream, { showCursor: true })
    }
    draw()
  }

  deps.log.divert((line) => {
    display?.clear()
    deps.stream.write(line)
    draw()
  })
  const timer = setInterval(() => void tick(), REDRAW_MS)
  timer.unref()

  return {
    onProgress: (event) => void board.take(event),
    watchEmbedder: (count) => void (embedderInputs = count),
    close() {
      if (closed) return
      closed = true
      clearInterval(timer)
      display?.clear()
      deps.log.divert(undefined)
    },
  }
}
