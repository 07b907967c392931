import type { WriteIntent } from '../../state/records.ts'
import type { RunContext } from '../run/run-context.ts'
import type { EmbeddedBatch, PlannedDocument } from './work.ts'

/** What writing needs of a run. */
export type WriteContext = Pick<RunContext, 'state' | 'store' | 'storeMark' | 'lease' | 'runId' | 'fingerprints' | 'metrics' | 'now'>

/**
 * Steps 1 and 2 of the commit protocol: what is about to happen is recorded (I5), then new points and payloads are
 * in before the stale ones go (I7). Every effect is idempotent. False when there was nothing to write.
 */
export async function write(batch: EmbeddedBatch, context: WriteContext, signal: AbortSignal): Promise<boolean> {
  const documents = batch.works.filter((work) => work.kind === 'planned')
  const intents: WriteIntent[] = documents.flatMap((work) => {
    const documentId = work.stub.id
    return [
      ...work.upserts.map(({ record }) => ({ pointId: record.pointId, documentId, operation: 'upsert' as const, inputHash: record.inputHash })),
      ...work.payloads.map(({ id }) => ({ pointId: id, documentId, operation: 'payload' as const })),
      ...work.removes.map((pointId) => ({ pointId, documentId, operation: 'remove' as const })),
    ]
  })
  if (intents.length === 0) return false
  await context.storeMark.claim(signal)
  await context.state.recordIntents(context.lease, context.runId, intents, context.fingerprints)

  const started = context.now()
  await context.storeMark.guard(() => applyEffects(batch, documents, context, signal))
  context.metrics.recordMetric('store_write_ms', context.now() - started)
  return true
}

async function applyEffects(
  batch: EmbeddedBatch,
  documents: readonly PlannedDocument[],
  { store, storeMark }: WriteContext,
  signal: AbortSignal,
): Promise<void> {
  const payloads = documents.flatMap((work) => work.payloads)
  const removes = documents.flatMap((work) => work.removes)
  if (batch.points.length > 0) await store.upsert(batch.points, signal)
  if (payloads.length > 0) {
    await storeMark.claim(signal)
    await store.replacePayload(payloads, signal)
  }
  if (removes.length > 0) {
    await storeMark.claim(signal)
    await store.delete(removes, signal)
  }
}
