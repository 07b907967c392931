import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { readInParts } from '@qdrant-loader/http'
import { MOST_BODIES } from '../api/confluence-api.ts'
import type { Body, BodyRequest, ConfluenceApi } from '../api/confluence-api.ts'
import { reasonOf } from '../errors.ts'

/** Bodies of some documents. What cannot be seen is left out. */
export interface BodyBatch<Request extends BodyRequest> {
  readonly wanted: readonly Request[]
  readonly bodies: ReadonlyMap<string, Body | LoaderError>
}

/**
 * Reads bodies in bulk, in batches of about {@link MOST_BODIES}. Where an answer cannot be had because of some of its pages,
 * its halves are asked for, down to those pages themselves, which then have an error in the place of a body. `alone`: ids
 * of pages with which an answer failed before; they come last, one by one.
 */
export async function* readBodies<Request extends BodyRequest>(
  api: Pick<ConfluenceApi, 'bodies' | 'health'>,
  wanted: readonly Request[],
  alone: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<BodyBatch<Request>> {
  const together = wanted.filter(({ id }) => !alone.has(id))
  yield* inBatches(together, { api, size: MOST_BODIES, signal })
  yield* inBatches(wanted.filter(({ id }) => alone.has(id)), { api, size: 1, signal, retries: 1 })
}

async function* inBatches<Request extends BodyRequest>(
  all: readonly Request[],
  { api, size, signal, retries }: { readonly api: Pick<ConfluenceApi, 'bodies' | 'health'>; readonly size: number; readonly signal: AbortSignal; readonly retries?: number },
): AsyncGenerator<BodyBatch<Request>> {
  const parts = readInParts(all, {
    size,
    read: (heads, call) => api.bodies(heads, { ...call, ...(retries !== undefined && { retries }) }),
    health: api.health,
    signal,
    describe: ({ kind, id }) => `the text of ${kind} ${id}`,
  })
  let [wanted, bodies]: [Request[], Map<string, Body | LoaderError>] = [[], new Map()]
  for await (const part of parts) {
    wanted.push(...part.items)
    if (part.error) bodies.set(part.items[0].id, part.error)
    else for (const [id, body] of part.result) bodies.set(id, body)
    if (wanted.length < MOST_BODIES) continue
    yield { wanted, bodies }
    ;[wanted, bodies] = [[], new Map()]
  }
  if (wanted.length > 0) yield { wanted, bodies }
}

/** Several pages, none of them with its text, and not because of their size: no fault of the pages. */
export function nothingRead(bodies: ReadonlyMap<string, Body | LoaderError>): LoaderError | undefined {
  const found = [...bodies.values()]
  const missing = found.filter(isLoaderError).map(reasonOf).filter(({ code }) => code !== 'http_too_large')
  return found.length > 1 && missing.length === found.length ? missing[0] : undefined
}
