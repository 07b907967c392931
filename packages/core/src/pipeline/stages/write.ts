import type { WriteIntent } from '../../state/records.ts'
import type { RunContext } from '../run/run-context.ts'
import type { EmbeddedBatch } from './work.ts'

/** What writing needs of a run. */
export type WriteContext = Pick<RunContext, 'state' | 'store' | 'storeMark' | 'lease' | 'runId' | 'metrics' | 'now'>

/**
 * Steps 1 and 2 of the commit protocol: what is about to happen is recorded (I5), then new points and payloads are
 * in before the stale ones go (I7). Every effect is idempotent.
 */
export async function write(batch: EmbeddedBatch, context: WriteContext, signal: AbortSignal): Promise<void> {
  const documents = batch.works.filter((work) => work.kind === 'planned')
  const intents: WriteIntent[] = documents.flatMap((work) => {
    const documentId = work.stub.id
    return [
      ...work.upserts.map(({ record }) => ({ pointId: record.pointId, documentId, operation: 'upsert' as const })),
      ...work.payloads.map(({ id }) => ({ pointId: id, documentId, operation: 'payload' as const })),
      ...work.removes.map((pointId) => ({ pointId, documentId, operation: 'remove' as const })),
    ]
  })
  if (intents.length === 0) return
  await context.storeMark.claim(signal)
  await context.state.recordIntents(context.lease, context.runId, intents)

  const started = context.now()
  const payloads = documents.flatMap((work) => work.payloads)
  const removes = documents.flatMap((work) => work.removes)
  if (batch.points.length > 0) await context.store.upsert(batch.points, signal)
  if (payloads.length > 0) await context.store.replacePayload(payloads, signal)
  if (removes.length > 0) await context.store.delete(removes, signal)
  context.metrics.recordMetric('store_write_ms', context.now() - started)
}
