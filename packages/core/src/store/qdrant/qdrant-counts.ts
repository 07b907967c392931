import type { z } from 'zod'
import type { PointFilter, SourcePoints } from '../vector-store.ts'
import { countAnswer, facetAnswer } from './qdrant-answers.ts'
import type { CollectionTarget } from './qdrant-collection-requests.ts'
import { type FILTER_FIELDS, filterPart } from './qdrant-points.ts'

type Field = (typeof FILTER_FIELDS)[number]
type Facets = z.infer<typeof facetAnswer>['result']['hits']

/** More projects, types or sources in one collection than this are not counted. */
const FACETS = 100_000
/** What a hit, or the count of a value, takes at most besides its text. */
const FACET_BYTES = 400

/** Points of a filter, without the marker. */
export async function countPoints(target: CollectionTarget, markerId: string | undefined, filter: PointFilter, signal: AbortSignal): Promise<number> {
  const { result } = await target.connection.send(
    {
      doing: 'counting points',
      answer: countAnswer,
      send: (api, init) =>
        api.countPoints({ collection_name: target.name, exact: true, ...filterPart(filter, markerId) }, init),
    },
    signal,
  )
  return result.count
}

/** Points of each source of a filter. */
export async function countBySource(target: CollectionTarget, markerId: string | undefined, filter: PointFilter, signal: AbortSignal): Promise<readonly SourcePoints[]> {
  const facet = (key: Field, of: PointFilter): Promise<Facets> => facets(target, markerId, key, of, signal)
  const found: SourcePoints[] = []
  for (const { value: project_id } of await facet('project_id', filter)) {
    for (const { value: source_type } of await facet('source_type', { ...filter, project_id })) {
      for (const { value: source, count } of await facet('source', { ...filter, project_id, source_type })) {
        found.push({ project_id, source_type, source, points: count })
      }
    }
  }
  return found
}

/** The values of an indexed field, with the exact number of points of each. */
async function facets(target: CollectionTarget, markerId: string | undefined, key: Field, filter: PointFilter, signal: AbortSignal): Promise<Facets> {
  const { result } = await target.connection.send(
    {
      doing: 'counting the points of each source',
      answer: facetAnswer,
      maxBytes: FACETS * FACET_BYTES,
      send: (api, init) =>
        api.facet({ collection_name: target.name, key, limit: FACETS, exact: true, ...filterPart(filter, markerId) }, init),
    },
    signal,
  )
  return result.hits
}
