import { describe, expect, it } from 'vitest'
import { damage } from '../damage.ts'
import { cleanBuild, gitBench } from './git-bench.ts'
import { GitWorld } from './git-world.ts'
import { ORACLE_CONFIG } from './oracle.ts'
import { advance, randomFrom } from './random-history.ts'

// A failure names its seed; run one alone with -t 'damage 17'.
describe('after random damage to the collection, verify names it exactly and --repair leads to a clean build', () => {
  for (let seed = 1; seed <= 24; seed += 1) it(`damage ${seed}`, { timeout: 120_000 }, () => runDamage(seed))
})

async function runDamage(seed: number): Promise<void> {
  const random = randomFrom(1_000_000 + seed)
  const world = new GitWorld()
  const bench = await gitBench(world, ORACLE_CONFIG)
  try {
    advance(world, random)
    expect((await bench.sync()).status).toBe('succeeded')
    for (let round = 0; round < 2; round += 1) {
      const where = `seed ${seed}, round ${round}`
      expect(await bench.verify(), where).toMatchObject({ status: 'equal' })
      const done = await damage(bench.store, random)
      const found = await bench.verify()
      expectNamed(found.sources[0], done, where)
      // In half of the rounds the source goes on meanwhile, in some the repair is cut off and a sync has to do.
      if (random() < 0.5) advance(world, random)
      const cutOff = random() < 0.4
      const stop = new AbortController()
      let effects = Math.floor(random() * 4)
      bench.onEffect = () => {
        if (cutOff && effects-- === 0) stop.abort(new Error('cut off'))
      }
      const report = await bench.repair({ signal: stop.signal }).catch((error: unknown) => {
        if (!stop.signal.aborted) throw error
      })
      bench.onEffect = () => {}
      if (!stop.signal.aborted) expect(report?.status, where).toBe(done.length > 0 ? 'repaired' : 'equal')
      expect((await bench.sync()).status, where).toBe('succeeded')
      expect((await bench.verify()).status, where).toBe('equal')
      const clean = await cleanBuild(world, ORACLE_CONFIG)
      expect(await bench.export(), where).toEqual(clean)
      await bench.sync()
      expect({ ...bench.counts }, `${where}: a run without a change`).toEqual({ embedded: 0, upserted: 0, payloads: 0, deleted: 0 })
    }
  } finally {
    await bench.close()
    world.remove()
  }
}

type Found = Awaited<ReturnType<Awaited<ReturnType<typeof gitBench>>['verify']>>['sources'][number]

/** The counts are those of the damage, and every point that is named was damaged like that. */
function expectNamed(found: Found | undefined, done: readonly string[], where: string): void {
  const count = (kind: string): number => done.filter((line) => line.startsWith(kind)).length
  expect(found?.points, where).toMatchObject({ missing: count('missing'), orphaned: count('orphaned'), different: count('different') })
  const named = found?.examples.map(({ kind, point_id }) => `${kind} ${point_id}`) ?? []
  expect(done, where).toEqual(expect.arrayContaining(named))
  expect(named, where).toHaveLength(['missing', 'orphaned', 'different'].reduce((sum, kind) => sum + Math.min(20, count(kind)), 0))
}
