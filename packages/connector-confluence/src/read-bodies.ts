import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { Body, BodyRequest, ConfluenceApi } from './api.ts'
import { batchesOf } from './in-batches.ts'

/** Bodies that are asked for together. */
const TOGETHER = 50
/** What an answer with many bodies may fail at because of one of them. */
const OF_ONE: readonly string[] = ['http_too_large', 'confluence_body_missing', 'confluence_bad_answer']

/**
 * Reads bodies in bulk; what cannot be seen is left out. Where an answer cannot be used because of some of its pages,
 * its halves are asked for, down to those pages themselves, which then have an error in the place of a body.
 */
export async function readBodies(
  api: Pick<ConfluenceApi, 'bodies'>,
  wanted: readonly BodyRequest[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Body | LoaderError>> {
  const bodies = new Map<string, Body | LoaderError>()
  for (const batch of batchesOf(wanted, TOGETHER)) await readBatch(api, batch, bodies, signal)
  return bodies
}

async function readBatch(
  api: Pick<ConfluenceApi, 'bodies'>,
  batch: readonly BodyRequest[],
  bodies: Map<string, Body | LoaderError>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (const [id, body] of await api.bodies(batch, signal)) bodies.set(id, body)
  } catch (error) {
    const [first, ...others] = batch
    if (first === undefined || !isLoaderError(error) || !OF_ONE.includes(error.code)) throw error
    if (others.length === 0) {
      bodies.set(first.id, error)
      return
    }
    const middle = Math.ceil(batch.length / 2)
    await readBatch(api, batch.slice(0, middle), bodies, signal)
    await readBatch(api, batch.slice(middle), bodies, signal)
  }
}

/** Several pages, none of them with its text, and not because of their size: no fault of the pages. */
export function nothingRead(bodies: ReadonlyMap<string, Body | LoaderError>): LoaderError | undefined {
  const found = [...bodies.values()]
  const missing = found.filter(isLoaderError).filter(({ code }) => code !== 'http_too_large')
  return found.length > 1 && missing.length === found.length ? missing[0] : undefined
}
