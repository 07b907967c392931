import { randomUUID } from 'node:crypto'
import { sumCounters } from '@qdrant-loader/core/pipeline'
import type { SourceReport, SyncReport, SyncStatus } from '@qdrant-loader/core/pipeline'

/** Failed before held before partial: the one that needs most attention. */
const WORST_FIRST: readonly SyncStatus[] = ['failed', 'stopped', 'held', 'partial']

/** One report from the reports of single sources. */
export function combineReports(sources: readonly SourceReport[], mode: SyncReport['mode']): SyncReport {
  return {
    run_id: randomUUID(),
    mode,
    dry_run: false,
    status: WORST_FIRST.find((status) => sources.some((source) => source.status === status)) ?? 'succeeded',
    sources,
    totals: sumCounters(sources),
  }
}
