import type { SyncReport, VerificationReport } from '@qdrant-loader/core/pipeline'

/** The report of a sync that ended before it had a source: what `--json` prints beside the error. */
export function emptySyncReport(full: boolean, dryRun: boolean): Omit<SyncReport, 'run_id'> & { readonly run_id: null } {
  return {
    run_id: null,
    mode: full ? 'full' : 'incremental',
    dry_run: dryRun,
    status: 'failed',
    sources: [],
    // Written out, so that a wrong command line is answered without loading core.
    totals: {
      documents: { added: 0, updated: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0, held: 0, unconfirmed: 0 },
      skipped: {},
      verdicts: {},
      shortfalls: {},
      chunks: { embedded: 0, reused: 0, unfinished: 0 },
      points: { upserted: 0, payload_updated: 0, deleted: 0 },
      requests: { source: 0, content: 0, store: 0, embedder: 0 },
    },
  }
}

/** The report of a comparison that ended before it had a source. */
export function emptyVerificationReport(): VerificationReport {
  return {
    status: 'failed',
    sources: [],
    unconfigured: [],
    totals: {
      documents: { checked: 0 },
      points: { checked: 0, missing: 0, orphaned: 0, different: 0 },
      requests: { store: 0 },
    },
  }
}
