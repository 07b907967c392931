import { expect, it } from 'vitest'
import { batchesOf } from '../../performance/batches.ts'
import { streamOf } from '../../performance/stream-of.ts'
import { weightOf } from './find-vectors.ts'
import type { SoughtWork, VectorSource } from './work.ts'

const FULL = { toEmbed: 16_000, toWrite: 8_000_000 }

function document(characters: number, source: VectorSource): SoughtWork {
  const upserts = [{ record: { inputHash: 'h' }, input: 'x'.repeat(characters) }]
  return { kind: 'planned', upserts, payloads: [], vectors: new Map([['h', source]]) } as unknown as SoughtWork
}

async function batchSizes(works: readonly SoughtWork[]): Promise<number[]> {
  const bounds = { maxItems: 1_000, maxWeight: () => FULL.toEmbed, weigh: (work: SoughtWork) => weightOf(work, FULL) }
  const sizes: number[] = []
  for await (const batch of batchesOf(streamOf(works), bounds)) sizes.push(batch.length)
  return sizes
}

it('a batch is full by the work of the embedder, and by its text also where the embedder has none', async () => {
  const point = { from: 'point', vector: new Float32Array(1) } as const
  expect(await batchSizes(Array.from({ length: 20 }, () => document(1_000_000, point)))).toEqual([8, 8, 4])
  expect(await batchSizes(Array.from({ length: 20 }, () => document(2_000, { from: 'embedder' })))).toEqual([8, 8, 4])
  expect(await batchSizes(Array.from({ length: 20 }, () => document(2_000, point)))).toEqual([20])
})
