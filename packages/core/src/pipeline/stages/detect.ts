import { type Change, type DetectRequest, type Json } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { IngestionState } from '../../state/ingestion-state.ts'
import { pipelineError } from '../context/codes.ts'
import { knownDocuments } from './known-documents.ts'
import type { Completion, RunContext } from '../context/run-context.ts'
import { withDeadline, withStallLimit } from '../../performance/deadline.ts'

/** What a detection yields before its end; the end is the generator's return value. */
export type NamedChange = Exclude<Change<Json>, { readonly kind: 'complete' }>

/**
 * Runs the detector. Returns what it vouches for, and throws when it ended without saying `complete`, went on after
 * it, or was silent for longer than `change_detection.timeout`: a detection that was cut short never looks whole (I3).
 * A change, a request and a word of progress are signs of life, so that one that takes hours is not cut off.
 */
export async function* detect(
  context: Pick<RunContext, 'ref' | 'detector' | 'source' | 'signal' | 'pulse'> & {
    readonly state: Pick<IngestionState, 'documents'>
  },
  request: { readonly mode: 'full' } | { readonly mode: 'incremental'; readonly since: Json; readonly listingDue: boolean },
): AsyncGenerator<NamedChange, Completion, undefined> {
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  const detectRequest: DetectRequest<Json> = { ...request, known: knownDocuments(context) }
  const iterator = context.detector.detect(detectRequest, signal)[Symbol.asyncIterator]()
  let completion: Completion | undefined
  try {
    while (true) {
      const pulled = await withStallLimit(() => iterator.next(), context.source.detectionTimeoutMs, signal, context.pulse, detectionTimedOut)
      if (pulled.done === true) break
      if (completion !== undefined) throw brokenDetector('went on after it said that it was complete')
      if (pulled.value.kind === 'complete') completion = pulled.value
      else yield pulled.value
    }
  } catch (error) {
    stop.abort(error)
    throw error
  } finally {
    if (completion === undefined) await closeQuietly(iterator)
  }
  context.signal.throwIfAborted()
  if (completion === undefined) throw brokenDetector('ended without saying that it was complete')
  return completion
}

/** How long a detector may take to clean up, in milliseconds: well within the 2 s in which Ctrl-C ends a run. */
const CLOSE_MS = 500

/** Lets the detector clean up. What it throws now adds nothing to the error that is already on its way. */
async function closeQuietly(iterator: AsyncIterator<unknown>): Promise<void> {
  await withDeadline(async () => iterator.return?.(), CLOSE_MS, new AbortController().signal, detectionTimedOut).catch(() => {})
}

function detectionTimedOut(ms: number): LoaderError {
  return pipelineError('detection_timeout', { ms })
}

function brokenDetector(problem: string): LoaderError {
  return pipelineError('detector_broken', { problem })
}
