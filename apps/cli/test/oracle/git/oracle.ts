import { expect } from 'vitest'
import { advance, randomFrom } from './random-history.ts'
import { cleanBuild, gitBench } from './git-bench.ts'
import { type Entry, GitWorld, type Tree } from './git-world.ts'
import { wayOf } from './way.ts'
import type { Way } from './way.ts'
import type { ExportedPoint, SyncBench } from '../sync-bench.ts'

/** The configuration under which histories run: some files are left out by each kind of rule. */
export const ORACLE_CONFIG = { exclude_paths: ['src/a*'], file_types: ['*.md', '*.txt', '*.ts', '*.py', '*.MD'], max_file_size: '20KB' }

/** More than faults that come apart can use up. */
const RETRIES = 5

/** Runs one random history: syncs at random points, and compares with the world and with a clean build after each. */
export async function runHistory(seed: number): Promise<void> {
  const random = randomFrom(seed)
  const world = new GitWorld()
  let bench: SyncBench | undefined
  let way: Way | undefined
  try {
    advance(world, random)
    way = await wayOf(seed, world)
    const config = { ...ORACLE_CONFIG, ...way.config }
    bench = await gitBench(world, config, undefined, RETRIES)
    way.disturb(true)
    const rounds = 2 + Math.floor(random() * 3)
    for (let round = 0; round < rounds; round += 1) {
      const report = await bench.sync(random() < 0.1 ? { mode: 'full' } : {})
      const where = `seed ${seed} from ${way.name}, round ${round}`
      expect(report.status, `${where}: ${JSON.stringify(report.sources[0]?.error)}`).toBe('succeeded')
      advance(world, random)
      way.settle()
    }
    expect((await bench.sync()).status, `seed ${seed}, last sync`).toBe('succeeded')
    way.disturb(false)
    const clean = await cleanBuild(world, config)
    expectWorld(clean, world.tree, seed)
    expect(await bench.export(), `seed ${seed}: incremental against clean`).toEqual(clean)
    expect(await unchangedRun(bench), `seed ${seed}: a run without a change`).toEqual({ embedded: 0, upserted: 0, payloads: 0, deleted: 0 })
  } finally {
    await bench?.close()
    await way?.stop()
    world.remove()
  }
}

async function unchangedRun(bench: SyncBench): Promise<object> {
  await bench.sync()
  return { ...bench.counts }
}

/** Exactly the selected files, and no line of their text missing. */
function expectWorld(points: readonly ExportedPoint[], tree: Tree, seed: number): void {
  const texts = new Map<string, string>()
  for (const { payload } of [...points].sort((a, b) => a.payload.chunk_index - b.payload.chunk_index)) {
    texts.set(payload.document_id, `${texts.get(payload.document_id) ?? ''}\n${payload.content}`)
  }
  const expected = new Map([...tree].flatMap(([path, entry]) => {
    const text = isSelected(path) ? textOf(entry) : undefined
    return text === undefined || text.trim() === '' ? [] : [[path, text] as const]
  }))
  expect([...texts.keys()].sort(), `seed ${seed}: documents of a clean build`).toEqual([...expected.keys()].sort())
  for (const [path, text] of expected) {
    const content = (texts.get(path) ?? '').replace(/\s+/g, ' ')
    for (const line of text.split(/\r\n|\r|\n/)) {
      expect(content, `seed ${seed}: ${path} lacks a line`).toContain(line.trim().replace(/\s+/g, ' '))
    }
  }
}

/** An implementation of the configuration above that owes nothing to the connector. A folder stands for all in it. */
function isSelected(path: string): boolean {
  const name = path.split('/').at(-1) ?? ''
  return /\.(md|txt|ts|py)$/i.test(name) && !path.startsWith('src/a')
}

/** The text of an entry as a reader sees it; undefined for what is no document. */
function textOf(entry: Entry): string | undefined {
  if (entry.kind !== 'file' || entry.content.length > 20_000) return undefined
  const { content } = entry
  if (content[0] === 0xff && content[1] === 0xfe) return content.subarray(2).toString('utf16le')
  if (content.subarray(0, 8_000).includes(0)) return undefined
  if (content.toString('latin1').startsWith('version https://git-lfs.github.com/spec/v1\n')) return undefined
  const withoutMark = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf ? content.subarray(3) : content
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(withoutMark)
  } catch {
    return withoutMark.toString('latin1')
  }
}
