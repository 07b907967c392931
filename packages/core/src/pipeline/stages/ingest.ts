import { BatchProcessor } from '../../performance/batch-processor.ts'
import { batchesOf } from '../../performance/batches.ts'
import { chunk } from './chunk.ts'
import { COMPANY_MS } from './classify.ts'
import { commit } from './commit.ts'
import { embed } from './embed.ts'
import { findVectors, weightOf } from './find-vectors.ts'
import { load } from './load.ts'
import { plan } from './plan.ts'
import { reportProgress } from '../context/report-progress.ts'
import type { RunContext } from '../context/run-context.ts'
import type { ChunkedWork, EmbeddedBatch, PlannedWork, SoughtWork, Work } from './work.ts'
import { effectBounds, write } from './write.ts'

/** Text that is planned, or written, at once, in characters: bounds memory and time whatever the documents' sizes. */
export const PLANNED_CHARACTERS = 8_000_000
/** Batches whose vectors are made while an earlier one is written. */
const LOOKAHEAD = 2

/** Load, chunk, plan, embed, write and commit, for whatever classification made of the changes. */
export async function ingest(works: AsyncIterable<Work>, context: RunContext): Promise<void> {
  const batches = new BatchProcessor<SoughtWork, EmbeddedBatch, EmbeddedBatch>({
    bounds: {
      maxItems: context.settings.batchSize,
      maxWeight: () => context.pace.characters,
      weigh: (work) => weightOf(work, { toEmbed: context.pace.characters, toWrite: PLANNED_CHARACTERS }),
      closes: closesBatch,
      maxWaitMs: COMPANY_MS,
    },
    prepare: (batch) => embed(batch, context),
    lookahead: LOOKAHEAD,
    process: async (batch, limit) => {
      await write(batch, context, limit)
      await commit(batch, context)
      return batch
    },
    ...effectBounds(context),
  })
  const chunked = chunk(load(works, context), context)
  for await (const batch of batches.processStream(planned(chunked, context))) {
    context.progress.done += batch.works.reduce((sum, work) => sum + changesOf(work), 0)
    reportProgress(context)
  }
}

/** Compares documents with what is recorded, many at once, and finds out where their vectors come from. */
async function* planned(works: AsyncIterable<ChunkedWork>, context: RunContext): AsyncGenerator<SoughtWork, void, undefined> {
  const bounds = {
    maxItems: context.settings.batchSize,
    maxWeight: () => PLANNED_CHARACTERS,
    weigh: charactersOf,
    closes: closesBatch,
    maxWaitMs: COMPANY_MS,
  }
  for await (const page of batchesOf(works, bounds)) {
    const found = await findVectors(await plan(page, context), context)
    context.progress.planned(found.reduce((sum, work) => sum + changesOf(work), 0), found.reduce((sum, work) => sum + chunksOf(work), 0))
    reportProgress(context)
    yield* found
  }
}

function closesBatch(work: ChunkedWork | SoughtWork): boolean {
  return work.kind === 'checkpoint' || work.kind === 'flush'
}

function charactersOf(work: ChunkedWork): number {
  if (work.kind !== 'chunked') return 0
  return work.chunks.reduce((sum, chunk) => sum + chunk.input.length, 0)
}

function chunksOf(work: SoughtWork): number {
  return work.kind === 'planned' ? work.upserts.length : 0
}

/** How many of the detector's changes a work carries out. The deleting half of a move is no change of its own. */
function changesOf(work: PlannedWork): number {
  if (work.kind === 'checkpoint' || work.kind === 'flush') return 0
  return work.kind === 'remove' && work.deletion.movedTo !== undefined ? 0 : 1
}
