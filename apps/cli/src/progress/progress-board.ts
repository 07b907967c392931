import type { ProgressEvent, SourceRef, SyncStatus, VerificationStatus } from '@qdrant-loader/core'
import { sourceLabel } from './source-label.ts'

/** What is known of one source while it is synced. Times are milliseconds since the epoch. */
export interface SourceProgress {
  readonly label: string
  readonly startedAt: number
  activity: string
  /** When something was last heard; a long silence is shown as such. */
  heardAt: number
  /** When the embedder last took a text, of this source or another. */
  embeddingAt: number
  detected: number
  done: number
  embedded: number
  total: number | undefined
  /** Documents (of a comparison: points) a second over the last ten seconds; 0 before there is a second to measure. */
  rate: number
  /** How it ended. */
  report: { readonly status: SyncStatus | VerificationStatus; readonly duration_ms: number } | undefined
}

/** Collects progress events. */
export interface ProgressBoard {
  readonly sources: readonly SourceProgress[]
  take(event: ProgressEvent): SourceProgress | undefined
  /** How many texts the embedder has taken for all sources together. */
  takeEmbedded(count: number): void
}

/** Rates are those of the last so many milliseconds, so that they follow a server that slows down. */
const WINDOW_MS = 10_000
/** What a connector said so long ago is no longer what goes on, when something else is heard; milliseconds. */
const STALE_MS = 1_000

/** A board without sources. */
export function createProgressBoard(now: () => number): ProgressBoard {
  const sources = new Map<string, SourceProgress>()
  const samples = new Map<string, { at: number; done: number }[]>()
  let embedderInputs = 0

  function measure(key: string, done: number): number {
    const taken = samples.get(key) ?? []
    const kept = taken.filter((sample) => sample.at > now() - WINDOW_MS)
    samples.set(key, [...kept, { at: now(), done }])
    // Batches may take longer than that.
    const first = kept[0] ?? taken.at(-1)
    if (first === undefined || now() - first.at < 1_000) return 0
    return ((done - first.done) * 1_000) / (now() - first.at)
  }

  function start(ref: SourceRef): SourceProgress {
    const blank = { activity: '', heardAt: now(), embeddingAt: 0, detected: 0, done: 0, embedded: 0, total: undefined, rate: 0, report: undefined }
    const source: SourceProgress = { label: sourceLabel(ref), startedAt: now(), ...blank }
    sources.set(keyOf(ref), source)
    samples.set(keyOf(ref), [{ at: now(), done: 0 }])
    return source
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
      if (event.type === 'points') {
        source.rate = measure(keyOf(event.ref), event.checked)
        source.detected = event.checked
        source.done = event.checked
        source.total = event.total
      }
      if (event.type === 'documents') {
        source.rate = measure(keyOf(event.ref), event.done)
        if (event.done > source.done) source.activity = ''
        source.detected = event.detected
        source.done = event.done
        source.embedded = Math.max(source.embedded, event.embedded)
        source.total = event.total
      }
      return source
    },
    takeEmbedded(count) {
      if (count <= embedderInputs) return
      embedderInputs = count
      const atWork = [...sources.values()].filter(({ report }) => report === undefined)
      for (const source of atWork) source.embeddingAt = now()
      // Whose texts they are is known only where there is one source.
      const [only] = sources.size === 1 ? atWork : []
      if (only === undefined) return
      only.embedded = Math.max(only.embedded, count)
      // What the connector was last doing is over.
      if (now() - only.heardAt >= STALE_MS) only.activity = ''
    },
  }
}

function keyOf(ref: SourceRef): string {
  return JSON.stringify([ref.project, ref.sourceType, ref.source])
}
