import { BatchProcessor } from '../../performance/batch-processor.ts'
import { chunk } from './chunk.ts'
import { commit } from './commit.ts'
import { embed } from './embed.ts'
import { isBusyState } from './is-busy-state.ts'
import { load } from './load.ts'
import { plan } from './plan.ts'
import { reportProgress } from '../run/report-progress.ts'
import type { RunContext } from '../run/run-context.ts'
import type { ChunkedWork, EmbeddedBatch, Work } from './work.ts'
import { write } from './write.ts'

/** Text in one batch, in characters: bounds memory whatever the documents' sizes. */
const BATCH_CHARACTERS = 8_000_000
/** Batches whose vectors are made while an earlier one is written. */
const LOOKAHEAD = 2

/** Load, chunk, embed, write and commit, for whatever classification made of the changes. */
export async function ingest(works: AsyncIterable<Work>, context: RunContext): Promise<void> {
  const { settings, signal } = context
  const batches = new BatchProcessor<ChunkedWork, EmbeddedBatch, EmbeddedBatch>({
    bounds: {
      maxItems: settings.batchSize,
      maxWeight: BATCH_CHARACTERS,
      weigh: charactersOf,
      closes: (work) => work.kind === 'checkpoint' || work.kind === 'flush',
    },
    prepare: async (batch) => embed(await plan(batch, context), context),
    lookahead: LOOKAHEAD,
    process: async (batch, limit) => {
      const written = await write(batch, context, limit)
      await (written ? context.storeMark.guard(() => commit(batch, context)) : commit(batch, context))
      return batch
    },
    timeoutMs: settings.batchTimeoutMs,
    // Store and embedder retry by themselves; what is left to try again is a state file that another process held.
    retry: {
      policy: settings.retry,
      sleep: context.sleep,
      retryable: isBusyState,
    },
  })
  const chunked = chunk(load(works, context), context)
  for await (const batch of batches.processStream(chunked, signal)) {
    context.progress.done += changesIn(batch)
    reportProgress(context)
  }
}

function charactersOf(work: ChunkedWork): number {
  if (work.kind !== 'chunked') return 0
  return work.chunks.reduce((sum, chunk) => sum + chunk.input.length, 0)
}

/** How many of the detector's changes a batch carries out. The deleting half of a move is no change of its own. */
function changesIn(batch: EmbeddedBatch): number {
  return batch.works.filter((work) => {
    if (work.kind === 'checkpoint' || work.kind === 'flush') return false
    return work.kind !== 'remove' || work.deletion.movedTo === undefined
  }).length
}
