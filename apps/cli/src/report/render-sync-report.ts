import type { RunCounters, SourceReport, SyncReport } from '@qdrant-loader/core'
import { formatCount, formatDuration } from '../output/format-values.ts'
import type { Paint } from '../output/paint.ts'
import { renderTable } from '../output/table.ts'
import type { Column, TableSpace } from '../output/table.ts'
import { sourceLabel } from '../progress/source-label.ts'

/** A column of the report. `quiet` ones are shown only when some source has a number there. */
interface ReportColumn extends Column {
  readonly value: (report: RunCounters) => number
  readonly quiet?: boolean
}

const COUNTS: readonly ReportColumn[] = [
  { name: 'added', align: 'right', value: ({ documents }) => documents.added },
  { name: 'updated', align: 'right', value: ({ documents }) => documents.updated },
  { name: 'moved', align: 'right', value: ({ documents }) => documents.moved, spare: 2 },
  { name: 'deleted', align: 'right', value: ({ documents }) => documents.deleted },
  { name: 'unchanged', align: 'right', value: ({ documents }) => documents.unchanged, spare: 4 },
  { name: 'failed', align: 'right', value: ({ documents }) => documents.failed, quiet: true },
  { name: 'held', align: 'right', value: ({ documents }) => documents.held, quiet: true },
  { name: 'unconfirmed', align: 'right', value: ({ documents }) => documents.unconfirmed, quiet: true, spare: 3 },
  { name: 'embedded', align: 'right', value: ({ chunks }) => chunks.embedded },
  { name: 'reused', align: 'right', value: ({ chunks }) => chunks.reused, spare: 3 },
]

/** The end of a sync for people: a table of the sources, then what needs attention and what to do about it. */
export async function renderSyncReport(report: SyncReport, space: TableSpace): Promise<string> {
  const counts = COUNTS.filter((column) => column.quiet !== true || column.value(report.totals) > 0)
  const columns: Column[] = [
    { name: 'source' },
    { name: 'status' },
    ...counts,
    { name: 'time', align: 'right', spare: 1 },
  ]
  const rows = report.sources.map((source) => [
    labelOf(source),
    tinted(source.status, space.paint),
    ...counts.map((column) => formatCount(column.value(source))),
    formatDuration(source.duration_ms),
  ])
  const table = await renderTable(columns, rows, space)
  return [table, ...attention(report, space.paint)].filter((part) => part !== '').join('\n')
}

/** The status in its colour. */
export function tinted(status: SourceReport['status'], paint: Paint): string {
  const tint = { succeeded: paint.good, partial: paint.warning, held: paint.warning, failed: paint.bad }[status]
  return tint(status)
}

function labelOf(source: SourceReport): string {
  return sourceLabel({ project: source.project, sourceType: source.source_type, source: source.source })
}

function attention(report: SyncReport, paint: Paint): string[] {
  const lines: string[] = []
  for (const source of report.sources) {
    const label = labelOf(source)
    const { failed, held, unconfirmed } = source.documents
    const skipped = Object.entries(source.skipped).filter(([, count]) => count > 0)
    if (source.error !== null) {
      lines.push(`${paint.bad(`${label}: ${source.error.message}`)}\n  To fix it: ${source.error.hint}`)
    }
    if (failed > 0) {
      lines.push(`${paint.warning(`${label}: ${documents(failed)} could not be synced.`)} See why: qdrant-loader failures`)
    }
    if (held > 0) {
      lines.push(
        `${paint.warning(`${label}: ${formatCount(held)} deletions are held, as that is more than is believed at once.`)}\n` +
          '  If they are right: qdrant-loader sync --allow-mass-delete',
      )
    }
    if (unconfirmed > 0) lines.push(`${label}: ${documents(unconfirmed)} may be gone; the next complete listing tells.`)
    if (skipped.length > 0) {
      lines.push(paint.faint(`${label}: skipped ${skipped.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ')}`))
    }
  }
  return lines.length === 0 ? [] : [`${lines.join('\n')}\n`]
}

function documents(count: number): string {
  return count === 1 ? '1 document' : `${formatCount(count)} documents`
}
