import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EmbedderSimulator } from '@qdrant-loader/simulators'
import { runCli } from '../start-cli.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const FIXTURE = fileURLToPath(new URL('../fixtures/state-before-rooms/', import.meta.url))
const DATABASES = ['state.db', 'state.db-wal', 'state.points.db', 'state.points.db-wal']
const REPOSITORIES = ['handbook', 'archive', 'retired']

let folder: string
let embedder: EmbedderSimulator

beforeEach(async () => {
  embedder = await EmbedderSimulator.start()
  folder = mkdtempSync(path.join(tmpdir(), 'qdrant-loader-older-'))
  const home = path.join(folder, 'home')
  mkdirSync(home)
  const gitConfig = REPOSITORIES.map((name) => {
    const copy = path.join(folder, `${name}.git`)
    execFileSync('git', ['clone', '-q', '--bare', path.join(FIXTURE, `${name}.bundle`), copy], { stdio: ['ignore', 'ignore', 'pipe'] })
    return `[url "file://${copy}"]\n\tinsteadOf = https://git.example.com/${name}.git\n`
  })
  writeFileSync(path.join(home, '.gitconfig'), gitConfig.join(''))
  for (const name of DATABASES) {
    writeFileSync(path.join(folder, name), brotliDecompressSync(readFileSync(path.join(FIXTURE, `${name}.br`))), { mode: 0o600 })
  }
  configure('qdrant-loader.yaml', 'state.db')
  configure('clean.yaml', 'clean.db')
})

afterEach(async () => {
  await embedder[Symbol.asyncDispose]()
})

test('a state and a store of an older build open, converge to a clean build, and nothing that did not change is embedded again', async () => {
  // What only reads does not migrate.
  await json('migrate', 'up')
  expect(await json('status')).toMatchObject({
    sources: [
      { source: 'handbook', documents: 39, chunks: 252, failed: 1, held: 0, running: { holder: 'pid 16672 on builder.example' } },
      { source: 'archive', documents: 24, chunks: 24, failed: 0, held: 16, last_run: { status: 'held' } },
      { source: 'retired', configured: false, documents: 4, chunks: 4 },
    ],
  })
  expect(await json('failures')).toMatchObject({ failures: [{ document_id: 'bad.md', code: 'embedder_input_refused', attempts: 3 }] })

  const first = await run('sync', '--json')
  // The lease of the killed process gave way. The deletions are still held; everything else is done.
  expect(first).toMatchObject({ code: 6 })
  const report = JSON.parse(first.stdout) as { readonly sources: unknown; readonly unconfigured: unknown }
  expect(report.sources).toMatchObject([
    { source: 'handbook', status: 'succeeded', documents: { failed: 0 } },
    { source: 'archive', status: 'held', documents: { held: 16, updated: 0 } },
  ])
  expect(report.unconfigured).toMatchObject([{ source: 'retired', points: 4 }])
  expect(embedder.inputs.length).toBeGreaterThan(0)
  // A page that was removed has no points, so that its vectors are made again when it is back.
  const again = embedder.inputs.filter((input) => answered.has(keyOf(input)) && !/page 6\b/i.test(input))
  expect(again).toEqual([])
  expect(await json('history')).toMatchObject({ runs: expect.arrayContaining([expect.objectContaining({ source: 'handbook', status: 'interrupted' })]) })

  await json('sync', '--allow-mass-delete')
  await json('remove', 'git/retired', '--yes')
  await json('sync', '--config', 'clean.yaml')
  expect(await exported()).toEqual(await exported('--config', 'clean.yaml'))

  embedder.asked.length = 0
  const nothing = { chunks: { embedded: 0 }, points: { upserted: 0, payload_updated: 0, deleted: 0 } }
  expect(await json('sync', '--full')).toMatchObject({ status: 'succeeded', totals: nothing })
  expect(embedder.inputs).toEqual([])
})

const answered = new Set(JSON.parse(readFileSync(path.join(FIXTURE, 'answered.json'), 'utf8')) as readonly string[])

function keyOf(input: string): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 16)
}

/** What the older build was configured with, apart from the address of the embedder, and without the source `retired`. */
function configure(file: string, database: string): void {
  writeFileSync(path.join(folder, file), `global:
  embedding: { provider: openai, model: some-model, dimensions: 16, base_url: ${embedder.url}, api_key: some-key, batch_size: 8 }
  chunking: { chunk_size: 60, chunk_overlap: 0 }
  ingestion: { batch: { size: 4 } }
  change_detection: { max_delete_ratio: 0.25, max_delete_count: 5 }
  retry: { attempts: 0 }
  state_management: { database_path: ./${database} }
sources:
  git:
    handbook: { base_url: https://git.example.com/handbook.git, branch: main }
    archive: { base_url: https://git.example.com/archive.git, branch: main }
`)
}

function run(...args: string[]) {
  const env = { HOME: path.join(folder, 'home'), XDG_STATE_HOME: undefined, XDG_CACHE_HOME: undefined, STATE_DB_PATH: undefined }
  return runCli(args, { cwd: folder, env, from: process.env['E2E_FROM'] === 'sources' ? 'sources' : 'built' })
}

async function json(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(...args, '--json')
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}

/** What the collection holds, without what may differ between runs. */
async function exported(...args: string[]): Promise<unknown[]> {
  const { code, stdout, stderr } = await run('export', ...args)
  if (code !== 0) throw new Error(`export ended with ${code}: ${stderr}`)
  const points = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as { payload: Record<string, unknown> })
  return points.map(({ payload: { _sync: _, ...payload }, ...point }) => ({ ...point, payload }))
}
