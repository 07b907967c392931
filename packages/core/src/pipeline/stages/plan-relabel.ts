import type { ChunkRecord } from '../../state/records.ts'
import type { PointPayload } from '../../store/vector-store.ts'
import type { RunContext } from '../context/run-context.ts'
import { contentMetadataOf, documentPayload, metadataVersionOf, payloadHash, pointPayload, titleOf } from '../identity/payload.ts'
import { type ChunkContext, chunkOne } from './chunk.ts'
import { type LoadContext, loadOne } from './load.ts'
import { planDocument } from './plan-document.ts'
import { Reachability } from './reachability.ts'
import type { ChunkedWork, PlannedWork, ReadWork, RelabelWork } from './work.ts'

/** Chunks as the state has them, by document. */
export type Recorded = ReadonlyMap<string, readonly ChunkRecord[]>

/** The payloads of documents that only change their metadata, read back from the store: nothing is fetched for them. */
export async function storedPayloads(
  works: readonly ChunkedWork[],
  recorded: Recorded,
  context: Pick<RunContext, 'store' | 'signal'>,
): Promise<ReadonlyMap<string, PointPayload>> {
  const pointIds = works
    .filter((work) => work.kind === 'relabel')
    .flatMap((work) => recorded.get(work.stub.id) ?? [])
    .map((chunk) => chunk.pointId)
  if (pointIds.length === 0) return new Map()
  const points = await context.store.retrieve(pointIds, { vector: false, payload: true }, context.signal)
  return new Map(points.flatMap((point) => (point.payload === undefined ? [] : [[point.id, point.payload] as const])))
}

/** What a document of which only the metadata changed makes of its recorded chunks: new payloads, and no new vector. */
export async function planRelabel(
  work: RelabelWork,
  recorded: readonly ChunkRecord[],
  payloads: ReadonlyMap<string, PointPayload>,
  context: LoadContext & ChunkContext,
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

function relabelled(stored: PointPayload, work: RelabelWork, context: LoadContext & ChunkContext): PointPayload {
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
  context: LoadContext & ChunkContext,
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
