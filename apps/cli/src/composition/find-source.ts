import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { SOURCE_TYPE_ALIASES } from '@qdrant-loader/core/config'
import type { SourceRef } from '@qdrant-loader/core/state'
import { nearest } from '../command-line/nearest.ts'
import { usageError } from '../command-line/usage-error.ts'
import { sourceLabel } from '../progress/source-label.ts'

/**
 * The source that a name means: `status` prints `type/name`, or `project/type/name` outside the default project; the
 * name alone is enough where it means one source only.
 *
 * @throws LoaderError `usage` when it means none, or more than one.
 */
export function findSource(name: string, sources: readonly SourceRef[]): SourceRef {
  const exact = sources.filter((ref) => sourceLabel(ref) === name || fullName(ref) === name)
  const found = exact.length > 0 ? exact : sources.filter((ref) => namesOf(ref).includes(name))
  const [only, another] = found
  if (only === undefined) throw unknownSource(name, sources)
  if (another !== undefined) throw usageError(`More than one source is called ${name}.`, `Say which: ${found.map(fullName).join(', ')}.`)
  return only
}

/** With its project, always. */
function fullName({ project, sourceType, source }: SourceRef): string {
  return `${project}/${sourceType}/${source}`
}

function namesOf(ref: SourceRef): readonly string[] {
  const types = [ref.sourceType, ...Object.keys(SOURCE_TYPE_ALIASES).filter((alias) => SOURCE_TYPE_ALIASES[alias] === ref.sourceType)]
  return [ref.source, ...types.flatMap((type) => [`${type}/${ref.source}`, `${ref.project}/${type}/${ref.source}`])]
}

function unknownSource(name: string, sources: readonly SourceRef[]): LoaderError {
  const labels = sources.map(sourceLabel)
  const candidate = nearest(name, [...labels, ...sources.map(({ source }) => source)])
  if (candidate !== undefined) return usageError(`No source is, or was, called ${name}.`, `Did you mean ${candidate}?`)
  return usageError(`No source is, or was, called ${name}.`, labels.length === 0 ? 'There are none: nothing was synced yet.' : `There are: ${labels.join(', ')}.`)
}
