import type { RunContext } from '../context/run-context.ts'
import type { PlannedDocument, PlannedWork, SoughtWork, VectorSource } from './work.ts'

/** What finding vectors needs of a run. */
export type FindVectorsContext = Pick<RunContext, 'state' | 'store' | 'storeInstance' | 'reconciled' | 'fingerprints' | 'claims' | 'signal'>

/**
 * Says for every new point where its vector comes from, so that none is made twice (design 7): from a document before
 * this one, from a point that the collection holds, which is read back here, or from the embedder.
 */
export async function findVectors(works: readonly PlannedWork[], context: FindVectorsContext): Promise<readonly SoughtWork[]> {
  const sources = new Map<PlannedDocument, Map<string, VectorSource>>()
  for (const work of works) if (work.kind === 'planned') sources.set(work, claimVectors(work, context))
  const found = await readBack(sources, context)
  return works.map((work) => {
    if (work.kind !== 'planned') return work
    const vectors = sources.get(work) ?? new Map<string, VectorSource>()
    for (const [inputHash, { from }] of vectors) {
      const vector = found.get(inputHash)
      if (from === 'embedder' && vector !== undefined) vectors.set(inputHash, { from: 'point', vector })
    }
    return { ...work, vectors }
  })
}

/** The first document with an input brings its vector; the others share it. */
function claimVectors(work: PlannedDocument, { claims }: FindVectorsContext): Map<string, VectorSource> {
  const vectors = new Map<string, VectorSource>()
  for (const { record } of work.upserts) {
    if (vectors.has(record.inputHash)) continue
    const vector = claims.claim(record.inputHash)
    vectors.set(record.inputHash, vector === undefined ? { from: 'embedder' } : { from: 'document', vector })
  }
  return vectors
}

/**
 * Vectors that the collection already holds: of points that have the same input, and, when the state was lost, of the
 * very points that are wanted, since a point's id says which input its vector was made from. Where a point is gone all
 * the same, the embedder makes its vector anew.
 */
async function readBack(
  sources: ReadonlyMap<PlannedDocument, ReadonlyMap<string, VectorSource>>,
  context: FindVectorsContext,
): Promise<ReadonlyMap<string, Float32Array>> {
  const { state, store, claims, reconciled, signal } = context
  const claimed = new Set([...sources.values()].flatMap((vectors) => [...vectors].flatMap(([hash, { from }]) => (from === 'embedder' ? [hash] : []))))
  const found = new Map<string, Float32Array>()
  if (claimed.size === 0) return found
  const donors = await state.chunks.donors([...claimed], context.fingerprints.embedding, context.storeInstance)
  const hashOfPoint = new Map([...donors.values()].map((donor) => [donor.pointId, donor.inputHash]))
  for (const { upserts } of reconciled ? [] : sources.keys()) {
    for (const { record } of upserts) if (claimed.has(record.inputHash)) hashOfPoint.set(record.pointId, record.inputHash)
  }
  if (hashOfPoint.size === 0) return found
  for (const point of await store.retrieve([...hashOfPoint.keys()], { vector: true, payload: false }, signal)) {
    const inputHash = hashOfPoint.get(point.id)
    if (inputHash === undefined || point.vector === undefined) continue
    found.set(inputHash, point.vector)
    claims.fulfil(inputHash, point.vector)
  }
  return found
}

/**
 * What a document weighs in a batch that is full at `toEmbed` characters for the embedder, or at `toWrite` characters of
 * text whoever made its vectors, whichever comes first. In the unit of `toEmbed`.
 */
export function weightOf(work: SoughtWork, full: { readonly toEmbed: number; readonly toWrite: number }): number {
  return Math.max(charactersToEmbed(work), (charactersToWrite(work) / full.toWrite) * full.toEmbed)
}

function charactersToWrite(work: SoughtWork): number {
  if (work.kind !== 'planned') return 0
  const written = work.upserts.reduce((sum, { input }) => sum + input.length, 0)
  return work.payloads.reduce((sum, { payload }) => sum + payload.content.length, written)
}

function charactersToEmbed(work: SoughtWork): number {
  if (work.kind !== 'planned') return 0
  const counted = new Set<string>()
  let characters = 0
  for (const { record, input } of work.upserts) {
    if (work.vectors.get(record.inputHash)?.from !== 'embedder' || counted.has(record.inputHash)) continue
    counted.add(record.inputHash)
    characters += input.length
  }
  return characters
}
