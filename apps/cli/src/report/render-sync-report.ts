import type { SourceReport, SyncReport } from '@qdrant-loader/core/pipeline'
import type { RunCounters } from '@qdrant-loader/core/state'
import { renderFailure } from '../failure/render-failure.ts'
import { INTERRUPTED } from '../stopping.ts'
import { formatCount, formatDuration } from '../output/format-values.ts'
import type { Paint } from '../output/paint.ts'
import { renderTable } from '../output/table.ts'
import type { Column, TableSpace } from '../output/table.ts'
import { sourceLabel } from '../progress/source-label.ts'
import { renderShortfalls } from './render-shortfalls.ts'

/** A column of the report. `quiet` ones are shown only when some source has a number there. */
interface ReportColumn extends Column {
  readonly value: (report: RunCounters) => number
  readonly quiet?: boolean
}

const COUNTS: readonly ReportColumn[] = [
  { name: 'added', align: 'right', value: ({ documents }) => documents.added },
  { name: 'updated', align: 'right', value: ({ documents }) => documents.updated },
  { name: 'moved', align: 'right', value: ({ documents }) => documents.moved, spare: 3 },
  { name: 'deleted', align: 'right', value: ({ documents }) => documents.deleted },
  { name: 'unchanged', align: 'right', value: ({ documents }) => documents.unchanged, spare: 6 },
  { name: 'failed', align: 'right', value: ({ documents }) => documents.failed, quiet: true },
  { name: 'held', align: 'right', value: ({ documents }) => documents.held, quiet: true },
  { name: 'unconfirmed', align: 'right', value: ({ documents }) => documents.unconfirmed, quiet: true, spare: 4 },
  { name: 'embedded', align: 'right', value: ({ chunks }) => chunks.embedded, spare: 1 },
  { name: 'reused', align: 'right', value: ({ chunks }) => chunks.reused, spare: 5 },
]

/** The end of a sync for people: a table of the sources, and what was passed over. */
export async function renderSyncReport(report: SyncReport, space: TableSpace): Promise<string> {
  const counts = COUNTS.filter((column) => column.quiet !== true || column.value(report.totals) > 0)
  const columns: Column[] = [
    { name: 'source', wraps: true },
    { name: 'status' },
    ...counts,
    { name: 'time', align: 'right', spare: 2 },
  ]
  const rows = report.sources.map((source) => [
    labelOf(source),
    tinted(source.status, space.paint),
    ...counts.map((column) => formatCount(column.value(source))),
    formatDuration(source.duration_ms),
  ])
  const table = await renderTable(columns, rows, space)
  const skipped = report.sources.flatMap((source) => {
    const reasons = Object.entries(source.skipped).filter(([, count]) => count > 0)
    const text = reasons.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ')
    return text === '' ? [] : [space.paint.faint(`${labelOf(source)}: skipped ${text}`)]
  })
  const empty = report.sources.filter((source) => source.empty === true).map((source) => space.paint.faint(`${labelOf(source)}: ${EMPTY}`))
  const notes = [...empty, ...skipped, ...report.sources.flatMap((source) => renderShortfalls(labelOf(source), source.shortfalls, space.paint)), ...report.sources.flatMap((source) => verdictsOf(source, space.paint))]
  return notes.length === 0 ? table : `${table}\n${notes.join('\n')}\n`
}

const EMPTY = 'has no documents: it is empty, or what is configured (branch, paths, filters) selects nothing of it'

/** What the verdicts of the contract mean to a reader. */
export const VERDICTS: Readonly<Record<string, string>> = {
  deleted: 'deleted',
  archived: 'archived',
  hidden: 'no longer visible',
  'out-of-scope': 'out of scope',
  textless: 'without text now',
  unknown: 'unconfirmed',
}

/** Why documents left, where that is more than that they were deleted. */
function verdictsOf(source: SourceReport, paint: Paint): readonly string[] {
  const reasons = Object.entries(source.verdicts).filter(([, count]) => count > 0)
  if (reasons.every(([verdict]) => verdict === 'deleted')) return []
  const text = reasons.map(([verdict, count]) => `${formatCount(count)} ${VERDICTS[verdict] ?? verdict}`).join(', ')
  return [paint.faint(`${labelOf(source)}: gone or going: ${text}`)]
}

/** The status in its colour. */
function tinted(status: SourceReport['status'], paint: Paint): string {
  const tint = { succeeded: paint.good, partial: paint.warning, held: paint.warning, stopped: paint.warning, failed: paint.bad }[status]
  return tint(status)
}

function labelOf(source: SourceReport): string {
  return sourceLabel({ project: source.project, sourceType: source.source_type, source: source.source })
}

const FAILED = {
  done: 'To fix it: see why with qdrant-loader failures; each run tries them again.',
  planned: 'A sync would do everything else, and note why in qdrant-loader failures.',
} as const

const HELD = {
  done:
    'is held, since so many at once are rarely meant.\n' +
    'To fix it: look at them with qdrant-loader plan. If they are right: qdrant-loader sync --allow-mass-delete',
  planned: 'would be held, since so many at once are rarely meant.\nIf they are right: qdrant-loader sync --allow-mass-delete',
} as const

/** What needs attention, for standard error: what happened, and what to do about it. Empty when nothing does. */
export function renderAttention(report: SyncReport): string {
  const lines: string[] = []
  const which = report.dry_run ? 'planned' : 'done'
  for (const source of report.sources) {
    const label = labelOf(source)
    const { failed, held, unconfirmed } = source.documents
    // That a run was stopped is said once, by `run`.
    if (source.error !== null && source.error.code !== INTERRUPTED) {
      lines.push(renderFailure({ ...source.error, message: `${label}: ${source.error.message}` }).trimEnd())
    }
    if (failed > 0) lines.push(`${label}: ${documents(failed)} could not be ${report.dry_run ? 'read' : 'synced'}.\n${FAILED[which]}`)
    if (held > 0) lines.push(`${label}: the deletion of ${documents(held)} ${HELD[which]}`)
    if (unconfirmed > 0) lines.push(`${label}: ${documents(unconfirmed)} may be gone; the next complete listing tells.`)
  }
  return lines.length === 0 ? '' : `${lines.join('\n\n')}\n`
}

/** What a run that was stopped leaves behind: counts of what is in the collection and in the state by now. */
export function renderKept({ totals }: Pick<SyncReport, 'totals'>): string {
  const { added, updated, moved } = totals.documents
  const finished = added + updated + moved
  const { unfinished } = totals.chunks
  if (finished + unfinished === 0) return 'Stopped before any document was finished. The next run begins where this one did.\n'
  const chunks = unfinished === 0 ? '' : finished === 0 ? chunksOf(unfinished) : ` and ${chunksOf(unfinished)} of others`
  const kept = `${finished === 0 ? '' : documents(finished)}${chunks}`
  return `Stopped. ${kept} of this run ${finished + unfinished === 1 ? 'is' : 'are'} kept; the next run goes on from there and embeds nothing of that again.\n`
}

function chunksOf(count: number): string {
  return count === 1 ? '1 chunk' : `${formatCount(count)} chunks`
}

function documents(count: number): string {
  return count === 1 ? '1 document' : `${formatCount(count)} documents`
}
