import type { SourceRef } from '@qdrant-loader/core/state'

/** A source as people are told of it. The project goes without saying where it is the default one. */
export function sourceLabel(ref: SourceRef): string {
  return `${ref.project === 'default' ? '' : `${ref.project}/`}${ref.sourceType}/${ref.source}`
}
