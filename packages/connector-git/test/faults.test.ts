import { execFileSync } from 'node:child_process'
import { chmod, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { SharedFault } from '@qdrant-loader/simulators'
import { describe, expect, it } from 'vitest'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { caches, repository, server, stageWithServer } from './stage.ts'

stageWithServer({ filters: true })

describe('G2: what fails for a passing reason is tried again', () => {
  const faults: [string, SharedFault][] = [
    ['a 503', { kind: 'status', status: 503 }],
    ['a 502', { kind: 'status', status: 502 }],
    ['a 429 with Retry-After', { kind: 'status', status: 429, retryAfter: '0' }],
    ['a connection that is reset', { kind: 'drop' }],
    ['an answer that is cut off', { kind: 'truncate', how: 'chunked', after: 40 }],
  ]
  it.each(faults)('%s, at the first request of a first sync and at the last', async (_name, fault) => {
    await repository.commit({ 'a.md': 'one', 'b.md': 'two' })
    await caches.host({ base_url: server.url }).sync()
    for (const at of [1, server.requestCount]) {
      server.faults.add(fault, { after: at - 1 })
      const host = caches.host({ base_url: server.url })
      await host.sync()
      expect([...host.texts.values()], `at request ${at}`).toEqual(['one', 'two'])
    }
  })

  it('Retry-After of a 429 and of a 503 is waited for, and said', async () => {
    await repository.commit({ 'a.md': 'one' })
    for (const status of [429, 503]) {
      server.faults.add({ kind: 'status', status, retryAfter: '1' })
      const started = performance.now()
      const { said } = await caches.host({ base_url: server.url }).sync()
      expect(performance.now() - started).toBeGreaterThan(1_000)
      expect(said.some((words) => words.startsWith('waiting 1 s before asking again'))).toBe(true)
    }
  })

  it('what stays ends the run as unreachable, after few requests, and deletes nothing', async () => {
    await repository.commit({ 'a.md': 'one' })
    const host = caches.host({ base_url: server.url })
    await host.sync()
    const before = server.requestCount
    server.faults.stay({ kind: 'status', status: 503 })
    expect(await loaderErrorOf(host.sync())).toMatchObject({ code: 'git_unreachable', kind: 'transient' })
    expect(server.requestCount - before).toBeLessThanOrEqual(30)
    expect(host.texts.size).toBe(1)
    expect(await loaderErrorOf(caches.host({ base_url: server.url }).sync())).toMatchObject({ code: 'git_unreachable', kind: 'transient' })
  })
})

describe('G3: an answer that is not Git’s protocol', () => {
  const pages: [string, { status: number; headers?: Record<string, string>; body?: string }, RegExp][] = [
    ['a login page of one line', { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html><title>Sign in to Example</title><body>…</body></html>' }, /a page of type text\/html that begins "Sign in to Example"/],
    ['a login page of many lines', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>\n<head>\n<title>Sign in</title>\n</head>\n' }, /a page of type text\/html that begins "Sign in"/],
    ['a page without a title', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body><p>Please log in.</p></body></html>' }, /begins "Please log in\."/],
    ['nothing', { status: 200 }, /an empty page \(status 200\)/],
    ['nothing, as text', { status: 200, headers: { 'content-type': 'text/plain' } }, /an empty page of type text\/plain/],
    ['a sentence', { status: 200, headers: { 'content-type': 'text/plain' }, body: 'Access through the portal only' }, /begins "Access through the portal only"/],
  ]
  it.each(pages)('%s is an error that says what came back, for a sync and for doctor', async (_name, page, said) => {
    server.faults.stay({ kind: 'answer', body: '', ...page })
    for (const ask of [() => caches.host({ base_url: server.url }).sync(), () => caches.check({ base_url: server.url })]) {
      const error = await loaderErrorOf(ask())
      expect(error).toMatchObject({ code: 'git_not_git', kind: 'config' })
      expect(error.message).toMatch(said)
    }
  })

  it.each(pages)('%s where a repository was before deletes nothing', async (_name, page, said) => {
    await repository.commit({ 'a.md': 'one' })
    const host = caches.host({ base_url: server.url })
    await host.sync()
    server.faults.stay({ kind: 'answer', body: '', ...page })
    expect((await loaderErrorOf(host.sync())).message).toMatch(said)
    server.heal()
    await host.sync()
    expect(host.texts.size).toBe(1)
  })

  it.each([0, 20, 30, 40, 50, 200])('a secret that the page repeats is not repeated, wherever it stands: after %i characters', async (before) => {
    const body = `<html>${' '.repeat(before)}<p>Your token s3cret-token-x is not valid</p>`
    server.faults.stay({ kind: 'answer', status: 200, contentType: 'text/html', body })
    const error = await loaderErrorOf(caches.host({ base_url: server.url, token: 's3cret-token-x' }).sync())
    expect(error.code).toBe('git_not_git')
    expect(error.message).toContain('begins "Your token *** is not valid"')
  })

  it('an empty repository is said to be one, when it speaks the protocol', async () => {
    expect(await caches.check({ base_url: server.url })).toContain('is an empty repository: it has no commits yet')
    expect((await caches.host({ base_url: server.url }).sync()).changes.map(({ kind }) => kind)).toEqual(['complete'])
  })

  it('a plain file server with a repository on it is read', async () => {
    await repository.commit({ 'a.md': 'one' })
    await repository.git('update-server-info')
    const files = createServer((request, response) => {
      const path = join(repository.path, decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname.slice('/repo.git/'.length)))
      try {
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(execFileSync('cat', [path], { stdio: 'pipe' }))
      } catch {
        response.writeHead(404).end()
      }
    })
    await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
    try {
      const host = caches.host({ base_url: `http://127.0.0.1:${(files.address() as AddressInfo).port}/repo.git` })
      await host.sync()
      expect([...host.texts.values()]).toEqual(['one'])
    } finally {
      files.closeAllConnections()
      await new Promise((resolve) => files.close(resolve))
    }
  })
})

describe('one file that cannot be given', () => {
  const FILES = Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`page-${at}.md`, `The text of page ${at}.`]))

  /** Each blob is a file of its own, so that one can be broken. */
  async function loose(): Promise<string> {
    await repository.commit(FILES)
    const packs = join(repository.path, 'objects', 'pack')
    for (const name of (await readdir(packs)).filter((file) => file.endsWith('.pack'))) {
      const kept = join(repository.path, name)
      execFileSync('mv', [join(packs, name), kept])
      await rm(join(packs, name.replace('.pack', '.idx')), { force: true })
      execFileSync('sh', ['-c', `git unpack-objects -q < '${kept}'`], { cwd: repository.path })
    }
    const blob = await repository.git('rev-parse', 'main:page-77.md')
    return join(repository.path, 'objects', blob.slice(0, 2), blob.slice(2))
  }

  const damages: [string, (file: string) => Promise<void>][] = [
    ['missing', (file) => rm(file)],
    ['empty', async (file) => (await chmod(file, 0o644), await writeFile(file, ''))],
    ['corrupt', async (file) => (await chmod(file, 0o644), await writeFile(file, 'no zlib stream'))],
  ]
  const sides = ['a server', 'a server without filters', 'a folder']
  const cases = damages.flatMap(([name, damage], at) => sides.map((side) => [name, side, damage, at] as const))
  // A server that gives everything or nothing does so whatever is wrong with the object.
  it.each(cases.filter(([, side, , at]) => side !== 'a server without filters' || at === 0))(
    'a %s object of %s: the others are read, it is named, and once healed it is read',
    { timeout: 30_000 },
    async (_name, side, damage) => {
      const file = await loose()
      if (side === 'a server without filters') await repository.git('config', 'uploadpack.allowFilter', 'false')
      const base_url = side === 'a folder' ? repository.path : server.url
      const healthy = caches.host({ base_url })
      const counted = await healthy.sync()
      const requests = server.requestCount
      const whole = execFileSync('cat', [file])
      await damage(file)
      if (side === 'a server without filters') {
        // Such a server gives everything or nothing.
        expect(await loaderErrorOf(caches.host({ base_url }).sync())).toMatchObject({ code: 'git_repository_damaged', kind: 'transient' })
        return
      }
      const host = caches.host({ base_url }, { cache: 'damaged' })
      const { source, recording } = await host.open()
      const failed: string[] = []
      const read: string[] = []
      const signal = new AbortController().signal
      try {
        for await (const change of source.detector.detect({ mode: 'full', known: host.known }, signal)) {
          if (change.kind !== 'upsert') continue
          const { id } = change.stub
          await source.reader.read(change.stub, signal).then(
            () => read.push(id),
            (error: unknown) => failed.push(`${id} ${isLoaderError(error) ? error.kind : String(error)}`),
          )
        }
      } finally {
        await source.close(undefined)
      }
      expect(failed).toEqual(['page-77.md document'])
      expect(read).toHaveLength(129)
      expect(recording.requests.source).toBeLessThanOrEqual(1.5 * counted.requests.source + 20)
      if (side === 'a server') expect(server.requestCount - requests).toBeLessThanOrEqual(1.5 * requests + 20)
      await writeFile(file, whole)
      await host.sync()
      expect(host.texts.size).toBe(130)
    },
  )
})
