import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { randomFrom } from '../oracle/git/random-history.ts'
import { createUserWorld, GOOD } from './user-world.ts'

vi.setConfig({ testTimeout: 300_000 })

const ROUNDS = 12
/** A first run over this repository takes longer than the longest delay before the kill. */
const PAGES = 250

/** Many batches in a run, so that there is much to be in the middle of. */
const SMALL_BATCHES = GOOD.replace('global:', 'global:\n  ingestion: { batch: { size: 3 } }\n  change_detection: { max_delete_ratio: 1 }')

function page(index: number, round: number): string {
  const paragraphs = Array.from({ length: 6 }, (_, at) => `Paragraph ${at} of page ${index}, round ${at === index % 6 ? round : 0}. `.repeat(4))
  return `# Page ${index}\n\n${paragraphs.join('\n\n')}\n`
}

test('a command that is killed at any moment, again and again, leaves what the next one mends', async () => {
  const random = randomFrom(20_261_122)
  const world = createUserWorld()
  world.configure(SMALL_BATCHES)
  world.commit(Object.fromEntries(Array.from({ length: PAGES }, (_, index) => [`pages/${index}.md`, page(index, 0)])))
  let killed = 0
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { child, ended } = world.start(['sync'])
    // An unkilled run takes a quarter of a second at least, and many times that on a loaded machine.
    await wait(60 + random() * 640)
    child.kill('SIGKILL')
    if ((await ended).signal === 'SIGKILL') killed += 1
    // The source does not wait: pages are edited, moved, removed and brought back while nobody syncs.
    const touched = Array.from({ length: 10 }, () => Math.floor(random() * PAGES))
    world.commit({
      ...Object.fromEntries(touched.map((index) => [`pages/${index}.md`, page(index, round)])),
      [`moved/${round}.md`]: page(touched[0] ?? 0, 0),
      ...(round > 1 ? { [`moved/${round - 1}.md`]: undefined } : {}),
    })
  }
  expect(killed).toBeGreaterThan(ROUNDS / 2)

  const last = await world.run(['sync', '--json'])
  expect([last.code, last.stderr]).toEqual([0, expect.any(String)])
  const again = await world.run(['sync', '--json'])
  expect(JSON.parse(again.stdout)).toMatchObject({
    totals: { chunks: { embedded: 0 }, points: { upserted: 0, payload_updated: 0, deleted: 0 } },
  })

  const clean = path.join(world.folder, 'clean.yaml')
  writeFileSync(clean, SMALL_BATCHES.replace('./state.db', './clean.db'))
  expect(await world.run(['sync', '--config', clean])).toMatchObject({ code: 0 })
  expect(await world.exported()).toEqual(await world.exported(['--config', clean]))
})
