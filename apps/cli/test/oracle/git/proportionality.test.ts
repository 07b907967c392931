import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanBuild, gitBench } from './git-bench.ts'
import { type Entry, GitWorld, type Tree } from './git-world.ts'
import { randomFrom } from './random-history.ts'
import type { SyncBench } from '../sync-bench.ts'

// Counted at the embedder and the store themselves, not by the report.

let world: GitWorld
let bench: SyncBench

beforeEach(async () => {
  world = new GitWorld()
  bench = await gitBench(world, {}, 100)
})

afterEach(async () => {
  await bench.close()
  world.remove()
})

function file(text: string): Entry {
  return { kind: 'file', content: Buffer.from(text) }
}

function words(random: () => number, count: number): string {
  return Array.from({ length: count }, () => Math.floor(random() * 36 ** 4).toString(36)).join(' ')
}

/** Paragraphs of `shortest` to `longest` words. */
function paragraphs(seed: number, count: number, shortest: number, longest: number): string[] {
  const random = randomFrom(seed)
  return Array.from({ length: count }, () => words(random, shortest + Math.floor(random() * (longest - shortest + 1))))
}

async function commit(files: Readonly<Record<string, string>> | Tree): Promise<void> {
  world.commit(files instanceof Map ? files : new Map(Object.entries(files).map(([path, text]) => [path, file(text)])))
  world.flush()
}

async function sync(): Promise<void> {
  const report = await bench.sync()
  expect(report.status, JSON.stringify(report.sources[0]?.error)).toBe('succeeded')
}

describe('the work is proportional to the change', () => {
  it('an unchanged run fetches, embeds and writes nothing', async () => {
    await commit({ 'a.md': '# A\n\ntext', 'b.txt': 'text' })
    await sync()
    const report = await bench.sync()
    expect({ ...bench.counts, content: report.totals.requests.content }).toEqual({
      embedded: 0,
      upserted: 0,
      payloads: 0,
      deleted: 0,
      content: 0,
    })
  })

  describe.each([
    { shortest: 5, longest: 15 },
    { shortest: 20, longest: 60 },
    { shortest: 5, longest: 200 },
  ])('with paragraphs of $shortest to $longest words', ({ shortest, longest }) => {
    it.each([1, 2, 3])('one paragraph edited in a file of 100 embeds at most 2 inputs (text %i)', async (seed) => {
      const text = paragraphs(seed, 100, shortest, longest)
      await commit({ 'a.txt': text.join('\n\n') })
      await sync()
      const at = Math.floor(randomFrom(seed)() * 100)
      text[at] = `${text[at]?.split(' ').slice(0, -1).join(' ')} edited`
      await commit({ 'a.txt': text.join('\n\n') })
      await sync()
      expect(bench.counts.embedded).toBeGreaterThan(0)
      expect(bench.counts.embedded).toBeLessThanOrEqual(2)
    })

    it.each([1, 2, 3])('one inserted above 200 without any heading embeds at most 3 inputs (text %i)', async (seed) => {
      const text = paragraphs(seed, 200, shortest, longest)
      await commit({ 'a.txt': text.join('\n\n') })
      await sync()
      await commit({ 'a.txt': [words(randomFrom(seed + 1_000), shortest), ...text].join('\n\n') })
      await sync()
      expect(bench.counts.embedded).toBeGreaterThan(0)
      expect(bench.counts.embedded).toBeLessThanOrEqual(3)
    })
  })

  it('one paragraph edited in a Markdown file of 100 paragraphs embeds at most 2 inputs', async () => {
    const text = paragraphs(7, 100, 20, 60).flatMap((paragraph, index) => (index % 10 === 0 ? [`## Part ${index}`, paragraph] : [paragraph]))
    await commit({ 'a.md': text.join('\n\n') })
    await sync()
    text[57] = `${text[57]} edited`
    await commit({ 'a.md': text.join('\n\n') })
    await sync()
    expect(bench.counts.embedded).toBeLessThanOrEqual(2)
  })

  it('renaming a folder of 2,000 files embeds nothing', { timeout: 120_000 }, async () => {
    const files = new Map(Array.from({ length: 2_000 }, (_, index) => [`old/${index % 20}/${index}.md`, file(`# File ${index}\n\nIts text.`)]))
    await commit(files)
    await sync()
    await commit(new Map([...files].map(([path, entry]) => [path.replace(/^old/, 'new'), entry])))
    const report = await bench.sync()
    expect(report.totals.documents).toMatchObject({ moved: 2_000, added: 0, deleted: 0, held: 0 })
    expect(bench.counts.embedded).toBe(0)
    expect(await bench.export()).toEqual(await cleanBuild(world))
  })

  it('a file that moves and is edited embeds only what is new in it', async () => {
    const text = paragraphs(3, 60, 20, 40)
    await commit({ 'old.txt': text.join('\n\n') })
    await sync()
    await commit({ 'deep/new.txt': [...text, 'one more paragraph at the end'].join('\n\n') })
    await sync()
    expect(bench.counts.embedded).toBeLessThanOrEqual(2)
    expect(await bench.export()).toEqual(await cleanBuild(world))
  })

  it('touching file times does nothing', async () => {
    await commit({ 'a.md': '# A\n\ntext' })
    await sync()
    utimesSync(join(world.directory, 'HEAD'), new Date(), new Date())
    await sync()
    expect({ ...bench.counts }).toEqual({ embedded: 0, upserted: 0, payloads: 0, deleted: 0 })
  })

  it('an empty commit does nothing', async () => {
    await commit({ 'a.md': '# A\n\ntext' })
    await sync()
    world.commit(world.tree)
    world.flush()
    await sync()
    expect({ ...bench.counts }).toEqual({ embedded: 0, upserted: 0, payloads: 0, deleted: 0 })
  })

  it('an edit and its revert between two syncs sets payloads at most', async () => {
    await commit({ 'a.md': '# A\n\ntext' })
    await sync()
    await commit({ 'a.md': '# A\n\nother text' })
    await commit({ 'a.md': '# A\n\ntext' })
    await sync()
    expect(bench.counts).toMatchObject({ embedded: 0, upserted: 0, deleted: 0 })
    expect(await bench.export()).toEqual(await cleanBuild(world))
  })

  it('rewritten commit messages and times embed nothing', async () => {
    await commit({ 'a.md': '# A\n\ntext', 'b.md': '# B\n\ntext' })
    await commit({ 'a.md': '# A\n\nmore text', 'b.md': '# B\n\ntext' })
    await sync()
    const { tree } = world
    world.rewind(1)
    world.commit(tree, 5_000)
    world.flush()
    await sync()
    expect(bench.counts).toMatchObject({ embedded: 0, upserted: 0, deleted: 0 })
    expect(await bench.export()).toEqual(await cleanBuild(world))
  })
})

describe('deletion', () => {
  it('removes the points of a deleted file and the tail of a shrunken one', async () => {
    const text = paragraphs(1, 50, 20, 40)
    await commit({ 'gone.txt': text.join('\n\n'), 'shrunk.txt': text.join('\n\n') })
    await sync()
    await commit({ 'shrunk.txt': text.slice(0, 3).join('\n\n') })
    await sync()
    const points = await bench.export()
    expect(new Set(points.map((point) => point.payload.document_id))).toEqual(new Set(['shrunk.txt']))
    expect(points).toEqual(await cleanBuild(world))
  })
})
