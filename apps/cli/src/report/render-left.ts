import type { LeftSource } from '@qdrant-loader/core/state'
import { formatCount } from '../output/format-values.ts'
import { printableName } from '../output/printable.ts'
import { sourceLabel } from '../progress/source-label.ts'

/** Sources that are named in the line. */
const NAMED = 3

/** One line about sources that are no longer configured and still have points. Empty when there are none. */
export function renderLeft(left: readonly LeftSource[]): string {
  const [first] = left
  if (first === undefined) return ''
  const names = left.slice(0, NAMED).map((source) => `${nameOf(source)} (${source.points === 0 ? 'being removed' : countOf(source.points, 'point')})`)
  const more = left.length - names.length
  return `No longer configured: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}. To remove: qdrant-loader remove ${nameOf(first)}\n`
}

/** As `sync --json` names them. */
export function leftToJson({ ref: { project, sourceType, source }, documents, points }: LeftSource): object {
  return { project, source_type: sourceType, source, documents, points }
}

/** `60 documents and 812 points`; points alone where the state knows of no document. */
export function countsOf({ documents, points }: { readonly documents: number; readonly points: number }): string {
  const known = documents > 0 || points === 0 ? `${countOf(documents, 'document')} and ` : ''
  return `${known}${countOf(points, 'point')}`
}

function nameOf({ ref }: LeftSource): string {
  return printableName(sourceLabel(ref))
}

function countOf(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${formatCount(count)} ${what}s`
}
