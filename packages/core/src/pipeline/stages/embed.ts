import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { Point } from '../../store/vector-store.ts'
import { reportedError } from '../context/reported-error.ts'
import { reportProgress } from '../context/report-progress.ts'
import type { RunContext } from '../context/run-context.ts'
import type { EmbeddedBatch, PlannedChunk, PlannedWork, SoughtDocument, SoughtWork } from './work.ts'
import { writePoints, type WriteContext } from './write.ts'

/** What embedding needs of a run. */
export type EmbedContext = WriteContext &
  Pick<
    RunContext,
    'ref' | 'embedder' | 'claims' | 'signal' | 'metrics' | 'now' | 'logger' | 'pace' | 'progress' | 'counters' | 'onProgress'
  >

/** The vectors of a batch while they come in. */
interface Vectors {
  /** By input hash. */
  readonly ready: Map<string, Float32Array>
  /** Inputs that the embedder made, of those. */
  readonly made: Set<string>
  /** Inputs whose claim was given up. */
  readonly givenUp: Set<string>
  /** Ids of points that are in the store already. */
  readonly written: Set<string>
  /** Chunks that the display knows of. */
  counted: number
}

/**
 * Has the vectors made that nobody has yet, and gathers one for every new point of a batch. Each answer of the embedder
 * is written at once: whatever ends the run then, the next one finds it.
 */
export async function embed(works: readonly SoughtWork[], context: EmbedContext): Promise<EmbeddedBatch> {
  const documents = works.filter((work) => work.kind === 'planned')
  const mine = new Set(documents.flatMap((work) => [...work.vectors].flatMap(([hash, { from }]) => (from === 'document' ? [] : [hash]))))
  const vectors: Vectors = { ready: readBackVectors(documents), made: new Set(), givenUp: new Set(), written: new Set(), counted: 0 }
  try {
    context.signal.throwIfAborted()
    count(documents, vectors.ready, vectors, context)
    const refused = await embedMissing(documents, mine, vectors, context)
    const kept = await share(works, refused, vectors, context)
    // Those of documents that failed are done with, too.
    context.progress.chunks.done += documents.reduce((sum, work) => sum + work.upserts.length, 0) - vectors.counted
    const points = kept.flatMap((work) => (work.kind === 'planned' ? pointsOf(work.upserts, vectors.ready) : []))
    // What was given up belongs to whoever claimed it since.
    const claimed = [...mine].filter((inputHash) => !vectors.givenUp.has(inputHash))
    return { works: kept, points, written: vectors.written, claimed, embedded: vectors.made.size }
  } catch (error) {
    for (const inputHash of mine) if (!vectors.givenUp.has(inputHash)) context.claims.fail(inputHash, error)
    throw error
  }
}

function readBackVectors(documents: readonly SoughtDocument[]): Map<string, Float32Array> {
  return new Map(documents.flatMap((work) => [...work.vectors].flatMap(([hash, source]) => (source.from === 'point' ? [[hash, source.vector] as const] : []))))
}

function keep(found: ReadonlyMap<string, Float32Array>, vectors: Vectors, context: EmbedContext): void {
  for (const [inputHash, vector] of found) {
    vectors.ready.set(inputHash, vector)
    context.claims.fulfil(inputHash, vector)
  }
}

/** How far the run is, for the display: chunks that have their vector. */
function count(documents: readonly SoughtDocument[], found: ReadonlyMap<string, unknown>, vectors: Vectors, context: EmbedContext): void {
  const chunks = documents.flatMap((work) => work.upserts).filter(({ record }) => found.has(record.inputHash)).length
  vectors.counted += chunks
  context.progress.chunks.done += chunks
  reportProgress(context)
}

/**
 * One call for the whole batch. When the embedder refuses an input (an error of kind `document`), each document is
 * tried alone with what it still needs, so that only those that hold such an input fail. Returns why, by document.
 */
async function embedMissing(
  documents: readonly SoughtDocument[],
  mine: ReadonlySet<string>,
  vectors: Vectors,
  context: EmbedContext,
): Promise<ReadonlyMap<SoughtDocument, unknown>> {
  const refused = new Map<SoughtDocument, unknown>()
  const started = context.now()
  let characters = 0
  const missing = (work: SoughtDocument): ReadonlyMap<string, string> =>
    new Map(work.upserts.flatMap(({ record: { inputHash }, input }) => (mine.has(inputHash) && !vectors.ready.has(inputHash) ? [[inputHash, input] as const] : [])))
  try {
    const inputs = new Map(documents.flatMap((work) => [...missing(work)]))
    for (const input of inputs.values()) characters += input.length
    await callEmbedder(inputs, documents, vectors, context)
  } catch (error) {
    if (!refusesInput(error)) throw error
    for (const work of documents) {
      const inputs = missing(work)
      try {
        await callEmbedder(inputs, documents, vectors, context)
      } catch (reason) {
        if (!refusesInput(reason)) throw reason
        refused.set(work, reason)
        for (const inputHash of inputs.keys()) {
          if (vectors.ready.has(inputHash)) continue
          vectors.givenUp.add(inputHash)
          context.claims.fail(inputHash, reason)
        }
      }
    }
  }
  context.pace.measured(characters, context.now() - started)
  return refused
}

/** Every answer is in the store before the embedder is asked for more than it may be asked for at once. */
async function callEmbedder(
  inputs: ReadonlyMap<string, string>,
  documents: readonly SoughtDocument[],
  vectors: Vectors,
  context: EmbedContext,
): Promise<void> {
  if (inputs.size === 0) return
  const { progress, metrics, counters } = context
  const inputHashes = [...inputs.keys()]
  const started = context.now()
  let waiting = inputs.size
  const came = (from: number, answer: readonly Float32Array[]): ReadonlyMap<string, Float32Array> => {
    const found = new Map(answer.map((vector, index) => [inputHashes[from + index] as string, vector]))
    keep(found, vectors, context)
    for (const inputHash of found.keys()) vectors.made.add(inputHash)
    waiting -= found.size
    progress.inFlight.embedding -= found.size
    progress.chunks.embedded += found.size
    counters.chunks.embedded += found.size
    return found
  }
  progress.inFlight.embedding += waiting
  reportProgress(context)
  try {
    const answer = await context.embedder.embed([...inputs.values()], context.signal, async (from, part) => {
      const found = came(from, part)
      const written = await writePoints(documents, (chunks) => pointsOf(chunks, found), context)
      for (const id of written) vectors.written.add(id)
      counters.chunks.unfinished += written.length
      count(documents, found, vectors, context)
    })
    // An embedder that does not tell of its answers one by one.
    if (waiting > 0) count(documents, came(0, answer), vectors, context)
  } finally {
    progress.inFlight.embedding -= waiting
  }
  metrics.recordMetric('embed_ms', context.now() - started)
  metrics.recordMetric('embed_inputs', inputs.size)
}

function refusesInput(error: unknown): boolean {
  return isLoaderError(error) && error.kind === 'document'
}

/**
 * Takes the vectors that documents before these bring. Where such a document failed, its other inputs are nobody's:
 * those who share them have them made.
 */
async function share(
  works: readonly SoughtWork[],
  refused: ReadonlyMap<SoughtDocument, unknown>,
  vectors: Vectors,
  context: EmbedContext,
): Promise<readonly PlannedWork[]> {
  const kept: PlannedWork[] = []
  for (const work of works) {
    const reason = work.kind === 'planned' ? (refused.get(work) ?? (await shareOne(work, vectors, context))) : undefined
    kept.push(work.kind === 'planned' && reason !== undefined ? failed(work, reason, context) : work)
  }
  return kept
}

/** Why a document fails, if it does. */
async function shareOne(work: SoughtDocument, vectors: Vectors, context: EmbedContext): Promise<unknown> {
  const orphaned = new Map<string, string>()
  for (const { record, input } of work.upserts) {
    const source = work.vectors.get(record.inputHash)
    if (vectors.ready.has(record.inputHash)) continue
    try {
      if (source?.from === 'document') vectors.ready.set(record.inputHash, await source.vector)
      else orphaned.set(record.inputHash, input)
    } catch (error) {
      if (!refusesInput(error)) throw error
      orphaned.set(record.inputHash, input)
    }
  }
  try {
    await callEmbedder(orphaned, [work], vectors, context)
    return undefined
  } catch (error) {
    if (!refusesInput(error)) throw error
    return error
  }
}

function failed(work: SoughtDocument, error: unknown, context: EmbedContext): PlannedWork {
  const reported = reportedError(error)
  context.logger.warn('document failed', { document: work.stub.id, code: reported.code, error: reported.message })
  return { kind: 'failed', stub: work.stub, error: reported }
}

/** The points of those chunks whose vector is there. */
function pointsOf(chunks: readonly PlannedChunk[], vectors: ReadonlyMap<string, Float32Array>): readonly Point[] {
  return chunks.flatMap(({ record, payload }) => {
    const vector = vectors.get(record.inputHash)
    return vector === undefined ? [] : [{ id: record.pointId, vector, payload }]
  })
}
