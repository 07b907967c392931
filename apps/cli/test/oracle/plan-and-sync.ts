import type { DocumentChange, SyncReport } from '@qdrant-loader/core/pipeline'
import { expect } from 'vitest'

/** What a run, or a dry run, of a bench said and did. */
export interface BenchRun {
  readonly report: SyncReport
  /** By document. */
  readonly changes: readonly DocumentChange[]
  /** What embedder and store were given. */
  readonly counts: Readonly<Record<'embedded' | 'upserted' | 'payloads' | 'deleted', number>>
}

/** A dry run and the sync after it. */
export interface PlannedSync {
  plan(): Promise<BenchRun>
  sync(): Promise<BenchRun>
}

/** Plans, then syncs, and expects that both say the same of every document, and that the plan did nothing. */
export async function planAndSync({ plan, sync }: PlannedSync, where: string): Promise<SyncReport> {
  const planned = await plan()
  expect(planned.counts, `${where}: a plan does nothing`).toEqual({ embedded: 0, upserted: 0, payloads: 0, deleted: 0 })
  const synced = await sync()
  expect(outcomeOf(planned), `${where}: plan against sync`).toEqual(outcomeOf(synced))
  expect(planned.report.estimate?.inputs, `${where}: inputs of the plan against those of the embedder`).toBe(synced.counts.embedded)
  return synced.report
}

function outcomeOf({ report: { status, totals, sources: [source] }, changes }: BenchRun): object {
  const { documents, verdicts, skipped, points, chunks } = totals
  return { status, mode: source?.mode, error: source?.error, documents, verdicts, skipped, points, chunks, changes }
}
