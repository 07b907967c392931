import { describe, it } from 'vitest'
import type { SyncBench } from '../sync-bench.ts'
import { gitBench } from './git-bench.ts'
import { GitWorld } from './git-world.ts'
import { ORACLE_CONFIG } from './oracle.ts'
import { advance, randomFrom } from './random-history.ts'

/** Histories that are tried; more with PLAN_HISTORIES. */
const HISTORIES = Number(process.env['PLAN_HISTORIES'] ?? 4)

describe('after a random history of a repository a plan equals the next sync, per document', () => {
  for (let seed = 1; seed <= HISTORIES; seed += 1) it(`history ${seed}`, { timeout: 120_000 }, () => runHistory(seed))
})

async function runHistory(seed: number): Promise<void> {
  const random = randomFrom(seed)
  const world = new GitWorld()
  let bench: SyncBench | undefined
  try {
    advance(world, random)
    // One batch: of texts that move from one document to another in one run, a later batch may find the vector gone.
    bench = await gitBench(world, ORACLE_CONFIG, 1_000)
    const rounds = 3 + Math.floor(random() * 3)
    for (let round = 0; round < rounds; round += 1) {
      await bench.planAndSync(random() < 0.3 ? { mode: 'full' } : {}, `seed ${seed}, round ${round}`)
      advance(world, random)
    }
    await bench.planAndSync({}, `seed ${seed}, last round`)
    await bench.planAndSync({}, `seed ${seed}, unchanged`)
  } finally {
    await bench?.close()
    world.remove()
  }
}
