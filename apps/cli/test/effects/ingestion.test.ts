import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { QdrantSimulator } from '@qdrant-loader/simulators'
import { beforeEach, expect, test, vi } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'
import { installProbe, silence, unreachable } from './probe.ts'
import type { Probe } from './probe.ts'

let world: EffectsWorld
let probe: Probe
beforeEach(() => {
  world = createEffectsWorld()
  probe = installProbe(world)
  probe.documents = Array.from({ length: 7 }, (_, index) => `document ${index}`)
})

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Calls wait for each other until as many as may be are there, and one more would have had its chance. */
function barrier(most: number): () => Promise<void> {
  let inside = 0
  return async () => {
    inside += 1
    await vi.waitUntil(() => inside >= most, { interval: 1, timeout: 20_000 })
    for (let turns = 0; turns < 20; turns += 1) await turn()
  }
}

function configure(ingestion: string, names = ['docs'], more = ''): void {
  const sources = names.map((name) => `    ${name}: { package: probe-connector }\n`).join('')
  world.configure(`global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  logging: { file: ./log, format: json, level: debug }
  ingestion: ${ingestion}
${more}sources:
  probe:
${sources}`)
}

/** Runs a sync on an empty state. */
async function firstSync(words: readonly string[] = []) {
  for (const file of ['state.db', 'state.db-wal', 'state.db-shm', 'state.points.db', 'state.points.db-wal', 'state.points.db-shm', 'log']) {
    rmSync(path.join(world.folder, file), { force: true })
  }
  return await world.json(['sync', ...words])
}

test('ingestion.batch.size is how many documents are committed together, and --batch-size wins over it', async () => {
  const sizes = (): number[] => {
    const records = readFileSync(path.join(world.folder, 'log'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { msg: string; documents: number })
    return records.filter(({ msg }) => msg === 'batch committed').map(({ documents }) => documents)
  }
  configure('{ batch: { size: 3 } }')
  await firstSync()
  expect(sizes()).toEqual([3, 3, 1])
  await firstSync(['--batch-size', '5'])
  expect(sizes()).toEqual([5, 2])
})

test('ingestion.batch.timeout ends a batch that is not written in time', async () => {
  await using simulator = await QdrantSimulator.start()
  configure('{ batch: { timeout: 200ms, retry_attempts: 0 } }', ['docs'], `  qdrant: { url: "${simulator.url}", timeout: 1h }\n`)
  simulator.faults.add({ kind: 'delay', ms: Number.POSITIVE_INFINITY }, { route: 'PUT /collections/{collection_name}/points' })
  expect(await firstSync()).toMatchObject({ code: 4, sources: [{ error: { message: expect.stringContaining('200 ms') } }] })
})

test('ingestion.batch.retry_attempts and retry_delay are older names of retry.attempts and retry.delay', async () => {
  const failing = (times: number): void => {
    let left = times
    probe.onFetch = (id) => {
      if (id === 'document 0' && left-- > 0) throw unreachable()
    }
  }
  // With the default delay, 1 s that doubles, nine further tries would take more than four minutes.
  configure('{ batch: { retry_attempts: 9, retry_delay: 0ms } }')
  failing(9)
  expect(await firstSync()).toMatchObject({ code: 0, totals: { documents: { added: 7, failed: 0 } } })
  failing(10)
  expect(await firstSync()).toMatchObject({ code: 5, totals: { documents: { added: 6, failed: 1 } } })
})

test('ingestion.parallel.max_workers is how many documents are read at once, and --workers wins over it', async () => {
  configure('{ parallel: { max_workers: 3 } }')
  for (const [most, words] of [[3, []], [5, ['--workers', '5']], [1, ['--workers', '1']]] as const) {
    probe.mostAtOnce = 0
    probe.onFetch = barrier(most)
    expect(await firstSync(words)).toMatchObject({ code: 0 })
    expect(probe.mostAtOnce).toBe(most)
  }
})

test('ingestion.parallel.max_workers and --workers bound the sources at once', async () => {
  configure('{ parallel: { max_workers: 2 } }', ['a', 'b', 'c', 'd'])
  for (const [most, words] of [[2, []], [4, ['--workers', '4']], [1, ['--workers', '1']]] as const) {
    for (const command of ['sync', 'plan']) {
      probe.mostSources = 0
      probe.onDetect = barrier(most)
      rmSync(path.join(world.folder, 'state.db'), { force: true })
      expect(await world.json([command, ...words])).toMatchObject({ code: 0 })
      expect([command, probe.mostSources]).toEqual([command, most])
    }
  }
})

test('ingestion.parallel.queue_size bounds the documents between detection and writing', async () => {
  probe.documents = Array.from({ length: 3_000 }, (_, index) => `document ${index}`)
  probe.onFetch = turn
  const ahead: number[] = []
  for (const size of [2, 200, 3_000]) {
    configure(`{ batch: { size: 50 }, parallel: { queue_size: ${size}, max_workers: 2 } }`)
    probe.mostAhead = 0
    expect(await firstSync()).toMatchObject({ code: 0 })
    ahead.push(probe.mostAhead)
  }
  const [least = 0, some = 0, most = 0] = ahead
  // As many may be looked up in the state meanwhile as the queue holds, and as many are being prepared as a batch holds.
  expect(least).toBeLessThan(20)
  expect(some).toBeLessThan(450)
  expect(most).toBeGreaterThan(1_000)
})

test('ingestion.parallel.timeout ends the reading of one document', async () => {
  configure('{ batch: { retry_attempts: 0 }, parallel: { timeout: 150ms } }')
  probe.onFetch = (id, signal) => (id === 'document 3' ? silence(signal) : undefined)
  expect(await firstSync()).toMatchObject({ code: 5, totals: { documents: { added: 6, failed: 1 } } })
  expect(await world.json(['failures'])).toMatchObject({ failures: [{ document_id: 'document 3', code: 'document_timeout', message: expect.stringContaining('150 ms') }] })
})
