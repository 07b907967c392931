import { stripVTControlCharacters } from 'node:util'
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
const ERASE_AND_UP = '\u001B[2K\u001B[1A'

/** Progress that is redrawn in place. Log lines go above it. */
export function createLiveProgress(deps: LiveProgressDeps): ProgressReporter {
  const board = createProgressBoard(deps.now)
  let display: { (text: string): void; clear(): void } | undefined
  let loading = false
  let closed = false
  let drawn: { readonly lines: readonly string[]; readonly columns: number } | undefined

  function draw(): void {
    if (closed || display === undefined) return
    const columns = deps.stream.columns ?? 80
    const rows = Math.max(1, (deps.stream.rows ?? 24) - 2)
    const lines = renderProgress(board.sources, columns - 1, deps.now(), deps.paint)
    // What is at work comes last, so that the end of a long list is what stays in view.
    const sorted = [...lines.keys()].toSorted((a, b) => Number(board.sources[a]?.report === undefined) - Number(board.sources[b]?.report === undefined))
    const shown = sorted.slice(-rows).map((index) => lines[index] ?? '')
    eraseFolded()
    display(shown.join('\n'))
    drawn = { lines: shown, columns }
  }

  /**
   * A terminal that got narrower has folded the lines that are on it, so that they take more rows than were drawn. The
   * display erases those that it drew, from the end; the others are erased here.
   */
  function eraseFolded(): void {
    const columns = deps.stream.columns ?? 80
    if (drawn === undefined || columns >= drawn.columns) return
    const more = drawn.lines.reduce((sum, line) => sum + Math.max(0, Math.ceil(stripVTControlCharacters(line).length / columns) - 1), 0)
    if (more > 0) deps.stream.write(ERASE_AND_UP.repeat(more))
    drawn = { ...drawn, columns }
  }

  function clear(): void {
    eraseFolded()
    display?.clear()
    drawn = undefined
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
    clear()
    deps.stream.write(line)
    draw()
  })
  const timer = setInterval(() => void tick(), REDRAW_MS)
  timer.unref()
  deps.stream.on('resize', draw)

  return {
    onProgress: (event) => void board.take(event),
    close() {
      if (closed) return
      closed = true
      clearInterval(timer)
      clear()
      deps.stream.off('resize', draw)
      deps.log.divert(undefined)
    },
  }
}
