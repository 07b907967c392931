import type { ChunkRecord } from '../../state/records.ts'
import type { PointPayload } from '../../store/vector-store.ts'
import { type ChunkContext, chunkOne } from './chunk.ts'
import { type LoadContext, loadOne } from './load.ts'
import { contentMetadataOf, documentPayload, metadataVersionOf, payloadHash, pointPayload, titleOf } from '../identity/payload.ts'
import { Reachability } from './reachability.ts'
import type { RunContext } from '../context/run-context.ts'
import type { ChunkedDocument, ChunkedWork, PlannedDocument, PlannedWork, ReadWork, RelabelWork } from './work.ts'

type PlanContext = Pick<RunContext, 'state' | 'store'> & LoadContext & ChunkContext

type Recorded = ReadonlyMap<string, readonly ChunkRecord[]>

/**
 * Compares the chunks of a batch with the recorded ones: which points are new, which keep their vector and get
 * another payload, which are stale.
 */
export async function plan(works: readonly ChunkedWork[], context: PlanContext): Promise<readonly PlannedWork[]> {
  const ids = works.flatMap((work) => {
    if (work.kind === 'relabel') return [work.stub.id]
    return work.kind === 'chunked' && work.work.known !== undefined ? [work.work.stub.id] : []
  })
  const recorded: Recorded = ids.length === 0 ? new Map() : await context.state.chunks.of(context.ref, ids)
  const payloads = await storedPayloads(works, recorded, context)
  return Promise.all(
    works.map(async (work) => {
      switch (work.kind) {
        case 'chunked':
          return planDocument(work, recorded.get(work.work.stub.id) ?? [])
        case 'relabel':
          return planRelabel(work, recorded.get(work.stub.id) ?? [], payloads, context)
        default:
          return work
      }
    }),
  )
}

function planDocument(item: ChunkedDocument, recorded: readonly ChunkRecord[]): PlannedDocument {
  const before = new Map(recorded.map((chunk) => [chunk.pointId, chunk]))
  const now = new Set(item.chunks.map((chunk) => chunk.record.pointId))
  return {
    kind: 'planned',
    stub: recordedStub(item),
    metadataVersion: item.document.stub.metadataVersion ?? metadataVersionOf(item.work.stub),
    change: item.work.change,
    reason: item.work.reason,
    movedFrom: item.work.movedFrom,
    known: item.work.known,
    title: item.title,
    contentHash: item.contentHash,
    skipped: item.document.skipped,
    dependsOn: item.document.dependsOn ?? [],
    chunks: item.chunks.map((chunk) => chunk.record),
    upserts: item.chunks.filter((chunk) => !before.has(chunk.record.pointId)),
    payloads: item.chunks.flatMap((chunk) => {
      const known = before.get(chunk.record.pointId)
      return known === undefined || known.payloadHash === chunk.record.payloadHash
        ? []
        : [{ id: chunk.record.pointId, payload: chunk.payload }]
    }),
    removes: recorded.filter((chunk) => !now.has(chunk.pointId)).map((chunk) => chunk.pointId),
  }
}

/** The stub to record: as fetched, with the identity and scope that the listing gave. */
function recordedStub(item: ChunkedDocument): PlannedDocument['stub'] {
  const { id, scope } = item.work.stub
  return { ...item.document.stub, id, scope }
}

/** The payloads of documents that only change their metadata, read back from the store: nothing is fetched for them. */
async function storedPayloads(
  works: readonly ChunkedWork[],
  recorded: Recorded,
  context: PlanContext,
): Promise<ReadonlyMap<string, PointPayload>> {
  const pointIds = works
    .filter((work) => work.kind === 'relabel')
    .flatMap((work) => recorded.get(work.stub.id) ?? [])
    .map((chunk) => chunk.pointId)
  if (pointIds.length === 0) return new Map()
  const points = await context.store.retrieve(pointIds, { vector: false, payload: true }, context.signal)
  return new Map(points.flatMap((point) => (point.payload === undefined ? [] : [[point.id, point.payload] as const])))
}

async function planRelabel(
  work: RelabelWork,
  recorded: readonly ChunkRecord[],
  payloads: ReadonlyMap<string, PointPayload>,
  context: PlanContext,
): Promise<PlannedWork> {
  const updates: { record: ChunkRecord; payload: PointPayload; changed: boolean }[] = []
  for (const record of recorded) {
    const stored = payloads.get(record.pointId)
    if (stored === undefined) return readAgain(work, recorded, payloads, context)
    const payload = relabelled(stored, work, context)
    const hash = payloadHash(payload)
    updates.push({ record: { ...record, payloadHash: hash }, payload, changed: hash !== record.payloadHash })
  }
  return {
    kind: 'planned',
    stub: work.stub,
    metadataVersion: metadataVersionOf(work.stub),
    change: 'updated',
    reason: 'its metadata changed',
    movedFrom: undefined,
    known: work.known,
    title: titleFor(work),
    contentHash: work.known.contentHash,
    skipped: work.known.skipped,
    dependsOn: 'kept',
    chunks: updates.map((update) => update.record),
    upserts: [],
    payloads: updates.filter((update) => update.changed).map(({ record, payload }) => ({ id: record.pointId, payload })),
    removes: [],
  }
}

function relabelled(stored: PointPayload, work: RelabelWork, context: PlanContext): PointPayload {
  const common = documentPayload(context.ref, work.stub, {
    title: titleFor(work),
    contentType: stored.content_type,
    metadata: contentMetadataOf(stored, work.known.stub),
  })
  return pointPayload(
    context.ref,
    work.stub.id,
    common,
    {
      content: stored.content,
      headingPath: stored.heading_path,
      index: stored.chunk_index,
      count: stored.chunk_count,
    },
    {
      run_id: context.runId,
      synced_at: new Date(context.now()).toISOString(),
      content_version: work.stub.contentVersion,
    },
  )
}

/** A title from the content did not change with the metadata, so the recorded one serves. */
function titleFor(work: RelabelWork): string {
  const contentTitle = work.known.stub.location.title === undefined ? work.known.title : undefined
  return titleOf(work.stub, contentTitle)
}

/** Somebody removed a point behind our back: only reading the document brings it back. */
async function readAgain(
  work: RelabelWork,
  recorded: readonly ChunkRecord[],
  payloads: ReadonlyMap<string, PointPayload>,
  context: PlanContext,
): Promise<PlannedWork> {
  const read: ReadWork = {
    kind: 'read',
    stub: work.stub,
    document: undefined,
    known: work.known,
    change: 'updated',
    reason: 'points of it are missing in the store',
    movedFrom: undefined,
  }
  const loaded = await loadOne(read, context, new Reachability(context.check))
  if (loaded.kind !== 'loaded') return loaded
  const present = recorded.filter((chunk) => payloads.has(chunk.pointId))
  return planDocument(chunkOne(read, loaded.document, context), present)
}
