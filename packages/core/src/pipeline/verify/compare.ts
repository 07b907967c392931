import { setImmediate as nextTurn } from 'node:timers/promises'
import { batchesOf } from '../../performance/batches.ts'
import type { IngestionState } from '../../state/ingestion-state.ts'
import type { OwnedPoint, SourceRef } from '../../state/records.ts'
import type { PointPayload, StoredPoint, VectorStore } from '../../store/vector-store.ts'
import { storedPayloadHash } from '../identity/payload.ts'
import type { Difference } from './verification.ts'

/** Points that are looked up in the state, or in the store, at once. */
const PAGE = 500
/** Documents whose rows are read at once. */
const DOCUMENTS = 200

/** What a comparison reads. */
export interface CompareContext {
  readonly ref: SourceRef
  readonly state: IngestionState
  /** Undefined when there is no collection. */
  readonly store: Pick<VectorStore, 'scroll' | 'retrieve'> | undefined
  readonly signal: AbortSignal
  /** Called with the number of points of the collection that were looked at. */
  readonly onChecked: (points: number) => void
}

/**
 * Yields the differences between what the state says of a source and what the collection holds, page by page, empty
 * pages included. The caller holds the lease. Every point of the collection is read once; the rows of the state are
 * walked only when their number shows that some were not met.
 */
export async function* compare(context: CompareContext): AsyncGenerator<readonly Difference[], void, undefined> {
  const { ref, state, store, signal } = context
  const owned = await state.chunks.count(ref)
  let met = 0
  const filter = { project_id: ref.project, source_type: ref.sourceType, source: ref.source }
  const points = store?.scroll(filter, { vector: false, payload: true }, signal) ?? nothing()
  for await (const page of batchesOf(points, { maxItems: PAGE })) {
    const rows = await state.chunks.owned(ref, page.map((point) => point.id))
    met += rows.size
    yield page.flatMap((point) => differenceOf(point, rows.get(point.id)))
    context.onChecked(page.length)
  }
  if (met < owned) yield* notMet(context)
}

async function* nothing(): AsyncGenerator<never, void, undefined> {}

function differenceOf({ id, payload }: StoredPoint, row: OwnedPoint | undefined): readonly Difference[] {
  if (row === undefined) return [{ kind: 'orphaned', point_id: id, document_id: payload?.document_id ?? null }]
  if (payload !== undefined && storedPayloadHash(payload) === row.payloadHash) return []
  return [{ kind: 'different', point_id: id, document_id: row.documentId }]
}

/** The points that the listing of the source did not show: they are gone, or somebody put them under another source. */
async function* notMet(context: CompareContext): AsyncGenerator<readonly Difference[], void, undefined> {
  const { ref, store, signal } = context
  for await (const page of batchesOf(rowsOf(context), { maxItems: PAGE })) {
    // State and store may both answer at once: heartbeats, the display and Ctrl-C get their turn.
    await nextTurn()
    signal.throwIfAborted()
    const found = await store?.retrieve(page.map((row) => row.pointId), { vector: false, payload: true }, signal)
    const payloads = new Map(found?.map((point) => [point.id, point.payload]))
    yield page.flatMap(({ pointId, documentId }): readonly Difference[] => {
      const payload = payloads.get(pointId)
      if (payload !== undefined && isUnder(ref, payload)) return []
      return [{ kind: payload === undefined ? 'missing' : 'different', point_id: pointId, document_id: documentId }]
    })
  }
}

interface Row {
  readonly pointId: string
  readonly documentId: string
}

/** Every row of the source: of live documents, and of those whose deletion is staged. */
async function* rowsOf({ ref, state }: Pick<CompareContext, 'ref' | 'state'>): AsyncGenerator<Row, void, undefined> {
  for await (const documentIds of heldDocuments({ ref, state })) {
    for (const [documentId, records] of await state.chunks.of(ref, documentIds)) {
      for (const { pointId } of records) yield { pointId, documentId }
    }
  }
}

async function* heldDocuments({ ref, state }: Pick<CompareContext, 'ref' | 'state'>): AsyncGenerator<readonly string[], void, undefined> {
  yield* batchesOf(state.documents.ids(ref), { maxItems: DOCUMENTS })
  for await (const page of state.deletions.staged(ref, DOCUMENTS)) yield page.map((record) => record.documentId)
}

function isUnder(ref: SourceRef, payload: PointPayload): boolean {
  return payload.project_id === ref.project && payload.source_type === ref.sourceType && payload.source === ref.source
}
