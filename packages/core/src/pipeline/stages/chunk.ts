import type { SourceDocument } from '@qdrant-loader/connector-sdk'
import type { ChunkRecord } from '../../state/records.ts'
import { canonicalJson, sha256 } from '../identity/hashing.ts'
import { documentPayload, payloadHash, pointPayload, titleOf } from '../identity/payload.ts'
import { pointId } from '../identity/point-id.ts'
import type { RunContext } from '../context/run-context.ts'
import type { ChunkedDocument, ChunkedWork, LoadedWork, PlannedChunk, ReadWork } from './work.ts'

/** What chunking needs of a run. */
export type ChunkContext = Pick<RunContext, 'ref' | 'runId' | 'chunkText' | 'settings' | 'counters' | 'now'>

/**
 * Cuts what was read into chunks, and gives each its id and payload. A document that had text and has none any more
 * leaves the index as a deletion does: staged, guarded and applied last, since a source that suddenly answers with
 * nothing looks just like this (I4).
 */
export async function* chunk(
  works: AsyncIterable<LoadedWork>,
  context: ChunkContext,
): AsyncGenerator<ChunkedWork, void, undefined> {
  for await (const work of works) {
    if (work.kind !== 'loaded') {
      yield work
      continue
    }
    const chunked = chunkOne(work.work, work.document, context)
    const lostItsText = chunked.chunks.length === 0 && (work.work.known?.chunkCount ?? 0) > 0
    yield lostItsText ? { kind: 'remove', deletion: { documentId: work.work.stub.id, verdict: 'textless' } } : chunked
  }
}

/** Cuts one document. */
export function chunkOne(work: ReadWork, document: SourceDocument, context: ChunkContext): ChunkedDocument {
  const { text, ...rest } = document
  if (document.skipped !== undefined) {
    const { skipped } = context.counters
    skipped[document.skipped] = (skipped[document.skipped] ?? 0) + 1
  }
  const title = titleOf(document.stub, document.title)
  return {
    kind: 'chunked',
    work,
    document: rest,
    title,
    contentHash: sha256(canonicalJson([document.format, document.language ?? null, text])),
    contentMetadata: document.metadata,
    chunks: document.skipped === undefined ? planChunks(work, document, title, context) : [],
  }
}

function planChunks(work: ReadWork, document: SourceDocument, title: string, context: ChunkContext): PlannedChunk[] {
  const { ref } = context
  const documentId = work.stub.id
  const chunks = context.chunkText(document, context.settings.chunking)
  const common = documentPayload(ref, document.stub, {
    title,
    contentType: document.contentType,
    metadata: document.metadata,
  })
  const occurrences = new Map<string, number>()
  const syncedAt = new Date(context.now()).toISOString()
  return chunks.map(({ headingPath, text, embedderInput }, position) => {
    const inputHash = sha256(embedderInput)
    const occurrence = occurrences.get(inputHash) ?? 0
    occurrences.set(inputHash, occurrence + 1)
    const payload = pointPayload(
      ref,
      documentId,
      common,
      { content: text, headingPath, index: position, count: chunks.length },
      { run_id: context.runId, synced_at: syncedAt, content_version: document.stub.contentVersion },
    )
    const record: ChunkRecord = {
      pointId: pointId(ref, documentId, inputHash, occurrence),
      position,
      inputHash,
      payloadHash: payloadHash(payload),
    }
    return { record, input: embedderInput, payload }
  })
}
