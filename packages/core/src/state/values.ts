import type { DeletionVerdict } from '@qdrant-loader/connector-sdk'

/** Hashes of what decides the results (I12). */
export interface Fingerprints {
  readonly selection: string
  readonly extraction: string
  readonly chunking: string
  readonly embedding: string
  readonly payload: string
}

/** What a run of one source counts. The names are those of the report (design 9). */
export interface RunCounters {
  documents: {
    added: number
    updated: number
    moved: number
    deleted: number
    unchanged: number
    failed: number
    held: number
    unconfirmed: number
  }
  /** Things in the source that are no documents, by reason, as far as this run saw them. */
  skipped: Record<string, number>
  /** Why documents are deleted, by verdict: those of this run, and those that are held or unconfirmed. */
  verdicts: Record<string, number>
  /** What the source has and this run could not show, or left out, by reason, each with one example. */
  shortfalls: Record<string, { count: number; example: string }>
  /**
   * `embedded`: inputs that the embedder made vectors of. `unfinished`: chunks that are in the collection, of documents
   * that were not finished when the run ended; the next run takes their vectors.
   */
  chunks: { embedded: number; reused: number; unfinished: number }
  points: { upserted: number; payload_updated: number; deleted: number }
  requests: { source: number; content: number; store: number; embedder: number }
}

export type RunMode = 'full' | 'incremental'
/** `stopped`: by the user. `interrupted`: its process or its lease was lost. */
export type RunStatus = 'running' | 'succeeded' | 'partial' | 'held' | 'failed' | 'stopped' | 'interrupted'

/**
 * - `indexed`: its chunks are in the store.
 * - `staged`: its deletion is staged (`verdict`, `movedTo`, `stagedAt`); its points are still there.
 * - `deleted`: a tombstone.
 */
export type DocumentStatus = 'indexed' | 'staged' | 'deleted'

/** Why a document is deleted. `textless`: it is there, and what it held of text is gone. */
export type StagedVerdict = DeletionVerdict | 'unknown' | 'textless'

/** `intent`: an interrupted run was about to write it. `dependency`: what it depends on has changed. */
export type RedoReason = 'intent' | 'dependency'

/**
 * What is about to be done to a point. `left`: an interrupted run wrote it, and nobody owns it; its vector serves
 * whoever needs one of the same input, until it is removed.
 */
export type WriteOperation = 'upsert' | 'payload' | 'remove' | 'left'
