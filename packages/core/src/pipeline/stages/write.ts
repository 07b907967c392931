import { boundedEffect, type EffectBounds } from '../../performance/batch-processor.ts'
import type { WriteIntent } from '../../state/records.ts'
import type { Point } from '../../store/vector-store.ts'
import type { RunContext } from '../context/run-context.ts'
import { isBusyState } from './is-busy-state.ts'
import type { EmbeddedBatch, PlannedChunk, PlannedDocument } from './work.ts'

/** What writing needs of a run. */
export type WriteContext = Pick<
  RunContext,
  'state' | 'store' | 'storeMark' | 'lease' | 'runId' | 'fingerprints' | 'metrics' | 'now' | 'settings' | 'sleep'
>

/** How long an effect may take, and how often it is tried. */
export function effectBounds({ settings, sleep }: Pick<RunContext, 'settings' | 'sleep'>): EffectBounds {
  return {
    timeoutMs: settings.batchTimeoutMs,
    // Store and embedder retry by themselves; what is left to try again is a state file that another process held.
    retry: { policy: settings.retry, sleep, retryable: isBusyState },
  }
}

/**
 * Writes new points before their documents are whole: intents, then the store, as {@link write} does. Nobody owns them
 * until their documents are committed; after a run that ends before that, the next one takes their vectors (I2).
 * Returns their ids.
 */
export async function writePoints(
  documents: readonly PlannedDocument[],
  pointsOf: (chunks: readonly PlannedChunk[]) => readonly Point[],
  context: WriteContext,
): Promise<readonly string[]> {
  const points: Point[] = []
  const intents: WriteIntent[] = []
  for (const { stub, upserts } of documents) {
    const own = pointsOf(upserts)
    const ids = new Set(own.map((point) => point.id))
    points.push(...own)
    intents.push(...intentsOf(stub.id, upserts.filter(({ record }) => ids.has(record.pointId))))
  }
  await boundedEffect(async (limit) => {
    await begin(intents, context, limit)
    await timed(context, () => context.store.upsert(points, limit))
  }, effectBounds(context))
  return points.map((point) => point.id)
}

/**
 * Steps 1 and 2 of the commit protocol: what is about to happen is recorded (I5), then new points and payloads are
 * in before the stale ones go (I7). Every effect is idempotent.
 */
export async function write(batch: EmbeddedBatch, context: WriteContext, signal: AbortSignal): Promise<void> {
  const documents = batch.works.filter((work) => work.kind === 'planned')
  const intents: WriteIntent[] = documents.flatMap((work) => {
    const documentId = work.stub.id
    return [
      ...intentsOf(documentId, work.upserts.filter(({ record }) => !batch.written.has(record.pointId))),
      ...work.payloads.map(({ id }) => ({ pointId: id, documentId, operation: 'payload' as const })),
      ...work.removes.map((pointId) => ({ pointId, documentId, operation: 'remove' as const })),
    ]
  })
  if (intents.length === 0) return
  await begin(intents, context, signal)
  await timed(context, () => applyEffects(batch, documents, context, signal))
}

function intentsOf(documentId: string, chunks: readonly PlannedChunk[]): readonly WriteIntent[] {
  return chunks.map(({ record }) => ({ pointId: record.pointId, documentId, operation: 'upsert', inputHash: record.inputHash }))
}

async function begin(intents: readonly WriteIntent[], context: WriteContext, signal: AbortSignal): Promise<void> {
  await context.storeMark.claim(signal)
  await context.state.intents.record(context.lease, context.runId, intents, context.fingerprints)
}

async function timed(context: WriteContext, effects: () => Promise<void>): Promise<void> {
  const started = context.now()
  await effects()
  context.metrics.recordMetric('store_write_ms', context.now() - started)
}

async function applyEffects(
  batch: EmbeddedBatch,
  documents: readonly PlannedDocument[],
  { store, storeMark }: WriteContext,
  signal: AbortSignal,
): Promise<void> {
  const points = batch.points.filter((point) => !batch.written.has(point.id))
  const payloads = documents.flatMap((work) => work.payloads)
  const removes = documents.flatMap((work) => work.removes)
  if (points.length > 0) await store.upsert(points, signal)
  if (payloads.length > 0) {
    await storeMark.claim(signal)
    await store.replacePayload(payloads, signal)
  }
  if (removes.length > 0) {
    await storeMark.claim(signal)
    await store.delete(removes, signal)
  }
}
