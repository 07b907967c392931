import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { QdrantSimulator } from '@qdrant-loader/simulators'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { EmbedderSimulator } from '@qdrant-loader/simulators'
import { AT_THE_EMBEDDER, type KilledWorld, killedSource, openWorld } from './killed-scenario.ts'
import type { ExportedPoint } from './workbench.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

/** Moments per store and phase; each costs two runs. */
const MOMENTS = Number(process.env['KILLED_MOMENTS'] ?? 1)
/** What may be at the embedder at once. */
const IN_FLIGHT = AT_THE_EMBEDDER.batchSize * AT_THE_EMBEDDER.maxConcurrency

let server: EmbedderSimulator
let qdrant: QdrantSimulator
let collections = 0
const folders: string[] = []

beforeAll(async () => {
  server = await EmbedderSimulator.start()
  qdrant = await QdrantSimulator.start({})
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await qdrant.close()
  expect(qdrant.violations).toEqual([])
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function newWorld(store: 'embedded' | 'qdrant'): KilledWorld {
  const directory = mkdtempSync(join(tmpdir(), 'killed-'))
  folders.push(directory)
  const collection = `killed-${(collections += 1)}`
  return { directory, embedderUrl: server.url, storeUrl: store === 'embedded' ? '' : qdrant.url, collection }
}

/** Inputs that the embedder was given by what is done. */
async function inputsOf(work: () => Promise<unknown>): Promise<number> {
  const before = server.inputs.length
  await work()
  return server.inputs.length - before
}

async function sync(world: KilledWorld, updated: boolean): Promise<readonly ExportedPoint[]> {
  const { bench, embedder } = await openWorld(world)
  try {
    bench.now += 60_000
    const options = { mode: 'incremental', dryRun: false, allowMassDelete: false, signal: new AbortController().signal } as const
    expect((await bench.service(embedder).sync([bench.job(killedSource(updated))], options)).status).toBe('succeeded')
    return await bench.export()
  } finally {
    await embedder.close()
    await bench.close()
  }
}

/** A run in a process of its own, killed before its commit of that number, or when the embedder has had so many requests. */
async function killedRun(world: KilledWorld, updated: boolean, moment: { readonly commit?: number; readonly request?: number }): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--conditions=@qdrant-loader/source', join(import.meta.dirname, 'killed-child.ts'), JSON.stringify(world), String(updated), String(moment.commit ?? 0)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr.on('data', (data: Buffer) => (output += data.toString()))
  const from = server.seen.length
  server.misbehave = async () => {
    if (moment.request !== undefined && server.seen.length - from >= moment.request) child.kill('SIGKILL')
    await wait(15)
    return undefined
  }
  const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)))
  server.misbehave = () => undefined
  expect([signal, output]).toEqual(['SIGKILL', ''])
}

describe.each(['embedded', 'qdrant'] as const)('U3: a run that is killed (%s store)', (store) => {
  it.each([false, true])('is gone on with by the next one, which embeds no more than what was at the embedder (an update: %s)', async (updated) => {
    const clean = newWorld(store)
    let expected: readonly ExportedPoint[] = []
    let inputs = await inputsOf(async () => (expected = await sync(clean, false)))
    if (updated) inputs = await inputsOf(async () => (expected = await sync(clean, true)))
    const requests = Math.floor(inputs / AT_THE_EMBEDDER.batchSize)
    for (let at = 0; at < MOMENTS; at += 1) {
      const share = (at + 0.5) / MOMENTS
      for (const moment of [{ commit: 1 + at % 3 }, { request: Math.max(1, Math.floor(requests * share)) }]) {
        const world = newWorld(store)
        if (updated) await sync(world, false)
        const killed = await inputsOf(() => killedRun(world, updated, moment))
        let found: readonly ExportedPoint[] = []
        const again = await inputsOf(async () => (found = await sync(world, updated)))
        const what = `killed at ${JSON.stringify(moment)}: ${killed} inputs, then ${again}; a clean run takes ${inputs}`
        expect(killed + again, what).toBeLessThanOrEqual(inputs + IN_FLIGHT)
        expect(found, what).toEqual(expected)
      }
    }
  })
})
