import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { EmbeddedVectorStore } from '@qdrant-loader/core/store'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { commands } from '../../src/commands.ts'
import { InterruptedError } from '../../src/interrupt.ts'
import { version } from '../../src/version.ts'
import { GOOD } from '../e2e/user-world.ts'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld, Report } from './command-line.ts'
import { installProbe } from './probe.ts'

/** Names of the commands that have a flag, with an operand where they need one. */
function commandsWith(flag: string): readonly (readonly string[])[] {
  return commands
    .filter(({ flags }) => Object.hasOwn(flags as object, flag))
    .map(({ name, operand }) => [...name.split(' '), ...(operand === undefined ? [] : ['words'])])
}

let world: EffectsWorld
beforeEach(() => {
  world = createEffectsWorld()
})

describe('flags of every command', () => {
  test('--config and QDRANT_LOADER_CONFIG name the file, the flag first', async () => {
    mkdirSync(path.join(world.folder, 'empty'))
    const cwd = path.join(world.folder, 'empty')
    const missing = path.join(world.folder, 'missing.yaml')
    for (const words of commandsWith('config')) {
      if (words[0] === 'init') continue
      const named = await world.run([...words, '--config', missing], { cwd })
      const byEnvironment = await world.run(words, { cwd, env: { QDRANT_LOADER_CONFIG: missing } })
      // The schema can be had without a configuration.
      if (words.join(' ') === 'config schema') continue
      for (const { code, stdout, stderr } of [named, byEnvironment]) expect([words, code, stdout + stderr]).toEqual([words, 2, expect.stringContaining('missing.yaml')])
    }
    const file = path.join(world.folder, 'qdrant-loader.yaml')
    expect(await world.run(['config', 'validate', '--config', '../qdrant-loader.yaml'], { cwd, env: { QDRANT_LOADER_CONFIG: missing } })).toMatchObject({ code: 0 })
    expect(await world.run(['config', 'validate'], { cwd, env: { QDRANT_LOADER_CONFIG: file } })).toMatchObject({ code: 0 })
    expect(await world.run(['init', '--config', 'mine.yaml'], { cwd })).toMatchObject({ code: 0 })
    expect(existsSync(path.join(cwd, 'mine.yaml'))).toBe(true)
  })

  test('--config decides for which connectors the schema is printed', async () => {
    installProbe(world)
    writeFileSync(path.join(world.folder, 'probe.yaml'), 'sources: { probe: { docs: { package: probe-connector } } }\n')
    expect((await world.run(['config', 'schema', '--config', 'probe.yaml'])).stdout).toContain('source-probe')
    expect((await world.run(['config', 'schema'])).stdout).not.toContain('source-probe')
  })

  test('--log-level debug shows where an error comes from', async () => {
    const cwd = path.join(world.folder, 'empty')
    mkdirSync(cwd)
    writeFileSync(path.join(cwd, 'qdrant-loader.yaml'), 'nonsense: 1\n')
    for (const words of commandsWith('log-level')) {
      const [plain, debug] = [await world.run(words, { cwd }), await world.run([...words, '--log-level', 'debug'], { cwd })]
      if (words[0] === 'doctor') continue
      expect([words, /^\s+at /m.test(plain.stderr), /^\s+at /m.test(debug.stderr)]).toEqual([words, false, true])
    }
  })

  test('--json makes one object of what is printed', async () => {
    await world.run(['sync'])
    for (const words of commandsWith('json')) {
      if (words[0] === 'migrate') continue
      const [plain, json] = [await world.run(words), await world.run([...words, '--json'])]
      expect([words, json.stdout]).toEqual([words, expect.stringMatching(/^\{[^]*\}\n$/)])
      expect(() => JSON.parse(json.stdout) as unknown).not.toThrow()
      if (words.join(' ') !== 'config schema') expect([words, plain.stdout]).not.toEqual([words, json.stdout])
    }
    for (const word of ['status', 'down', 'up']) expect(await world.json(['migrate', word])).toMatchObject({ code: 0, status: 'succeeded' })
  })

  test('--help and --version answer without a configuration', async () => {
    rmSync(path.join(world.folder, 'qdrant-loader.yaml'))
    for (const { name } of commands) {
      const { code, stdout } = await world.run([...name.split(' '), '--help'])
      expect([code, stdout]).toEqual([0, expect.stringContaining(`qdrant-loader ${name}`)])
    }
    expect(await world.run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` })
  })
})

describe('--project, --source-type and --source', () => {
  let shared: EffectsWorld
  let runs: readonly Report[]
  const selections = [
    [[], ['a/git/one', 'a/git/two', 'a/probe/one', 'b/git/one']],
    [['--project', 'a'], ['a/git/one', 'a/git/two', 'a/probe/one']],
    [['--source-type', 'git'], ['a/git/one', 'a/git/two', 'b/git/one']],
    [['--source', 'one'], ['a/git/one', 'a/probe/one', 'b/git/one']],
    [['--project', 'a', '--source-type', 'git', '--source', 'one'], ['a/git/one']],
  ] as const

  beforeAll(async () => {
    shared = createEffectsWorld()
    const probe = installProbe(shared)
    shared.configure(`${GOOD.split('sources:')[0]}  ingestion: { batch: { retry_attempts: 0 } }
projects:
  a: { sources: { git: { one: { base_url: ./repository }, two: { base_url: ./repository } }, probe: { one: { package: probe-connector } } } }
  b: { sources: { git: { one: { base_url: ./repository } } } }
`)
    // Every source gets a failure, so that there is something to list: an unreadable text in git, a failing read here.
    probe.onFetch = (id) => {
      if (id === 'three') throw new Error('unreadable')
    }
    await shared.run(['sync'])
    runs = (await shared.json(['history', '--limit', '100'])).runs as readonly Report[]
  })
  afterAll(() => expect(runs).toHaveLength(4))

  const labels = (rows: readonly Report[]): string[] => [...new Set(rows.map(({ project, source_type, source }) => `${project}/${source_type}/${source}`))].sort()

  test.each(selections)('%j select %j', async (words, expected) => {
    const sorted = [...expected].sort()
    const rows: Record<string, readonly Report[]> = {
      plan: (await shared.json(['plan', ...words])).sources,
      'sync --dry-run': (await shared.json(['sync', '--dry-run', ...words])).sources,
      status: (await shared.json(['status', ...words])).sources,
      verify: (await shared.json(['verify', ...words])).sources,
      history: (await shared.json(['history', ...words])).runs,
      search: (await shared.json(['search', 'text guide', '--mode', 'vector', '--limit', '50', ...words])).results,
      export: (await shared.points(words)).map(({ payload }) => ({ ...payload, project: payload.project_id })),
    }
    for (const [command, found] of Object.entries(rows)) expect([command, labels(found)]).toEqual([command, sorted])
    const checked = ((await shared.json(['doctor', ...words])).checks as { check: string }[]).map(({ check }) => check)
    expect(checked.length - sorted.length).toBe(4)
    const failed = (await shared.json(['failures', ...words])).failures as readonly Report[]
    expect(labels(failed)).toEqual(sorted.filter((label) => label.includes('probe')))
  })

  test('every command that has them is looked at above', () => {
    const looked = ['sync', 'plan', 'status', 'history', 'failures', 'search words', 'export', 'doctor', 'verify']
    expect(commandsWith('source').map((words) => words.join(' ')).sort()).toEqual(looked.sort())
  })
})

describe('sync and plan', () => {
  test('--full lists everything, --incremental and nothing ask for what changed, and the two exclude each other', async () => {
    const probe = installProbe(world)
    world.configure(`${GOOD.split('sources:')[0]}sources: { probe: { docs: { package: probe-connector } } }\n`)
    await world.run(['sync'])
    for (const command of ['sync', 'plan']) {
      probe.detections.splice(0)
      for (const words of [['--full'], ['--incremental'], []]) expect(await world.json([command, ...words])).toMatchObject({ code: 0, mode: words[0] === '--full' ? 'full' : 'incremental' })
      expect(probe.detections.map(({ asked }) => asked)).toEqual(['full', 'incremental', 'incremental'])
      expect(await world.json([command, '--full', '--incremental'])).toMatchObject({ code: 2, error: { code: 'usage' } })
    }
  })

  test('--dry-run changes nothing, and is what plan does', async () => {
    for (const words of [['plan'], ['sync', '--dry-run']]) {
      expect(await world.json(words)).toMatchObject({ code: 0, dry_run: true, sources: [{ changes: [{ action: 'add' }, { action: 'add' }] }] })
      expect(existsSync(path.join(world.folder, 'state.db'))).toBe(false)
    }
    expect(await world.json(['sync', '--dry-run', '--watch'])).toMatchObject({ code: 2 })
    expect(await world.json(['sync'])).toMatchObject({ dry_run: false })
  })

  test('--watch goes on until it is stopped', async () => {
    const probe = installProbe(world)
    world.configure(`${GOOD.split('sources:')[0]}  change_detection: { interval: 1s }\nsources: { probe: { docs: { package: probe-connector } } }\n`)
    const stop = new AbortController()
    const watching = world.run(['sync', '--watch', '--json'], { signal: stop.signal })
    await vi.waitUntil(() => probe.detections.length > 0, { timeout: 20_000 })
    probe.documents.push('four')
    await vi.waitUntil(() => probe.detections.length > 2, { timeout: 20_000 })
    stop.abort(new InterruptedError('SIGINT'))
    expect((await watching).code).toBe(130)
    expect(await world.documents()).toContain('four')
  })

  test('--allow-mass-delete applies what is held', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `pages/${index}.md`)
    world.commit(Object.fromEntries(names.map((name) => [name, `Text of ${name}.\n`])))
    await world.run(['sync'])
    world.commit(Object.fromEntries(names.map((name) => [name, undefined])))
    expect(await world.json(['sync'])).toMatchObject({ code: 6, totals: { documents: { held: 30, deleted: 0 } } })
    expect(await world.json(['sync', '--allow-mass-delete'])).toMatchObject({ code: 0, totals: { documents: { deleted: 30 } } })
  })

  test('without any source there is nothing to sync, which is an error of the configuration', async () => {
    for (const yaml of [GOOD.split('sources:')[0] ?? '', 'sources: {}\n', 'projects: { a: { sources: { git: {} } } }\n']) {
      world.configure(yaml)
      for (const words of [['sync'], ['plan'], ['sync', '--watch']]) {
        expect(await world.json(words)).toMatchObject({ code: 2, error: { code: 'no_sources', message: expect.stringContaining('qdrant-loader.yaml') } })
      }
    }
  })
})

describe('flags of single commands', () => {
  test('--limit bounds what history, failures and search list', async () => {
    const probe = installProbe(world)
    world.configure(`${GOOD.split('sources:')[0]}sources: { probe: { docs: { package: probe-connector } } }\n`)
    probe.documents = Array.from({ length: 12 }, (_, index) => `document ${index}`)
    probe.onFetch = (id) => {
      if (['document 0', 'document 1'].includes(id)) throw new Error('unreadable')
    }
    await world.run(['sync'])
    await world.run(['sync'])
    for (const [words, rows, all] of [[['history'], 'runs', 2], [['failures'], 'failures', 2], [['search', 'text'], 'results', 5]] as const) {
      expect((await world.json(words))[rows]).toHaveLength(all)
      expect((await world.json([...words, '--limit', '1']))[rows]).toHaveLength(1)
    }
    expect((await world.json(['search', 'text', '--limit', '8'])).results).toHaveLength(8)
    expect(commandsWith('limit').map(([name]) => name)).toEqual(['history', 'failures', 'search'])
  })

  test('--mode decides how is searched', async () => {
    await world.run(['sync'])
    for (const mode of ['vector', 'keyword', 'fused']) expect(await world.json(['search', 'install', '--mode', mode])).toMatchObject({ code: 0, mode })
    expect((await world.json(['search', 'install', '--mode', 'keyword'])).results).toHaveLength(1)
    expect((await world.json(['search', 'install', '--mode', 'vector'])).results).toHaveLength(2)
    expect(await world.json(['search', 'install'])).toMatchObject({ mode: 'fused' })
  })

  test('--no-vectors leaves the vectors out of the export', async () => {
    await world.run(['sync'])
    expect((await world.points()).map(({ vector }) => vector?.length)).toEqual([32, 32])
    expect((await world.points(['--no-vectors'])).map((point) => 'vector' in point)).toEqual([false, false])
  })

  test('--repair mends what verify finds, and --allow-mass-delete lets it remove many points that nobody knows', async () => {
    await world.run(['sync'])
    const store = new EmbeddedVectorStore({ path: path.join(world.folder, 'state.points.db') })
    const live = new AbortController().signal
    await store.peek(live)
    for await (const { id, payload, vector } of store.scroll({ document_id: 'guide.md' }, { payload: true, vector: true }, live)) {
      if (payload === undefined || vector === undefined) throw new Error('a point came back incomplete')
      const foreign = Array.from({ length: 30 }, (_, index) => ({ id: randomUUID(), vector, payload: { ...payload, document_id: `foreign ${index}` } }))
      await store.upsert(foreign, live)
      await store.delete([id], live)
    }
    await store.close()
    const found = { points: { missing: 1, orphaned: 30 } }
    expect(await world.json(['verify'])).toMatchObject({ code: 5, status: 'different', totals: found })
    expect(await world.json(['verify', '--repair'])).toMatchObject({
      code: 6, totals: found, sources: [{ repair: { sync: { points: { upserted: 1, deleted: 0 } }, left: { missing: 0, orphaned: 30 } } }],
    })
    expect(await world.documents()).toHaveLength(32)
    expect(await world.json(['verify', '--repair', '--allow-mass-delete'])).toMatchObject({ code: 0, status: 'repaired' })
    expect(await world.documents()).toEqual(['guide.md', 'notes.txt'])
    expect(await world.json(['verify', '--allow-mass-delete'])).toMatchObject({ code: 2, status: 'failed', sources: [], error: { code: 'usage' } })
  })

  test('--force overwrites', async () => {
    const written = () => readFileSync(path.join(world.folder, 'qdrant-loader.yaml'), 'utf8')
    expect(await world.json(['init'])).toMatchObject({ code: 2, error: { code: 'init_exists' } })
    expect(written()).toBe(GOOD)
    expect(await world.json(['init', '--force'])).toMatchObject({ code: 0 })
    expect(written()).not.toBe(GOOD)
  })
})
