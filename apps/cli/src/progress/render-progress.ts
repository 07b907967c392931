import { formatCount, formatDuration } from '../output/format-values.ts'
import type { Paint } from '../output/paint.ts'
import { printable } from '../output/printable.ts'
import { paceOf, type SourceProgress } from './progress-board.ts'

/** After so many milliseconds without news a source is shown as waiting. */
const SILENCE_MS = 5_000
const BAR = 20

const TINTS: Readonly<Record<NonNullable<SourceProgress['report']>['status'], (paint: Paint) => (text: string) => string>> = {
  succeeded: (paint) => paint.good,
  equal: (paint) => paint.good,
  repaired: (paint) => paint.good,
  partial: (paint) => paint.warning,
  held: (paint) => paint.warning,
  stopped: (paint) => paint.warning,
  different: (paint) => paint.warning,
  unsynced: (paint) => paint.warning,
  failed: (paint) => paint.bad,
}

/** The lines of the live display: one for each source at work, and one for each that is finished. */
export function renderProgress(sources: readonly SourceProgress[], columns: number, now: number, paint: Paint): string[] {
  const widest = Math.max(...sources.map((source) => source.label.length), 0)
  const labelWidth = Math.min(widest, Math.max(12, Math.floor(columns / 3)))
  return sources.map((source) => {
    const label = cut(source.label, labelWidth).padEnd(labelWidth)
    const room = columns - labelWidth - 3
    if (source.report !== undefined) {
      const { status, duration_ms: duration } = source.report
      const tint = TINTS[status](paint)
      return `${label}  ${tint(cut(`${status} in ${formatDuration(duration)}`, room))}`
    }
    return `${label}  ${atWork(source, room, now, paint)}`
  })
}

/** The most telling parts first; what does not fit is left out whole. */
function atWork(source: SourceProgress, room: number, now: number, paint: Paint): string {
  const { detected, done, total, chunks, inFlight, activity } = source
  const { perSecond, left } = paceOf(source, now)
  // What is under way is no waiting, even if it takes long.
  const silent = inFlight.embedding + inFlight.reading > 0 ? 0 : now - source.heardAt
  const parts: string[] = []
  if (silent >= SILENCE_MS) parts.push(`waiting for ${formatDuration(silent)}`)
  if (total !== undefined && total > 0) parts.push(`${formatCount(done)}/${formatCount(total)}`)
  else if (detected > 0) parts.push(`${formatCount(done)} of ${formatCount(detected)} seen`)
  if (chunks.total > 0) parts.push(`${formatCount(chunks.done)}/${chunks.certain ? '' : '~'}${formatCount(chunks.total)} chunks`)
  if (perSecond > 0) parts.push(`${perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond)}/s`)
  if (left !== undefined) parts.push(`${formatDuration(left)} left`)
  if (inFlight.embedding > 0) parts.push(`${formatCount(inFlight.embedding)} at the embedder`)
  else if (inFlight.reading > 0) parts.push(`reading ${formatCount(inFlight.reading)}`)
  if (activity !== '') parts.push(printable(activity))
  if (parts.length === 0) parts.push('starting')
  const text = join(parts, room)
  const bar = total !== undefined && total > 0 && room - text.length > BAR + 2 ? `${drawBar(shareOf(source))} ` : ''
  return silent >= SILENCE_MS ? bar + paint.warning(text) : bar + text
}

/** How much is done: of the chunks where there are any, since they take the time. */
function shareOf({ chunks, done, total = 1 }: SourceProgress): number {
  return chunks.total > 0 ? Math.min(chunks.done / chunks.total, 1) : done / total
}

function join(parts: readonly string[], room: number): string {
  let text = cut(parts[0] ?? '', room)
  for (const part of parts.slice(1)) {
    if (text.length + 2 + part.length <= room) text += `  ${part}`
  }
  return text
}

function drawBar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR)
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`
}
