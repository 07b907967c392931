import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { createUserWorld, GOOD } from './user-world.ts'
import type { UserWorld } from './user-world.ts'

vi.setConfig({ testTimeout: 120_000 })

/** A slow server with OpenAI's interface that counts what it is given. */
class SlowEmbedder {
  inputs: string[] = []
  delayMs = 100
  readonly #server: Server = createServer((request, response) => {
    void (async () => {
      const { input } = JSON.parse(await text(request)) as { input: string[] }
      this.inputs.push(...input)
      await wait(this.delayMs)
      const data = input.map((each, index) => ({ index, embedding: Array.from({ length: 16 }, (_, at) => 1 + ((each.charCodeAt(at % each.length) * (at + 1)) % 97)) }))
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ data, model: 'slow' }))
    })()
  })

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

let embedder: SlowEmbedder
afterEach(() => embedder.close())

const PAGES = 60

async function createSlowWorld(): Promise<UserWorld> {
  embedder = new SlowEmbedder()
  const url = await embedder.start()
  const world = createUserWorld()
  const embedding = `  embedding: { provider: openai, model: slow, base_url: "${url}", dimensions: 16, batch_size: 8, max_concurrency: 2 }`
  world.configure(GOOD.replace(/^ *embedding:.*$/m, embedding).replace('global:', 'global:\n  ingestion: { batch: { size: 10 } }'))
  const section = (page: number, at: number): string => `## Part ${at} of ${page}\n\n${`Sentence of part ${at} on page ${page} with a few words. `.repeat(30)}\n`
  world.commit(Object.fromEntries(Array.from({ length: PAGES }, (_, page) => [`p${page}.md`, `# Page ${page}\n\n${[0, 1, 2].map((at) => section(page, at)).join('\n')}`])))
  return world
}

test('U3: after Ctrl-C the counts of the message are true, status tells it, and the next run embeds nothing of it again', async () => {
  const world = await createSlowWorld()
  const { child, ended } = world.start(['sync', '--json'])
  while (embedder.inputs.length < 90) await wait(20)
  child.kill('SIGINT')
  const stopped = await ended
  expect([stopped.code, stopped.stderr]).toEqual([130, expect.any(String)])
  const report = JSON.parse(stopped.stdout) as { status: string; totals: { documents: { added: number }; chunks: { embedded: number; unfinished: number } } }
  const { documents, chunks } = report.totals
  expect(report.status).toBe('stopped')
  expect(documents.added).toBeGreaterThan(0)
  const said = /Stopped\. (\d+) documents?(?: and (\d+) chunks? of others)? of this run are kept/.exec(stopped.stderr)
  expect([Number(said?.[1]), Number(said?.[2] ?? 0)]).toEqual([documents.added, chunks.unfinished])

  const { sources } = JSON.parse((await world.run(['status', '--json'])).stdout) as { sources: { documents: number; chunks: number; last_run: { status: string } }[] }
  expect(sources).toMatchObject([{ documents: documents.added, last_run: { status: 'stopped' }, last_success_at: null }])
  expect((await world.run(['status'])).stdout).toMatch(/stopped .* ago/)
  const exported = (await world.exported()).length
  expect(exported).toBe((sources[0]?.chunks ?? 0) + chunks.unfinished)

  embedder.delayMs = 0
  const sent = embedder.inputs.length
  expect(await world.run(['sync', '--json'])).toMatchObject({ code: 0 })
  const all = new Set(embedder.inputs).size
  expect(embedder.inputs.length - sent).toBe(all - chunks.embedded)
  // What was at the embedder when it was stopped: two requests of eight.
  expect(embedder.inputs.length).toBeLessThanOrEqual(all + 16)
})

test('U14: before any sync, verify says so instead of "equal"; a repository without a commit is said to be empty', async () => {
  embedder = new SlowEmbedder()
  const world = createUserWorld()
  world.configure(GOOD)
  const before = await world.run(['verify', '--json'])
  expect([before.code, JSON.parse(before.stdout)]).toMatchObject([5, { status: 'unsynced', sources: [{ status: 'unsynced' }] }])
  expect(before.stderr).toContain('it has not been synced yet')
  execFileSync('git', ['-C', world.repository, 'update-ref', '-d', 'refs/heads/main'])
  const synced = await world.run(['sync'])
  expect([synced.code, synced.stdout]).toEqual([0, expect.stringContaining('has no documents')])
  expect(await world.run(['verify'])).toMatchObject({ code: 0 })
})
