import type { ProgressEvent, SyncStatus, VerificationStatus } from '@qdrant-loader/core/pipeline'
import type { SourceRef } from '@qdrant-loader/core/state'
import { Rate } from './rate.ts'
import { sourceLabel } from './source-label.ts'

/** What is known of one source while it is synced. Times are milliseconds since the epoch. */
export interface SourceProgress {
  readonly label: string
  readonly startedAt: number
  activity: string
  /** When something was last heard; a long silence is shown as such. */
  heardAt: number
  /** Documents; of a comparison: points. */
  detected: number
  done: number
  total: number | undefined
  /** Those that need a vector: how many have one, and how many there are or may be in the end. */
  chunks: { done: number; total: number; certain: boolean; embedded: number }
  /** What is under way. */
  inFlight: { embedding: number; reading: number }
  readonly rates: { readonly documents: Rate; readonly chunks: Rate; readonly embedded: Rate }
  /** How it ended. */
  report: { readonly status: SyncStatus | VerificationStatus; readonly duration_ms: number } | undefined
}

/** Collects progress events. */
export interface ProgressBoard {
  readonly sources: readonly SourceProgress[]
  take(event: ProgressEvent): SourceProgress | undefined
}

/** A board without sources. */
export function createProgressBoard(now: () => number): ProgressBoard {
  const sources = new Map<string, SourceProgress>()

  function start(ref: SourceRef): SourceProgress {
    const startedAt = now()
    const source: SourceProgress = {
      label: sourceLabel(ref),
      startedAt,
      activity: '',
      heardAt: startedAt,
      detected: 0,
      done: 0,
      total: undefined,
      chunks: { done: 0, total: 0, certain: false, embedded: 0 },
      inFlight: { embedding: 0, reading: 0 },
      rates: { documents: new Rate(startedAt), chunks: new Rate(startedAt), embedded: new Rate(startedAt) },
      report: undefined,
    }
    sources.set(keyOf(ref), source)
    return source
  }

  function takeDocuments(source: SourceProgress, event: Extract<ProgressEvent, { type: 'documents' }>): void {
    const { detected, done, total, chunks, inFlight } = event
    // What the connector was last doing is over.
    if (done > source.done || chunks.done > source.chunks.done) source.activity = ''
    Object.assign(source, { detected, done, total, inFlight })
    const expected = chunks.expected ?? chunks.detected
    source.chunks = { done: chunks.done, total: expected, certain: total !== undefined && expected === chunks.detected, embedded: chunks.embedded }
    source.rates.documents.note(now(), done)
    source.rates.chunks.note(now(), chunks.done)
    source.rates.embedded.note(now(), chunks.embedded)
  }

  return {
    get sources() {
      return [...sources.values()]
    },
    take(event) {
      if (event.type === 'source-started' || event.type === 'check-started') return start(event.ref)
      const source = sources.get(keyOf(event.ref)) ?? start(event.ref)
      source.heardAt = now()
      if (event.type === 'activity') source.activity = event.text
      if (event.type === 'source-finished') source.report = event.report
      if (event.type === 'check-finished') source.report = event
      if (event.type === 'documents') takeDocuments(source, event)
      if (event.type === 'points') {
        Object.assign(source, { detected: event.checked, done: event.checked, total: event.total })
        source.rates.documents.note(now(), event.checked)
      }
      return source
    },
  }
}

/** What a source does a second: chunks while there are any, since documents differ too much; otherwise documents. */
export function paceOf(source: SourceProgress, now: number): { readonly perSecond: number; readonly left: number | undefined } {
  const { chunks, rates, done, total } = source
  const documents = rates.documents.perSecond(now)
  // What is read back goes much faster than what is left for the embedder.
  const embedded = rates.embedded.perSecond(now)
  const ofChunks = embedded > 0 ? embedded : rates.chunks.perSecond(now)
  const chunksLeft = chunks.total - chunks.done
  const perSecond = chunks.total > 0 && ofChunks > 0 ? ofChunks : documents
  if (total === undefined || total <= done) return { perSecond, left: undefined }
  if (chunksLeft > 0) return { perSecond, left: ofChunks > 0 ? (chunksLeft / ofChunks) * 1_000 : undefined }
  return { perSecond, left: documents > 0 ? ((total - done) / documents) * 1_000 : undefined }
}

function keyOf(ref: SourceRef): string {
  return JSON.stringify([ref.project, ref.sourceType, ref.source])
}
