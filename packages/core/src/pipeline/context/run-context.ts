import type { ChangeDetector, ContentReader, Json, Listing, Logger, RetryPolicy, Shortfall, UnreadableScope } from '@qdrant-loader/connector-sdk'
import type { ChunkingOptions, ChunkText } from '../../chunking/chunker.ts'
import type { Embedder } from '../../embedding/embedder.ts'
import type { PerformanceMonitor } from '../../performance/performance-monitor.ts'
import type { Pulse } from '../../performance/pulse.ts'
import type { IngestionState } from '../../state/ingestion-state.ts'
import type { Fingerprints, HeldLease, RunCounters, RunMode, SourceRef } from '../../state/records.ts'
import type { VectorStore } from '../../store/vector-store.ts'
import type { DeletionBounds } from './deletion-guard.ts'
import type { EmbedderPace } from './embedder-pace.ts'
import type { InFlight } from './in-flight.ts'
import type { ProgressEvent } from './report.ts'
import type { RunProgress } from './run-progress.ts'
import type { StoreMark } from './store-mark.ts'
import type { VectorClaims } from './vector-claims.ts'

/** Bounds that hold for every source (configuration: `ingestion`, `chunking`). */
export interface PipelineSettings {
  /** Documents per batch. */
  readonly batchSize: number
  /** Longest time for writing and committing one batch, in milliseconds. */
  readonly batchTimeoutMs: number
  /** How often and how patiently a transient failure is tried again. */
  readonly retry: RetryPolicy
  /** Documents that are read at once, and sources that are synced at once. */
  readonly maxWorkers: number
  /** Documents held between detection and writing. */
  readonly queueSize: number
  /** Longest time for reading one document, in milliseconds. */
  readonly documentTimeoutMs: number
  readonly chunking: ChunkingOptions
}

/** Bounds of one source (configuration: `change_detection`). */
export interface DetectionSettings extends DeletionBounds {
  /** Longest silence of a detector, in milliseconds. */
  readonly detectionTimeoutMs: number
  /** After how long a complete listing is due again, in milliseconds. */
  readonly fullListingIntervalMs: number
}

/** Everything the stages of one run of one source share. */
export interface RunContext {
  readonly ref: SourceRef
  readonly runId: string
  readonly mode: RunMode
  /** Marks of what was seen carry it. */
  readonly listing: string
  /** True when `listing` was begun by an earlier run, which this one goes on with. */
  readonly listingResumed: boolean
  readonly fingerprints: Fingerprints
  readonly lease: HeldLease
  readonly state: IngestionState
  readonly store: VectorStore
  readonly storeInstance: string
  /** Claimed before the first effect on the store. */
  readonly storeMark: StoreMark
  /** False while the collection may hold points of this source that the state does not know. */
  readonly reconciled: boolean
  readonly embedder: Embedder
  readonly chunkText: ChunkText
  readonly detector: ChangeDetector<Json>
  readonly reader: ContentReader
  /** Tries to reach the source: see `OpenedSource`. */
  readonly check: (signal: AbortSignal) => Promise<unknown>
  readonly settings: PipelineSettings
  readonly source: DetectionSettings
  readonly counters: RunCounters
  /** Beats with each request of the source and each word of progress. */
  readonly pulse: Pulse
  readonly progress: RunProgress
  /** How much goes to the embedder in one batch. */
  readonly pace: EmbedderPace
  readonly metrics: PerformanceMonitor
  readonly logger: Logger
  readonly onProgress: (event: ProgressEvent) => void
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly redact: (text: string) => string
  readonly holdsSecret: (text: string) => boolean
  /** Aborted by the user, or when the lease is lost. */
  readonly signal: AbortSignal
  readonly inFlight: InFlight
  readonly claims: VectorClaims
}

/** What a detection that was not interrupted said at its end. */
export interface Completion {
  readonly cursor: Json
  readonly listing: Listing
  readonly unreadable?: readonly UnreadableScope[] | undefined
  readonly shortfalls?: readonly Shortfall[] | undefined
}
