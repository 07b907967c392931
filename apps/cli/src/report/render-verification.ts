import type { Difference, DifferenceKind, SourceVerification, VerificationReport } from '@qdrant-loader/core/pipeline'
import { renderFailure } from '../failure/render-failure.ts'
import { INTERRUPTED } from '../stopping.ts'
import { formatCount, formatDuration } from '../output/format-values.ts'
import type { Paint } from '../output/paint.ts'
import { printableName } from '../output/printable.ts'
import { renderTable } from '../output/table.ts'
import type { Column, TableSpace } from '../output/table.ts'
import { sourceLabel } from '../progress/source-label.ts'
import { combineReports } from './combine-reports.ts'
import { renderAttention } from './render-sync-report.ts'

const KINDS: readonly DifferenceKind[] = ['missing', 'orphaned', 'different']
/** Documents that are named for each kind of difference. */
const NAMED = 5

const COLUMNS: readonly Column[] = [
  { name: 'source', wraps: true },
  { name: 'status' },
  { name: 'documents', align: 'right', spare: 2 },
  { name: 'points', align: 'right' },
  ...KINDS.map((name) => ({ name, align: 'right' as const })),
  { name: 'time', align: 'right', spare: 1 },
]

/** The end of a comparison for people: a table of the sources, what differs, and what belongs to no source. */
export async function renderVerification(report: VerificationReport, space: TableSpace): Promise<string> {
  const rows = report.sources.map((source) => [
    labelOf(source),
    tinted(source.status, space.paint),
    formatCount(source.documents.checked),
    formatCount(source.points.checked),
    ...KINDS.map((kind) => formatCount(source.points[kind])),
    formatDuration(source.duration_ms),
  ])
  const table = rows.length === 0 ? 'No source is configured.\n' : await renderTable(COLUMNS, rows, space)
  const blocks = report.sources.map((source) => differencesOf(source, space.paint)).filter((block) => block !== '')
  return [table, ...blocks, unconfigured(report, space.paint)].filter((part) => part !== '').join('\n')
}

function tinted(status: SourceVerification['status'], paint: Paint): string {
  const tint = { equal: paint.good, repaired: paint.good, different: paint.warning, unsynced: paint.warning, failed: paint.bad }[status]
  return tint(status)
}

function differencesOf(source: SourceVerification, paint: Paint): string {
  const lines = KINDS.flatMap((kind) => linesOf(kind, source))
  if (source.repair !== null) lines.push(...doneBy(source.repair.sync))
  return lines.length === 0 ? '' : `${paint.strong(labelOf(source))}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

function linesOf(kind: DifferenceKind, { points, examples }: SourceVerification): readonly string[] {
  const byDocument = new Map<string, number>()
  for (const example of examples) {
    if (example.kind === kind) byDocument.set(nameOf(example), (byDocument.get(nameOf(example)) ?? 0) + 1)
  }
  const named = [...byDocument].slice(0, NAMED)
  const lines = named.map(([name, count]) => `${kind.padEnd(9)}  ${name}${count === 1 ? '' : ` (${count} points)`}`)
  const more = points[kind] - named.reduce((sum, [, count]) => sum + count, 0)
  return more === 0 ? lines : [...lines, `${kind.padEnd(9)}  … and ${formatCount(more)} more`]
}

/** A point that names no document is told by its id. */
function nameOf({ document_id: documentId, point_id: pointId }: Difference): string {
  return typeof documentId === 'string' ? printableName(documentId) : `point ${printableName(pointId)}`
}

function doneBy({ points, chunks }: NonNullable<SourceVerification['repair']>['sync']): readonly string[] {
  const done = [
    `${pointsOf(points.upserted)} written, ${formatCount(chunks.embedded)} of them embedded`,
    `${points.payload_updated === 1 ? '1 payload' : `${formatCount(points.payload_updated)} payloads`} set`,
    `${pointsOf(points.deleted)} removed`,
  ]
  return done.filter((line) => !line.startsWith('0 ')).map((line) => `${'repair'.padEnd(9)}  ${line}`)
}

function unconfigured({ unconfigured: sources }: VerificationReport, paint: Paint): string {
  if (sources.length === 0) return ''
  const lines = sources.map(({ project, source_type: sourceType, source, points }) => {
    return `  ${printableName(sourceLabel({ project, sourceType, source }))}: ${pointsOf(points)}\n`
  })
  return `${paint.faint('Not configured here, and left alone (to remove one: qdrant-loader remove NAME):')}\n${lines.join('')}`
}

/** What needs attention, for standard error: what happened, and what to do about it. Empty when nothing does. */
export function renderVerificationAttention(report: VerificationReport): string {
  const parts: string[] = []
  for (const source of report.sources) {
    const { error, repair, status } = source
    // That a comparison was stopped is said once, by `run`.
    if (error !== null && error.code !== INTERRUPTED) {
      parts.push(renderFailure({ ...error, message: `${labelOf(source)}: ${error.message}` }))
    }
    if (repair !== null) parts.push(renderAttention(combineReports([repair.sync], 'incremental')))
    if (status === 'different') parts.push(advice(source))
    if (status === 'unsynced') parts.push(`${labelOf(source)}: it has not been synced yet, so there is nothing to compare.\nTo fix it: qdrant-loader sync`)
  }
  const texts = parts.map((part) => part.trimEnd()).filter((part) => part !== '')
  return texts.length === 0 ? '' : `${texts.join('\n\n')}\n`
}

function advice(source: SourceVerification): string {
  const { missing, orphaned, different } = source.repair?.left ?? source.points
  const count = missing + orphaned + different
  const found = pointsOf(count)
  if (source.repair === null) {
    return `${labelOf(source)}: ${found} of the collection ${count === 1 ? 'differs' : 'differ'} from the state.\nTo fix it: qdrant-loader verify --repair`
  }
  return (
    `${labelOf(source)}: after the repair ${found} still ${count === 1 ? 'differs' : 'differ'}.\n` +
    'To fix it: settle what is failed, held or unconfirmed (qdrant-loader status), then run qdrant-loader verify --repair again.'
  )
}

function labelOf(source: SourceVerification): string {
  return sourceLabel({ project: source.project, sourceType: source.source_type, source: source.source })
}

function pointsOf(count: number): string {
  return count === 1 ? '1 point' : `${formatCount(count)} points`
}
