import type { z } from 'zod'
import { storeError } from '../codes.ts'
import type { StoredPoint } from '../vector-store.ts'
import { recordsAnswer, scrollAnswer } from './qdrant-answers.ts'
import type { CollectionTarget } from './qdrant-collection-requests.ts'
import type { QdrantCall } from './qdrant-connection.ts'
import { jsonBytes, type QdrantFilter, storedPoint, wireId } from './qdrant-points.ts'

/** The parts of points that are asked for. */
export type Want = { readonly vector: boolean; readonly payload: boolean }

/** An opened collection. */
export interface PointSource extends CollectionTarget {
  readonly dimensions: number
}

type ScrollPage = z.infer<typeof scrollAnswer>['result']

const RETRIEVE_POINTS = 500
const PAGE_POINTS = { least: 8, first: 128, most: 1_000 } as const
/** What one page of a scroll aims at, so that pages of large documents stay small. */
const PAGE_BYTES = 8_000_000
/** More than nearly every payload: where they are larger, the page is asked for again with fewer points. */
const PAYLOAD_BYTES = 256_000
/** No page may be longer, though pages aim at much less. */
const ANSWER_BYTES = 8 * PAGE_BYTES
/** Twice what a server takes in one request: one point may be as large as the request that wrote it. */
const POINT_BYTES = 64_000_000
const ENVELOPE_BYTES = 100_000
/** Points that are deleted while they are listed leave some. */
const EMPTY_PAGES = 100

/** How long an answer with so many points can be at most, in bytes. */
export function answerBytes(want: Want, points: number, dimensions: number): number {
  const perPoint = jsonBytes('', want.vector ? dimensions : 0) + (want.payload ? PAYLOAD_BYTES : 0)
  return ENVELOPE_BYTES + (points === 1 ? Math.max(perPoint, POINT_BYTES) : Math.min(points * perPoint, ANSWER_BYTES))
}

/** Points by their ids, those that are there. Fewer are asked for at once where their answer is too long, down to one. */
export async function retrievePoints(source: PointSource, ids: readonly string[], want: Want, signal: AbortSignal): Promise<readonly StoredPoint[]> {
  const found: StoredPoint[] = []
  let limit = RETRIEVE_POINTS
  for (let start = 0; start < ids.length; ) {
    const page = ids.slice(start, start + limit)
    const points = await retrievePage(source, page, want, signal)
    if (points === 'oversized') {
      limit = Math.ceil(page.length / 2)
      continue
    }
    found.push(...points)
    start += page.length
  }
  return found
}

/** All points that the filter lets pass, a page at a time. */
export async function* scrollPoints(
  source: PointSource,
  filter: { readonly filter?: QdrantFilter },
  want: Want,
  signal: AbortSignal,
): AsyncGenerator<StoredPoint> {
  let limit: number = PAGE_POINTS.first
  let offset: string | number | undefined
  const seen = new Set<string | number>()
  let empty = 0
  for (;;) {
    const answer = await scrollPage(source, { filter, want, limit, offset }, signal)
    if (answer === 'oversized') {
      limit = Math.ceil(limit / 2)
      continue
    }
    const { points, next_page_offset: next } = answer
    const page = points.map(storedPoint)
    yield* page
    const bytes = page.reduce((sum, point) => sum + approximateBytes(point), 0)
    const fitting = Math.floor((PAGE_BYTES * page.length) / Math.max(bytes, 1))
    limit = Math.min(Math.max(fitting, PAGE_POINTS.least), PAGE_POINTS.most)
    offset = next === undefined || next === null ? undefined : wireId(String(next))
    if (offset === undefined) return
    // A listing that comes back to where it was would never end.
    empty += page.length === 0 ? 1 : 0
    if (seen.has(offset) || empty > EMPTY_PAGES) throw storeError('store_answer_unexpected/circle', { location: source.location })
    seen.add(offset)
  }
}

async function scrollPage(
  { connection, name, dimensions }: PointSource,
  { filter, want, limit, offset }: { filter: { readonly filter?: QdrantFilter }; want: Want; limit: number; offset: string | number | undefined },
  signal: AbortSignal,
): Promise<ScrollPage | 'oversized'> {
  const { value } = await connection.call(
    {
      doing: 'listing points',
      answer: scrollAnswer,
      ...boundsOf(want, limit, dimensions),
      send: (api, init) =>
        api.scrollPoints(
          {
            collection_name: name,
            limit,
            with_payload: want.payload,
            with_vector: want.vector,
            ...(offset === undefined ? {} : { offset }),
            ...filter,
          },
          init,
        ),
    },
    signal,
  )
  return value === undefined ? 'oversized' : value.result
}

async function retrievePage(
  { connection, name, dimensions }: PointSource,
  ids: readonly string[],
  want: Want,
  signal: AbortSignal,
): Promise<readonly StoredPoint[] | 'oversized'> {
  const { value } = await connection.call(
    {
      doing: 'reading points',
      answer: recordsAnswer,
      ...boundsOf(want, ids.length, dimensions),
      send: (api, init) =>
        api.getPoints({ collection_name: name, ids: ids.map(wireId), with_payload: want.payload, with_vector: want.vector }, init),
    },
    signal,
  )
  return value === undefined ? 'oversized' : value.result.map(storedPoint)
}

/** What is too long with several points is handled: fewer are asked for. */
function boundsOf(want: Want, points: number, dimensions: number): Pick<QdrantCall<unknown>, 'maxBytes' | 'handle'> {
  return { maxBytes: answerBytes(want, points, dimensions), handle: ({ kind }) => kind === 'oversized' && points > 1 }
}

function approximateBytes(point: StoredPoint): number {
  const { payload, vector } = point
  return 1_000 + (vector?.length ?? 0) * 12 + (payload?.content?.length ?? 0) * 2
}
