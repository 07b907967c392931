import type { DocumentAction, DocumentChange, SourceReport, SyncReport } from '@qdrant-loader/core/pipeline'
import { formatCount } from '../output/format-values.ts'
import type { Paint } from '../output/paint.ts'
import { printable, printableName } from '../output/printable.ts'
import { sourceLabel } from '../progress/source-label.ts'
import { VERDICTS } from './render-sync-report.ts'

/** A source with what would be done to each of its documents. */
export type PlannedSource = SourceReport & { readonly changes: readonly DocumentChange[] }

/** A dry run with what would be done to each document. */
export type PlannedReport = Omit<SyncReport, 'sources'> & { readonly sources: readonly PlannedSource[] }

/** Documents that are named for each action of a source. `--json` names all. */
const NAMED = 20

/** In the order in which they are shown. */
const ACTIONS: readonly DocumentAction[] = ['add', 'update', 'move', 'delete', 'hold', 'wait', 'fail']

/** The first documents of each action under each source: what, which one, why. */
export function renderPlan(sources: readonly PlannedSource[], paint: Paint): string {
  const blocks = sources
    .filter((source) => isWhole(source) || source.changes.length > 0)
    .map((source) => {
      const label = paint.strong(sourceLabel({ project: source.project, sourceType: source.source_type, source: source.source }))
      if (source.changes.length === 0) return `${label}: nothing to do\n`
      return `${label}${isWhole(source) ? '' : ', as far as it came'}\n${ACTIONS.map((action) => linesOf(action, source.changes, paint)).join('')}`
    })
  return blocks.length === 0 ? '' : `${blocks.join('\n')}\n`
}

/** False for a source that the dry run did not get through: nobody knows what else there is to do. */
function isWhole({ status }: Pick<PlannedSource, 'status'>): boolean {
  return status !== 'failed' && status !== 'stopped'
}

function linesOf(action: DocumentAction, changes: readonly DocumentChange[], paint: Paint): string {
  const ofAction = changes.filter((change) => change.action === action)
  const lines = ofAction.slice(0, NAMED).map((change) => lineOf(change, paint))
  const more = ofAction.length - lines.length
  if (more > 0) lines.push(`  ${tinted(action, paint)}  ${paint.faint(`… and ${formatCount(more)} more`)}\n`)
  return lines.join('')
}

function lineOf({ action, document_id: id, from, reason }: DocumentChange, paint: Paint): string {
  const name = from === undefined ? printableName(id) : `${printableName(from)} -> ${printableName(id)}`
  // That it moved, and from where, is said already.
  const why = action === 'move' ? '' : ` ${paint.faint(`(${printable(VERDICTS[reason] ?? reason)})`)}`
  return `  ${tinted(action, paint)}  ${name}${why}\n`
}

function tinted(action: DocumentAction, paint: Paint): string {
  const tint = {
    add: paint.good,
    update: paint.warning,
    move: paint.warning,
    delete: paint.bad,
    hold: paint.bad,
    wait: paint.warning,
    fail: paint.bad,
  }[action]
  return tint(action.padEnd(6))
}

/** How many documents each action is about, also in words of their own. Those of the first group are always said. */
const COUNTED: readonly (readonly [action: DocumentAction, words: string, always?: true])[] = [
  ['add', 'to add', true],
  ['update', 'to update', true],
  ['move', 'to move'],
  ['delete', 'to delete', true],
  ['hold', 'held'],
  ['wait', 'unconfirmed'],
  ['fail', 'failing'],
]

/** The plan in one line, with what the embedder will be given. Empty when no source could be planned to its end. */
export function renderPlanLine({ sources }: PlannedReport): string {
  const whole = sources.filter(isWhole)
  if (whole.length === 0) return ''
  const changes = whole.flatMap((source) => source.changes)
  const counts = COUNTED.flatMap(([action, words, always]) => {
    const count = changes.filter((change) => change.action === action).length
    return count > 0 || always === true ? [`${formatCount(count)} ${words}`] : []
  })
  const rest = sources.length - whole.length
  const missing = rest === 0 ? '' : `, and ${rest === 1 ? '1 source that was' : `${rest} sources that were`} not planned`
  return `Plan: ${counts.join(', ')}${missing}${embedding(whole)}\n`
}

function embedding(sources: readonly PlannedSource[]): string {
  const inputs = sources.reduce((sum, { estimate }) => sum + (estimate?.inputs ?? 0), 0)
  const tokens = sources.reduce((sum, { estimate }) => sum + (estimate?.tokens ?? 0), 0)
  if (inputs === 0) return '; nothing to embed'
  return `; embeds ${inputs === 1 ? '1 text' : `${formatCount(inputs)} texts`}, ~${formatCount(tokens)} tokens`
}
