import type { SyncReport } from '@qdrant-loader/core'
import { expect } from 'vitest'
import type { BenchSyncOptions, SyncBench } from './sync-bench.ts'

/** Plans, then syncs, and expects that both say the same of every document, and that the plan did nothing. */
export async function planAndSync(bench: SyncBench, options: BenchSyncOptions, where: string): Promise<SyncReport> {
  const planned = await bench.sync({ ...options, dryRun: true })
  expect({ ...bench.counts }, `${where}: a plan does nothing`).toEqual({ embedded: 0, upserted: 0, payloads: 0, deleted: 0 })
  const plan = { ...outcomeOf(planned), changes: await bench.changes() }
  const synced = await bench.sync(options)
  expect(plan, `${where}: plan against sync`).toEqual({ ...outcomeOf(synced), changes: await bench.changes() })
  expect(planned.estimate?.inputs, `${where}: inputs of the plan against those of the embedder`).toBe(bench.counts.embedded)
  return synced
}

function outcomeOf({ status, totals, sources: [source] }: SyncReport): object {
  const { documents, verdicts, skipped, points, chunks } = totals
  return { status, mode: source?.mode, error: source?.error, documents, verdicts, skipped, points, chunks }
}
