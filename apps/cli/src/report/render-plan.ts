import type { PlannedChange, SourceReport } from '@qdrant-loader/core'
import type { Paint } from '../output/paint.ts'
import { printable, printableName } from '../output/printable.ts'
import { sourceLabel } from '../progress/source-label.ts'

/** A source with what would be done to each of its documents. */
export type PlannedSource = SourceReport & { readonly changes: readonly PlannedChange[] }

/** One line a document under each source: what, which one, why. */
export function renderPlan(sources: readonly PlannedSource[], paint: Paint): string {
  const blocks = sources
    .filter((source) => source.error === null)
    .map((source) => {
      const ref = { project: source.project, sourceType: source.source_type, source: source.source }
      if (source.changes.length === 0) return `${paint.strong(sourceLabel(ref))}: nothing to do\n`
      return `${paint.strong(sourceLabel(ref))}\n${source.changes.map((change) => lineOf(change, paint)).join('')}`
    })
  return blocks.length === 0 ? '' : `${blocks.join('\n')}\n`
}

function lineOf({ action, document_id: id, from, reason }: PlannedChange, paint: Paint): string {
  const tint = { add: paint.good, update: paint.warning, move: paint.warning, delete: paint.bad, retry: paint.warning }[action]
  const name = from === undefined ? printableName(id) : `${printableName(from)} -> ${printableName(id)}`
  return `  ${tint(action.padEnd(6))}  ${name} ${paint.faint(`(${printable(reason)})`)}\n`
}
