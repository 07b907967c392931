import type { ErrorKind } from '@qdrant-loader/connector-sdk'
import type { RunCounters, RunMode, SourceRef } from '../../state/records.ts'
import type { ProgressFigures } from './run-progress.ts'

/** How a sync, or one source of it, ended. `stopped`: by the user. */
export type SyncStatus = 'succeeded' | 'partial' | 'held' | 'failed' | 'stopped'

/** Why a source did not finish, or (`partial`) which part of it could not be read. */
export interface ReportedError {
  readonly code: string
  readonly kind: ErrorKind
  readonly message: string
  readonly hint: string
}

/**
 * - `add`, `update`, `move`, `delete`: done.
 * - `hold`: its deletion is held, because there are so many (I4).
 * - `wait`: it may be gone, and its deletion waits until somebody confirms that (I3).
 * - `fail`: it could not be read or embedded (I10).
 */
export type DocumentAction = 'add' | 'update' | 'move' | 'delete' | 'hold' | 'wait' | 'fail'

/** What a run did to one document, or under `dry_run` would do. Documents that stay as they are have none. */
export interface DocumentChange {
  readonly document_id: string
  readonly action: DocumentAction
  /** Why, in a few words: for a deletion its verdict, for a failure its message. */
  readonly reason: string
  /** Of a move: the id that it had before. */
  readonly from?: string
  readonly points: RunCounters['points']
}

/** What a dry run expects the embedder to be given: inputs whose vector the collection does not hold. */
export interface EmbedderEstimate {
  readonly inputs: number
  /** By `countTokens`; the model's own tokenizer may differ. */
  readonly tokens: number
}

/** The part of one source. Snake case: this is the JSON that `sync --json` prints (design 9). */
export interface SourceReport extends RunCounters {
  readonly project: string
  readonly source_type: string
  readonly source: string
  readonly status: SyncStatus
  readonly mode: RunMode
  readonly duration_ms: number
  readonly error: ReportedError | null
  /** There when the run found no document, and none is held. */
  readonly empty?: true
  /** Of a dry run. */
  readonly estimate?: EmbedderEstimate
}

/** The whole report. */
export interface SyncReport {
  readonly run_id: string
  readonly mode: RunMode
  readonly dry_run: boolean
  readonly status: SyncStatus
  readonly sources: readonly SourceReport[]
  readonly totals: RunCounters
  /** Of a dry run: that of all sources. */
  readonly estimate?: EmbedderEstimate
}

/** How a comparison of one source, or of all, ended. `unsynced`: it was never synced, and the collection has nothing of it. */
export type VerificationStatus = 'equal' | 'different' | 'repaired' | 'unsynced' | 'failed'

/** What the host shows while it works. Counts are of this run of this source. */
export type ProgressEvent =
  | { readonly type: 'source-started'; readonly ref: SourceRef; readonly mode: RunMode }
  | { readonly type: 'activity'; readonly ref: SourceRef; readonly text: string }
  /** A document may be named more than once in a run: its parts add up. */
  | { readonly type: 'document'; readonly ref: SourceRef; readonly change: DocumentChange }
  | ({ readonly type: 'documents'; readonly ref: SourceRef } & ProgressFigures)
  | { readonly type: 'source-finished'; readonly ref: SourceRef; readonly report: SourceReport }
  | { readonly type: 'check-started'; readonly ref: SourceRef }
  /** `total` counts the points of the source when the check began. */
  | { readonly type: 'points'; readonly ref: SourceRef; readonly checked: number; readonly total: number }
  | { readonly type: 'check-finished'; readonly ref: SourceRef; readonly status: VerificationStatus; readonly duration_ms: number }
