import type { PointFilter } from '@qdrant-loader/core/store'
import { normalise } from './select-sources.ts'
import type { Selection } from './select-sources.ts'

/** The selecting flags as a filter of points. */
export function pointFilter(selection: Selection): PointFilter {
  const { project, sourceType, source } = normalise(selection)
  return {
    ...(project === undefined ? {} : { project_id: project }),
    ...(sourceType === undefined ? {} : { source_type: sourceType }),
    ...(source === undefined ? {} : { source }),
  }
}
