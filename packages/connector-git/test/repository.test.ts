import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connector } from '@qdrant-loader/connector-git'
import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { caches, repository, stage } from './stage.ts'
import { held } from './sync-host.ts'
import type { GitHost } from './sync-host.ts'

stage()

function source(options: { readonly cache?: string; readonly source?: string } = {}, config: Readonly<Record<string, unknown>> = {}): GitHost {
  return caches.host({ base_url: repository.path, ...config }, options)
}

async function expectClean(host: GitHost, config: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const clean = source({}, config)
  await clean.sync()
  expect(held(host)).toEqual(held(clean))
}

/** The kept copy in a cache folder. */
async function copyIn(cache: string): Promise<string> {
  const folder = join(caches.folder, cache)
  const [copy] = (await readdir(folder)).filter((name) => name.endsWith('.git'))
  return join(folder, copy ?? '')
}

it('an unchanged run is one conversation with the source', async () => {
  await repository.commit({ 'a.md': 'one' })
  const host = source()
  await host.sync()
  expect((await host.sync()).requests).toEqual({ source: 1, content: 0 })
})

it('keeps the indexed commit whatever happens to the branch, and lets go of older ones', async () => {
  await repository.commit({ 'a.md': 'one' })
  const host = source({ cache: 'kept' })
  await host.sync()
  for (const text of ['two', 'three']) {
    await repository.commit({ 'a.md': text }, { parent: null })
    await repository.git('reflog', 'expire', '--all', '--expire=now')
    await repository.git('gc', '--quiet', '--prune=now')
    expect((await host.sync()).listing).toBe('changes')
  }
  const copy = await copyIn('kept')
  const pins = await repository.git(`--git-dir=${copy}`, 'for-each-ref', '--format=%(objectname)', 'refs/qdrant-loader/pins')
  expect(pins).toBe(await repository.tip())
  await expectClean(host)
})

it('lists everything when the indexed commit is lost with the cache', async () => {
  await repository.commit({ 'a.md': 'one', 'b.md': 'b' })
  const host = source({ cache: 'lost' })
  await host.sync()
  await repository.commit({ 'a.md': 'two' }, { parent: null })
  await rm(join(caches.folder, 'lost'), { recursive: true })
  const { listing, loaded, deleted } = await host.sync()
  expect({ listing, loaded, deleted }).toEqual({
    listing: { everythingIn: ['tree'], configured: ['tree'] },
    loaded: ['a.md'],
    deleted: ['b.md'],
  })
  await expectClean(host)
})

it('a run that died on the way to a commit that is gone by now leaves nothing of it', async () => {
  const before = await repository.commit({ 'a.md': 'one', 'b.md': 'b' })
  const host = source()
  await host.sync()
  await repository.commit({ 'a.md': 'withdrawn', 'c.md': 'withdrawn' })
  await host.sync({ dieAfter: 2 })
  expect(host.texts.get('c.md')).toBe('withdrawn')
  await repository.git('update-ref', 'refs/heads/main', before)
  await host.sync()
  await expectClean(host)
})

it('a vanished branch is an error that names its neighbours, and deletes nothing', async () => {
  await repository.commit({ 'a.md': 'one' }, { branch: 'release-1' })
  await repository.commit({ 'a.md': 'one' })
  const host = source({}, { branch: 'release-1' })
  await host.sync()
  await repository.git('update-ref', '-d', 'refs/heads/release-1')
  await repository.commit({ 'a.md': 'one' }, { branch: 'release-2' })
  const error = await loaderErrorOf(host.sync())
  expect(error).toMatchObject({ code: 'git_branch_missing', kind: 'config' })
  expect(error.hint).toContain('such as: release-2, main')
  expect(host.texts.size).toBe(1)
})

it('another configured branch is compared with the old one, and reads only what differs', async () => {
  await repository.commit({ 'a.md': 'one', 'b.md': 'b' })
  const start = await repository.tip()
  await repository.commit({ 'a.md': 'two' }, { branch: 'next', parent: start ?? null })
  const host = source({ cache: 'shared' })
  await host.sync()
  const next = source({ cache: 'shared' }, { branch: 'next' })
  for (const [id, document] of host.documents) (next.documents as Map<string, typeof document>).set(id, document)
  next.cursor = host.cursor
  const { loaded, described } = await next.sync()
  expect({ loaded, described }).toEqual({ loaded: ['a.md'], described: [] })
  await expectClean(next, { branch: 'next' })
})

it('follows the default branch when none is configured', async () => {
  await repository.commit({ 'a.md': 'of main' })
  await repository.commit({ 'a.md': 'of trunk' }, { branch: 'trunk' })
  const host = source()
  await host.sync()
  await repository.git('symbolic-ref', 'HEAD', 'refs/heads/trunk')
  await host.sync()
  expect(host.texts.get('a.md')).toBe('of trunk')
  await repository.git('symbolic-ref', 'HEAD', 'refs/heads/nowhere')
  expect(await loaderErrorOf(host.sync())).toMatchObject({ code: 'git_branch_missing', kind: 'config' })
})

it('an empty repository is fine until documents of it are held', async () => {
  const host = source()
  expect((await host.sync()).changes.map(({ kind }) => kind)).toEqual(['complete'])
  expect((await host.sync()).requests.content).toBe(0)
  await repository.commit({ 'a.md': 'one' })
  await host.sync()
  expect(host.texts.size).toBe(1)
  await repository.git('update-ref', '-d', 'refs/heads/main')
  expect(await loaderErrorOf(host.sync())).toMatchObject({ code: 'git_repository_empty', kind: 'config' })
  expect(host.texts.size).toBe(1)
})

it('two sources share one copy without disturbing each other', async () => {
  await repository.commit({ 'a.md': 'one' })
  await repository.commit({ 'a.md': 'side' }, { branch: 'side' })
  const hosts = [
    source({ cache: 'shared', source: 'one' }),
    source({ cache: 'shared', source: 'two' }),
    source({ cache: 'shared', source: 'three' }, { branch: 'side' }),
  ]
  await Promise.all(hosts.map((host) => host.sync()))
  await repository.commit({ 'a.md': 'two' }, { parent: null })
  await repository.commit({ 'a.md': 'side two' }, { branch: 'side', parent: null })
  const listings = (await Promise.all(hosts.map((host) => host.sync()))).map(({ listing }) => listing)
  expect(listings).toEqual(['changes', 'changes', 'changes'])
  expect(hosts.map((host) => host.texts.get('a.md'))).toEqual(['two', 'two', 'side two'])
  expect((await readdir(join(caches.folder, 'shared'))).filter((name) => name.endsWith('.git'))).toHaveLength(1)
})

it('U6: a source that is forgotten leaves the copy to the others, and takes it along when it was the last', async () => {
  await repository.commit({ 'a.md': 'one' })
  const hosts = [source({ cache: 'shared', source: 'one' }), source({ cache: 'shared', source: 'two' })]
  for (const host of hosts) await host.sync()
  const copy = await copyIn('shared')
  const pins = async () => (await repository.git(`--git-dir=${copy}`, 'for-each-ref', '--format=%(refname)', 'refs/qdrant-loader/pins')).split('\n')
  expect(await pins()).toHaveLength(2)
  const forget = (name: string) => connector.forget?.({ project: 'conformance', source: name, cacheDirectory: join(caches.folder, 'shared') }, new AbortController().signal)
  await forget('one')
  expect(await pins()).toHaveLength(1)
  await repository.commit({ 'a.md': 'two' }, { parent: null })
  expect((await hosts[1]?.sync())?.listing).toBe('changes')
  await forget('two')
  expect((await readdir(join(caches.folder, 'shared'))).filter((name) => name.includes('.git'))).toEqual([])
  await forget('never there')
})

it('clears what killed processes left behind', async () => {
  await repository.commit({ 'a.md': 'one' })
  const host = source({ cache: 'kept' })
  await host.sync()
  const copy = await copyIn('kept')
  const dead = { pid: 2 ** 22 + 1, host: hostname(), boot: 'another', started: '1' }
  await writeFile(`${copy}.lock`, JSON.stringify(dead))
  await writeFile(join(copy, 'packed-refs.lock'), '')
  await repository.commit({ 'a.md': 'two' })
  expect((await host.sync()).listing).toBe('changes')
  expect(host.texts.get('a.md')).toBe('two')
  await expect(readFile(join(copy, 'packed-refs.lock'))).rejects.toThrow('ENOENT')
  // A git that alone was killed leaves its files without a dead holder of our lock.
  await writeFile(join(copy, 'refs/qdrant-loader/head.lock'), '')
  await repository.commit({ 'a.md': 'three' })
  expect((await host.sync()).listing).toBe('changes')
  expect(host.texts.get('a.md')).toBe('three')
  expect(await readdir(join(caches.folder, 'kept'))).toEqual([expect.stringMatching(/\.git$/)])
})

it('makes a damaged copy anew', async () => {
  await repository.commit({ 'a.md': 'one', 'b.md': 'b' })
  const host = source({ cache: 'kept' })
  await host.sync()
  await writeFile(join(await copyIn('kept'), 'HEAD'), 'nonsense')
  await repository.commit({ 'a.md': 'two' })
  await host.sync()
  await expectClean(host)
  const copy = await copyIn('kept')
  const objects = (await readdir(join(copy, 'objects'), { recursive: true })).filter((name) => /(?:pack|[0-9a-f]{38})$/.test(name))
  for (const name of objects) await truncate(join(copy, 'objects', name), 0).catch(() => undefined)
  await repository.commit({ 'a.md': 'three' })
  await host.sync().catch(() => host.sync())
  await expectClean(host)
})

it('reads a shallow source, and notices when its history reaches further back', async () => {
  await repository.commit({ 'a.md': 'one', 'b.md': 'b' }, { time: 1_500_000_000 })
  await repository.commit({ 'a.md': 'two' })
  await repository.commit({ 'a.md': 'three' })
  const shallow = join(caches.folder, 'shallow')
  await repository.git('clone', '--quiet', '--depth=1', `file://${repository.path}`, shallow)
  const config = { base_url: shallow }
  const host = caches.host(config)
  const clean = async () => {
    const other = caches.host(config)
    await other.sync()
    return held(other)
  }
  await host.sync()
  expect(held(host)).toEqual(await clean())
  const git = (...args: string[]) => repository.git('-C', shallow, ...args)
  await repository.commit({ 'a.md': 'four', 'b.md': null })
  await git('fetch', '--quiet', '--depth=1')
  await git('reset', '--quiet', '--hard', 'origin/main')
  await host.sync()
  expect(held(host)).toEqual(await clean())
  await git('fetch', '--quiet', '--unshallow')
  const { loaded, described } = await host.sync()
  expect({ loaded, described }).toEqual({ loaded: [], described: ['a.md'] })
  expect(held(host)).toMatchObject({ 'a.md': { createdAt: '2017-07-14T02:40:00.000Z' } })
  expect(held(host)).toEqual(await clean())
  await git('fetch', '--quiet', '--depth=2')
  await git('reflog', 'expire', '--all', '--expire=now')
  await git('gc', '--quiet', '--prune=now')
  await host.sync()
  expect(held(host)).toEqual(await clean())
})

it('runs no hook of anybody', async () => {
  await repository.commit({ 'a.md': 'one' })
  const host = source({ cache: 'kept' })
  await host.sync()
  const copy = await copyIn('kept')
  const hook = join(copy, 'hooks')
  await mkdir(hook, { recursive: true })
  await writeFile(join(hook, 'reference-transaction'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  await repository.commit({ 'a.md': 'two' })
  expect(await host.sync()).toMatchObject({ listing: 'changes', requests: { source: 1 } })
  expect(host.texts.get('a.md')).toBe('two')
})
