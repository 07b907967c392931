import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { Point } from '../../store/vector-store.ts'
import { reportedError } from '../run/reported-error.ts'
import type { RunContext } from '../run/run-context.ts'
import type { EmbeddedBatch, PlannedDocument, PlannedWork } from './work.ts'

/** What embedding needs of a run. */
export type EmbedContext = Pick<
  RunContext,
  'state' | 'store' | 'storeInstance' | 'reconciled' | 'embedder' | 'fingerprints' | 'claims' | 'signal' | 'metrics' | 'now' | 'logger'
>

/**
 * Finds a vector for every new point of a batch. A vector is never computed twice (design 7): equal inputs of this
 * and neighbouring batches share one, inputs that any document of the collection holds are read back from the
 * store, and only the rest goes to the embedder.
 */
export async function embed(works: readonly PlannedWork[], context: EmbedContext): Promise<EmbeddedBatch> {
  const inputs = new Map<string, string>()
  for (const work of works) {
    if (work.kind !== 'planned') continue
    for (const chunk of work.upserts) inputs.set(chunk.record.inputHash, chunk.input)
  }
  const mine: string[] = []
  const vectors = new Map<string, Promise<Float32Array>>()
  for (const inputHash of inputs.keys()) {
    const others = context.claims.claim(inputHash)
    if (others === undefined) mine.push(inputHash)
    else vectors.set(inputHash, others)
  }
  try {
    const known = new Map([...(await readBack(mine, context)), ...(await readOwn(works, mine, context))])
    const missing = mine.filter((inputHash) => !known.has(inputHash))
    const embedded = await embedMissing(works, inputs, missing, context)
    for (const inputHash of mine) {
      const vector = known.get(inputHash) ?? embedded.vectors.get(inputHash)
      if (vector === undefined) continue
      context.claims.fulfil(inputHash, vector)
      vectors.set(inputHash, Promise.resolve(vector))
    }
    const assembled = await assemble(embedded.works, vectors, context)
    return { ...assembled, claimed: mine, embedded: embedded.vectors.size }
  } catch (error) {
    for (const inputHash of mine) context.claims.fail(inputHash, error)
    throw error
  }
}

/** Vectors that the collection already holds, by input hash. A donor that is gone all the same is embedded anew. */
async function readBack(inputHashes: readonly string[], context: EmbedContext): Promise<ReadonlyMap<string, Float32Array>> {
  if (inputHashes.length === 0) return new Map()
  const donors = await context.state.findDonors(inputHashes, context.fingerprints.embedding, context.storeInstance)
  if (donors.size === 0) return new Map()
  const hashOfPoint = new Map([...donors.values()].map((donor) => [donor.pointId, donor.inputHash]))
  return vectorsByHash(hashOfPoint, context)
}

async function vectorsByHash(
  hashOfPoint: ReadonlyMap<string, string>,
  context: EmbedContext,
): Promise<ReadonlyMap<string, Float32Array>> {
  if (hashOfPoint.size === 0) return new Map()
  const points = await context.store.retrieve([...hashOfPoint.keys()], { vector: true, payload: false }, context.signal)
  const vectors = new Map<string, Float32Array>()
  for (const point of points) {
    const inputHash = hashOfPoint.get(point.id)
    if (inputHash !== undefined && point.vector !== undefined) vectors.set(inputHash, point.vector)
  }
  return vectors
}

/**
 * Vectors of points that the collection holds although the state does not know them, because the state was lost. A
 * point's id says which input its vector was made from, so the point itself is the proof.
 */
async function readOwn(
  works: readonly PlannedWork[],
  inputHashes: readonly string[],
  context: EmbedContext,
): Promise<ReadonlyMap<string, Float32Array>> {
  if (context.reconciled) return new Map()
  const wanted = new Set(inputHashes)
  const hashOfPoint = new Map<string, string>()
  for (const work of works) {
    if (work.kind !== 'planned') continue
    for (const { record } of work.upserts) {
      if (wanted.has(record.inputHash)) hashOfPoint.set(record.pointId, record.inputHash)
    }
  }
  return vectorsByHash(hashOfPoint, context)
}

interface EmbeddedInputs {
  readonly works: readonly PlannedWork[]
  readonly vectors: ReadonlyMap<string, Float32Array>
}

/**
 * One call for the whole batch. When the embedder refuses an input (an error of kind `document`), each document is
 * tried alone, so that only those that hold such an input fail.
 */
async function embedMissing(
  works: readonly PlannedWork[],
  inputs: ReadonlyMap<string, string>,
  missing: readonly string[],
  context: EmbedContext,
): Promise<EmbeddedInputs> {
  if (missing.length === 0) return { works, vectors: new Map() }
  try {
    return { works, vectors: await callEmbedder(missing, inputs, context) }
  } catch (error) {
    if (!refusesInput(error)) throw error
    return embedEachAlone(works, inputs, new Set(missing), context)
  }
}

async function embedEachAlone(
  works: readonly PlannedWork[],
  inputs: ReadonlyMap<string, string>,
  missing: ReadonlySet<string>,
  context: EmbedContext,
): Promise<EmbeddedInputs> {
  const vectors = new Map<string, Float32Array>()
  const kept: PlannedWork[] = []
  for (const work of works) {
    if (work.kind !== 'planned') {
      kept.push(work)
      continue
    }
    const needed = neededBy(work, missing, vectors)
    try {
      for (const [inputHash, vector] of await callEmbedder(needed, inputs, context)) vectors.set(inputHash, vector)
      kept.push(work)
    } catch (error) {
      if (!refusesInput(error)) throw error
      for (const inputHash of needed) context.claims.fail(inputHash, error)
      kept.push(refused(work, error, context))
    }
  }
  return { works: kept, vectors }
}

function refused(work: PlannedDocument, error: unknown, context: EmbedContext): PlannedWork {
  const reported = reportedError(error)
  context.logger.warn('document failed', { document: work.stub.id, code: reported.code, error: reported.message })
  return { kind: 'failed', stub: work.stub, error: reported }
}

function neededBy(
  work: PlannedDocument,
  missing: ReadonlySet<string>,
  done: ReadonlyMap<string, Float32Array>,
): readonly string[] {
  const needed = work.upserts.map((chunk) => chunk.record.inputHash)
  return [...new Set(needed)].filter((inputHash) => missing.has(inputHash) && !done.has(inputHash))
}

async function callEmbedder(
  inputHashes: readonly string[],
  inputs: ReadonlyMap<string, string>,
  context: EmbedContext,
): Promise<ReadonlyMap<string, Float32Array>> {
  if (inputHashes.length === 0) return new Map()
  const texts = inputHashes.map((inputHash) => inputs.get(inputHash) ?? '')
  const started = context.now()
  const vectors = await context.embedder.embed(texts, context.signal)
  context.metrics.recordMetric('embed_ms', context.now() - started)
  context.metrics.recordMetric('embed_inputs', texts.length)
  return new Map(inputHashes.map((inputHash, index) => [inputHash, vectors[index] as Float32Array]))
}

function refusesInput(error: unknown): boolean {
  return isLoaderError(error) && error.kind === 'document'
}

/** Joins points and vectors. A document whose input a neighbouring batch saw refused fails like that one. */
async function assemble(
  works: readonly PlannedWork[],
  vectors: ReadonlyMap<string, Promise<Float32Array>>,
  context: EmbedContext,
): Promise<Pick<EmbeddedBatch, 'works' | 'points'>> {
  const points: Point[] = []
  const kept: PlannedWork[] = []
  for (const work of works) {
    try {
      if (work.kind === 'planned') points.push(...(await pointsOf(work, vectors)))
      kept.push(work)
    } catch (error) {
      if (work.kind !== 'planned' || !refusesInput(error)) throw error
      kept.push(refused(work, error, context))
    }
  }
  return { works: kept, points }
}

async function pointsOf(
  work: PlannedDocument,
  vectors: ReadonlyMap<string, Promise<Float32Array>>,
): Promise<readonly Point[]> {
  const points: Point[] = []
  for (const { record, payload } of work.upserts) {
    const vector = await vectors.get(record.inputHash)
    if (vector === undefined) throw new Error(`no vector was made for a chunk of ${work.stub.id}`)
    points.push({ id: record.pointId, vector, payload })
  }
  return points
}
