import type { Logger } from '@qdrant-loader/connector-sdk'
import type { ChunkText } from '../../chunking/chunker.ts'
import type { Embedder } from '../../embedding/embedder.ts'
import type { IngestionState } from '../../state/ingestion-state.ts'
import type { VectorStore } from '../../store/vector-store.ts'
import type { ProgressEvent } from './report.ts'
import type { PipelineSettings } from './run-context.ts'

/** What a dry run works on: nothing that is done to it outlives `close`. See `openRehearsal`. */
export interface Rehearsal {
  readonly state: IngestionState
  readonly store: VectorStore
  readonly embedder: Embedder
  close(): Promise<void>
}

/** What every run shares. */
export interface RunDependencies {
  readonly state: IngestionState
  readonly store: VectorStore
  readonly embedder: Embedder
  /** Called by each dry run. */
  readonly rehearse: () => Promise<Rehearsal>
  readonly chunkText: ChunkText
  /** Enters the chunking fingerprint. */
  readonly chunkingVersion: number | string
  readonly settings: PipelineSettings
  readonly metrics: { readonly enabled: boolean; readonly intervalMs: number; readonly retentionMs: number }
  readonly logger: Logger
  /** For connectors; what the state keeps is redacted by the state itself. */
  readonly redact: (text: string) => string
  /** True for a text with a whole secret in it: a document that repeats one is not indexed. */
  readonly holdsSecret: (text: string) => boolean
  readonly onProgress: (event: ProgressEvent) => void
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}
