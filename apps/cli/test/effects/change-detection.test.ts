import { beforeEach, expect, test, vi } from 'vitest'
import { InterruptedError } from '../../src/interrupt.ts'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'
import { installProbe, silence } from './probe.ts'
import type { Probe } from './probe.ts'

let world: EffectsWorld
let probe: Probe
beforeEach(() => {
  world = createEffectsWorld()
  probe = installProbe(world)
})

/** `change_detection` of all sources, and of the source `own`; the source `other` has none of its own. */
function configure(global: string, own: string): void {
  world.configure(`global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  ingestion: { batch: { retry_attempts: 0 } }
  change_detection: ${global}
sources:
  probe:
    own: { package: probe-connector, change_detection: ${own} }
    other: { package: probe-connector }
`)
}

const asked = (source: string) => probe.detections.filter((detection) => detection.source === source).map((detection) => detection.asked)

test.each([
  ['of all sources', '{ interval: 1s }', '{ interval: 1h }', 'other', 'own'],
  ['of one source', '{ interval: 1h }', '{ interval: 1s }', 'own', 'other'],
])('change_detection.interval %s is how often --watch looks', async (_whose, global, own, often, once) => {
  configure(global, own)
  const stop = new AbortController()
  const watching = world.run(['sync', '--watch'], { signal: stop.signal })
  await vi.waitUntil(() => asked(often).length >= 2, { timeout: 20_000 })
  stop.abort(new InterruptedError('SIGINT'))
  expect((await watching).code).toBe(130)
  expect(asked(once)).toHaveLength(1)
})

test.each([
  ['of all sources', '{ timeout: 1s }', '{ timeout: 1h }', 'other'],
  ['of one source', '{ timeout: 1h }', '{ timeout: 1s }', 'own'],
])('change_detection.timeout %s ends a detection that says nothing', async (_whose, global, own, silent) => {
  configure(global, own)
  probe.onDetect = (source, signal) => (source === silent ? silence(signal) : undefined)
  const report = await world.json(['sync'])
  expect(report).toMatchObject({ code: 4, sources: expect.arrayContaining([expect.objectContaining({ source: silent, error: expect.objectContaining({ code: 'detection_timeout' }) })]) })
})

test.each([
  ['of all sources', '{ full_listing_interval: 1h }', '{ full_listing_interval: 10h }', 'other', 'own'],
  ['of one source', '{ full_listing_interval: 10h }', '{ full_listing_interval: 1h }', 'own', 'other'],
])('change_detection.full_listing_interval %s is when a complete listing is due', async (_whose, global, own, due, notYet) => {
  configure(global, own)
  await world.run(['sync'])
  await world.run(['sync'], { now: () => Date.now() + 2 * 3_600_000 })
  expect([asked(due), asked(notYet)]).toEqual([['full', 'listing'], ['full', 'incremental']])
})

test.each([
  // Three of the four documents are deleted.
  ['the defaults', '{}', '{}', 0],
  ['max_delete_count of all', '{ max_delete_count: 2 }', '{}', 6],
  ['max_delete_count of one', '{ max_delete_count: 2 }', '{ max_delete_count: 3 }', 0],
  ['max_delete_ratio of all', '{ max_delete_count: 0, max_delete_ratio: 0.8 }', '{}', 0],
  ['max_delete_ratio of one', '{ max_delete_count: 0, max_delete_ratio: 0.8 }', '{ max_delete_ratio: 0.7 }', 6],
])('change_detection.max_delete_count and max_delete_ratio hold deletions: %s', async (_what, global, own, code) => {
  world.configure(`global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  change_detection: ${global}
sources: { git: { docs: { base_url: ./repository, change_detection: ${own} } } }
`)
  world.commit({ 'three.md': 'Three.\n', 'four.md': 'Four.\n' })
  await world.run(['sync'])
  world.commit({ 'guide.md': undefined, 'three.md': undefined, 'four.md': undefined })
  expect(await world.json(['sync'])).toMatchObject({ code, totals: { documents: code === 6 ? { held: 3 } : { deleted: 3 } } })
  if (code === 6) expect(await world.json(['sync', '--allow-mass-delete'])).toMatchObject({ code: 0, totals: { documents: { deleted: 3 } } })
})
