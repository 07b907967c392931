import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { GitSimulator } from '@qdrant-loader/simulators'
import { expect, it } from 'vitest'
import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { caches, repository, server, stageWithServer } from './stage.ts'
import { held } from './sync-host.ts'
import type { GitHost } from './sync-host.ts'
import type { TestFiles } from './test-repository.ts'

stageWithServer({ filters: true })

/** Text that does not compress. */
function noise(seed: number, bytes: number): string {
  let text = ''
  for (let at = 0; text.length < bytes; at += 1) text += createHash('sha512').update(`${seed} ${at}`).digest('base64url')
  return text.slice(0, bytes)
}

/** Pages and pictures, both rewritten in each of so many commits. */
async function commitHistory(commits: number): Promise<void> {
  const pages = (at: number) => ({ [`docs/page-${at % 5}.md`]: `# Page\n\n${noise(at, 2_000)}`, [`pictures/${at % 5}.svg`]: noise(1_000 + at, 20_000) })
  await repository.commitAll(Array.from({ length: commits }, (_, at) => pages(at)))
}

async function expectAsFromPath(host: GitHost, config: object): Promise<void> {
  const clean = caches.host({ ...config, base_url: repository.path })
  await clean.sync()
  const withoutUrl = (documents: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(documents).map(([id, document]) => [id, { ...(document as object), location: null, metadataVersion: null }]))
  expect(withoutUrl(held(host))).toEqual(withoutUrl(held(clean)))
}

it('G1: a remote that offers filters gives the files that are selected, in one fetch, and no others', async () => {
  await commitHistory(60)
  const config = { include_paths: 'docs' }
  const whole = await GitSimulator.start(repository.path)
  const host = caches.host({ base_url: server.url, ...config })
  const { requests } = await host.sync()
  // Names, commits and folders, files.
  expect(requests.source).toBe(3)
  const partial = server.bytesSent
  await expectAsFromPath(host, config)
  await repository.git('config', 'uploadpack.allowFilter', 'false')
  try {
    const other = caches.host({ base_url: whole.url, ...config })
    expect((await other.sync()).requests.source).toBe(2)
    await expectAsFromPath(other, config)
    expect(whole.bytesSent).toBeGreaterThan(1_000_000)
    expect(partial).toBeLessThan(whole.bytesSent / 10)
  } finally {
    await whole.close()
  }
})

it('G1: an update fetches what changed, and a listing of everything fetches nothing again, also without the cache', async () => {
  await commitHistory(10)
  const config = { base_url: server.url, include_paths: 'docs' }
  const host = caches.host(config, { cache: 'one' })
  await host.sync()
  expect((await host.sync()).requests).toEqual({ source: 1, content: 0 })
  await repository.commit({ 'docs/page-0.md': '# Page\n\nrewritten' })
  expect(await host.sync()).toMatchObject({ requests: { source: 2, content: 1 }, loaded: ['docs/page-0.md'] })
  expect((await host.sync({ listingDue: true })).requests).toEqual({ source: 1, content: 0 })
  await expectAsFromPath(host, { include_paths: 'docs' })
  const again = caches.host(config, { cache: 'two' })
  for (const [id, document] of host.documents) (again.documents as Map<string, typeof document>).set(id, document)
  again.cursor = host.cursor
  expect((await again.sync({ listingDue: true })).requests).toEqual({ source: 2, content: 0 })
})

it('G1: what is too large is known before it is a document', async () => {
  await repository.commit({ 'a.md': 'small', 'b.md': noise(1, 5_000) })
  const host = caches.host({ base_url: server.url, max_file_size: '4KB' })
  const { changes } = await host.sync()
  expect(changes).toContainEqual({ kind: 'skip', id: 'b.md', reason: 'too-large' })
  expect([...host.texts.keys()]).toEqual(['a.md'])
  await repository.commit({ 'c.md': noise(2, 5_000), 'b.md': 'shorter' })
  expect((await host.sync()).changes).toContainEqual({ kind: 'skip', id: 'c.md', reason: 'too-large' })
  await expectAsFromPath(host, { max_file_size: '4KB' })
})

it('G1: a server that gives only what has a name gives everything', async () => {
  server.oldProtocol = true
  await commitHistory(5)
  const host = caches.host({ base_url: server.url })
  await host.sync()
  await expectAsFromPath(host, {})
  await repository.commit({ 'docs/page-0.md': 'rewritten' })
  await host.sync()
  await expectAsFromPath(host, {})
})

it('G1: a first fetch that takes longer than the limit of silence goes on while data come', { timeout: 60_000 }, async () => {
  await repository.git('config', 'uploadpack.allowFilter', 'false')
  await commitHistory(5)
  server.bytesPerSecond = 40_000
  const host = caches.host({ base_url: server.url })
  const { said: activities } = await host.sync()
  // Silence is told from slowness by these.
  const received = activities.filter((activity) => /receiving \d+ %/.test(activity))
  expect(received.length).toBeGreaterThan(1)
  expect(received.some((activity) => /, [\d.]+ [KM]iB$/.test(activity))).toBe(true)
})

it('G9: the activity shown is the one going on: receiving with its share and size, then the history, then the files', async () => {
  await repository.git('config', 'uploadpack.allowFilter', 'false')
  await commitHistory(40)
  server.bytesPerSecond = 400_000
  const { said } = await caches.host({ base_url: server.url }).sync()
  const phase = (word: string): number => said.findLastIndex((activity) => activity.includes(word))
  expect(said.some((activity) => /receiving \d+ %.*, [\d.]+ [KM]iB$/.test(activity))).toBe(true)
  expect(phase('receiving')).toBeLessThan(phase('reading history'))
  // The history was read, so it is not what is shown while the files are.
  expect(phase('reading history')).toBeLessThan(phase('naming 5 files'))
})

it('G1: a first fetch that is killed is gone on with', { timeout: 120_000 }, async () => {
  // Enough that the whole does not come in one step.
  const files = (at: number): TestFiles => ({ [`docs/${at}.md`]: `page ${at}`, [`${noise(at, 30)}/${noise(at + 7, 30)}.md`]: 'x' })
  await repository.commitAll(Array.from({ length: 160 }, (_, at) => files(at)))
  const measured = caches.host({ base_url: server.url, include_paths: 'docs' }, { cache: 'measured' })
  await measured.sync()
  const whole = server.bytesSent
  const cache = join(caches.folder, 'killed')
  const posts = () => server.seen.filter(({ method }) => method === 'POST').length
  const before = posts()
  server.bytesPerSecond = 20_000
  const child = spawn(process.execPath, ['--conditions=@qdrant-loader/source', join(import.meta.dirname, 'sync-child.ts'), cache, server.url], {
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  // Names and the first step are there, and the next step has begun.
  while (posts() < before + 4 && child.exitCode === null) await delay(20)
  await delay(200)
  expect(child.exitCode).toBeNull()
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('close', resolve))
  server.bytesPerSecond = undefined
  await delay(300)
  server.resetCounters()
  const host = caches.host({ base_url: server.url, include_paths: 'docs' }, { cache: 'killed' })
  await host.sync()
  expect(server.bytesSent).toBeLessThan(whole * 0.8)
  await expectAsFromPath(host, { include_paths: 'docs' })
  expect((await readdir(cache)).filter((name) => name.includes('.new-'))).toEqual([])
})

it('G1: a fetch that is cut off again and again takes smaller steps, and arrives', { timeout: 60_000 }, async () => {
  await repository.commitAll(Array.from({ length: 150 }, (_, at) => ({ [`docs/${at % 20}.md`]: noise(at, 400) })))
  const host = caches.host({ base_url: server.url }, { cache: 'cut' })
  // Nothing larger than this ever comes through.
  server.faults.stay({ kind: 'truncate', how: 'chunked', after: 18_000 }, { route: (line) => line.startsWith('POST'), after: 1 })
  let runs = 0
  for (; runs < 8; runs += 1) {
    const error = await host.sync().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (error === undefined) break
    expect(await loaderErrorOf(Promise.reject(error as Error))).toMatchObject({ kind: 'transient' })
  }
  expect(runs).toBeGreaterThan(0)
  expect(host.texts.size).toBe(20)
})
