import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { connector } from '@qdrant-loader/connector-git'
import { loaderErrorOf, recordingContext } from '@qdrant-loader/connector-testkit'
import { caches, repository, server, stageWithServer } from './stage.ts'
import { held } from './sync-host.ts'

stageWithServer()

describe('G5: what is read', () => {
  let first: string

  beforeEach(async () => {
    first = await repository.commit({ 'a.md': 'first' })
    await repository.git('tag', 'light', first)
    await repository.git('-c', 'user.name=T', '-c', 'user.email=t@example.com', 'tag', '-a', '-m', 'x', 'annotated', first)
    await repository.commit({ 'a.md': 'side' }, { branch: 'feature/x' })
    await repository.commit({ 'a.md': 'second' })
  })

  it.each([
    [undefined, 'second'],
    ['HEAD', 'second'],
    ['main', 'second'],
    ['refs/heads/main', 'second'],
    ['heads/main', 'second'],
    ['origin/main', 'second'],
    ['refs/remotes/origin/main', 'second'],
    ['feature/x', 'side'],
    ['origin/feature/x', 'side'],
    ['light', 'first'],
    ['annotated', 'first'],
    ['tags/light', 'first'],
    ['refs/tags/annotated', 'first'],
  ])('ref %s, also written as branch, from a folder and from a server', async (ref, text) => {
    for (const [base_url, key] of [[repository.path, 'branch'], [server.url, 'ref']] as const) {
      const host = caches.host({ base_url, ...(ref !== undefined && { [key]: ref }) })
      await host.sync()
      expect(host.texts.get('a.md')).toBe(text)
      expect((await host.sync()).requests).toEqual({ source: 1, content: 0 })
    }
  })

  it('a commit by its id, with a name and without one; it is asked for once', async () => {
    const lost = await repository.commit({ 'a.md': 'withdrawn' }, { branch: 'gone', parent: first })
    await repository.git('update-ref', '-d', 'refs/heads/gone')
    for (const [ref, text] of [[first, 'first'], [first.toUpperCase(), 'first'], [lost, 'withdrawn']] as const) {
      for (const base_url of [repository.path, server.url]) {
        const host = caches.host({ base_url, ref })
        await host.sync()
        expect(host.texts.get('a.md')).toBe(text)
        expect((await host.sync()).requests).toEqual({ source: 0, content: 0 })
      }
    }
  })

  it('a commit that a server of the old protocol does not name comes along with the branches', async () => {
    server.oldProtocol = true
    const host = caches.host({ base_url: server.url, ref: first })
    await host.sync()
    expect(host.texts.get('a.md')).toBe('first')
  })

  it('a commit that is not there, and one that is cut short, are errors that say so', async () => {
    for (const base_url of [repository.path, server.url]) {
      expect(await loaderErrorOf(caches.host({ base_url, ref: '1'.repeat(40) }).sync())).toMatchObject({ code: 'git_commit_missing', kind: 'config' })
    }
    const error = await loaderErrorOf(caches.host({ base_url: server.url, ref: first.slice(0, 8) }).sync())
    expect(error).toMatchObject({ code: 'git_branch_missing', kind: 'config' })
    expect(error.hint).toContain('whole id of 40 characters')
  })

  it('a name that is nothing names its neighbours among branches and tags', async () => {
    const error = await loaderErrorOf(caches.host({ base_url: server.url, ref: 'lights' }).sync())
    expect(error.message).toContain('no branch or tag "lights"')
    expect(error.hint).toContain('such as: light,')
  })

  it('a tag that is moved is followed', async () => {
    for (const base_url of [repository.path, server.url]) {
      const host = caches.host({ base_url, ref: 'light' })
      await host.sync()
      await repository.git('tag', '-f', 'light', 'main')
      await host.sync()
      expect(host.texts.get('a.md')).toBe('second')
      await repository.git('tag', '-f', 'light', first)
    }
  })

  it.each([
    ['a file', 'main:a.md'],
    ['a folder', 'main^{tree}'],
  ])('a tag that is moved to %s is said, and the copy is kept', async (what, object) => {
    const host = caches.host({ base_url: server.url, ref: 'light' })
    await host.sync()
    const kind = what === 'a file' ? 'file' : 'folder'
    await repository.git('tag', '-f', 'light', object)
    expect(await loaderErrorOf(host.sync())).toMatchObject({ code: 'git_ref_not_commit', message: expect.stringContaining(`"light"`) as string })
    await repository.git('-c', 'user.name=T', '-c', 'user.email=t@example.com', 'tag', '-f', '-a', '-m', 'x', 'light', object)
    const error = await loaderErrorOf(host.sync())
    expect(error.message).toContain(`names a ${kind}, not a commit`)
    await repository.git('tag', '-f', 'light', 'main')
    await host.sync()
    expect(host.texts.get('a.md')).toBe('second')
  })

  it('a branch wins over a tag of its name, from the moment that it is there, and until it is gone', async () => {
    const host = caches.host({ base_url: server.url, ref: 'light' })
    await host.sync()
    await repository.git('branch', 'light', 'main')
    await host.sync()
    expect(host.texts.get('a.md')).toBe('second')
    const clean = caches.host({ base_url: server.url, ref: 'light' })
    await clean.sync()
    expect(held(host)).toEqual(held(clean))
    await repository.git('update-ref', '-d', 'refs/heads/light')
    await host.sync()
    expect(host.texts.get('a.md')).toBe('first')
  })

  it('a branch that becomes a folder of branches does not stand in the way of another source', async () => {
    await repository.git('branch', 'a', 'main')
    const one = caches.host({ base_url: server.url, ref: 'a' }, { cache: 'shared', source: 'one' })
    await one.sync()
    await repository.git('update-ref', '-d', 'refs/heads/a')
    await repository.git('branch', 'a/b', 'main')
    const two = caches.host({ base_url: server.url, ref: 'a/b' }, { cache: 'shared', source: 'two' })
    await two.sync()
    expect(two.texts.get('a.md')).toBe('second')
    expect(await loaderErrorOf(one.sync())).toMatchObject({ code: 'git_branch_missing' })
  })

  it('links name a tag as a tag', async () => {
    const host = caches.host({ base_url: server.url, ref: 'light', host_type: 'gitea' })
    await host.sync()
    expect(held(host)).toMatchObject({ 'a.md': { location: { url: `${server.origin}/team/repo/src/tag/light/a.md` } } })
  })
})

describe('G4: many sources of one remote', () => {
  async function run(name: string, configs: readonly object[]): Promise<number[]> {
    const requests: number[] = []
    for (const [index, config] of configs.entries()) {
      const parsed = await connector.configSchema['~standard'].validate({ base_url: server.url, ...config })
      if (parsed.issues) throw new Error(JSON.stringify(parsed.issues))
      const options = { configDirectory: caches.folder, cacheDirectory: join(caches.folder, 'shared'), dryRun: false, source: `s${index}` }
      const { context, recording } = recordingContext(options)
      const source = await connector.open(parsed.value, { ...context, run: name })
      const signal = new AbortController().signal
      let cursor
      const host = caches.host({ base_url: server.url })
      for await (const change of source.detector.detect({ mode: 'full', known: host.known }, signal)) if (change.kind === 'complete') cursor = change.cursor
      await source.close(cursor)
      requests.push(recording.requests.source)
    }
    return requests
  }

  it('take one fetch a run, also where they read other refs', async () => {
    await repository.commit({ 'docs/a.md': 'a', 'more/b.md': 'b' })
    await repository.git('tag', 'v1', 'main')
    await repository.git('branch', 'next', 'main')
    const configs = Array.from({ length: 6 }, (_, at) => ({ include_paths: at % 2 === 0 ? 'docs' : 'more', ...[{}, { ref: 'next' }, { ref: 'v1' }][at % 3] }))
    await run('first', configs)
    expect((await run('second', configs)).reduce((sum, count) => sum + count)).toBe(1)
    await repository.commit({ 'docs/a.md': 'changed' })
    expect((await run('third', configs)).reduce((sum, count) => sum + count)).toBe(1)
    // A ref that is gone is the business of its own source.
    await repository.git('update-ref', '-d', 'refs/heads/next')
    const others = configs.filter((config) => !('ref' in config && config.ref === 'next'))
    expect((await run('fourth', others)).reduce((sum, count) => sum + count)).toBe(2)
    expect((await run('fifth', others)).reduce((sum, count) => sum + count)).toBe(1)
  })

  it('with other credentials do not share', async () => {
    await repository.commit({ 'a.md': 'a' })
    await run('first', [{}])
    server.credentials = { username: 'x-access-token', password: 'right-token' }
    expect(await run('second', [{ token: 'right-token' }, { token: 'right-token' }])).toEqual([1, 0])
    await expect(run('second', [{ token: 'other-token' }])).rejects.toMatchObject({ kind: 'auth' })
  })
})

describe('G6: a base_url that is no repository', () => {
  it('a folder of a repository, a plain folder, and an address without its scheme, for a sync', async () => {
    const work = join(caches.folder, 'work')
    await repository.commit({ 'docs/guide/a.md': 'a' })
    await repository.git('clone', '--quiet', repository.path, work)
    await mkdir(join(caches.folder, 'plain'))
    await writeFile(join(caches.folder, 'plain', 'a.md'), 'a')
    const expected: Record<string, RegExp> = {
      'work/docs/guide': /is a folder inside the repository \S+work, not a repository.*base_url: \S+work, include_paths: docs\/guide$/s,
      plain: /is a plain folder, not a Git repository.*git init/s,
      'github.com/owner/repo': /There is nothing at .*base_url: https:\/\/github\.com\/owner\/repo/s,
      nowhere: /There is nothing at .*relative to the folder/s,
    }
    for (const [base_url, said] of Object.entries(expected)) {
      const error = await loaderErrorOf(caches.host({ base_url }).sync())
      expect(error).toMatchObject({ code: 'git_repository_missing', kind: 'config' })
      expect(`${error.message}\n${error.hint}`).toMatch(said)
    }
    const host = caches.host({ base_url: 'work' })
    await host.sync()
    expect(host.texts.size).toBe(1)
  })

  it('a page in the browser is refused with what to write, before anything is asked', async () => {
    const parsed = await connector.configSchema['~standard'].validate({ base_url: 'https://github.com/o/r/tree/main/docs' })
    expect(parsed.issues?.[0]).toMatchObject({ path: ['base_url'], message: expect.stringContaining('write base_url: https://github.com/o/r, ref: main, include_paths: docs') as string })
  })
})

describe('H3: a few objects that stand for any number of files', () => {
  /** Eleven objects; each folder holds the one below it ten times. */
  async function bomb(depth: number): Promise<string> {
    await writeFile(join(caches.folder, 'boom'), 'boom')
    let object = await repository.git('hash-object', '-w', join(caches.folder, 'boom'))
    for (let level = 0; level < depth; level += 1) {
      const lines = Array.from({ length: 10 }, (_, at) => `${level === 0 ? '100644 blob' : '040000 tree'} ${object}\t${at}`)
      await writeFile(join(caches.folder, 'tree'), `${lines.join('\n')}\n`)
      object = await repository.git('-c', `alias.t=!git mktree < '${join(caches.folder, 'tree')}'`, 't')
    }
    return object
  }

  async function commitTree(tree: string, ...parents: string[]): Promise<string> {
    const person = ['-c', 'user.name=T', '-c', 'user.email=t@example.com']
    const commit = await repository.git(...person, 'commit-tree', '-m', 'x', ...parents.flatMap((parent) => ['-p', parent]), tree)
    await repository.git('update-ref', 'refs/heads/main', commit)
    return commit
  }

  it('a first sync fails with what to do, at once and in little memory', { timeout: 30_000 }, async () => {
    await commitTree(await bomb(10))
    const before = process.memoryUsage().rss
    for (const base_url of [repository.path, server.url]) {
      const error = await loaderErrorOf(caches.host({ base_url, max_files: 50_000 }).sync())
      expect(error).toMatchObject({ code: 'git_too_many_files', kind: 'config', hint: expect.stringContaining('max_files') as string })
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
  })

  it('an update to it, and one that is only in the history, fail that source alone', { timeout: 60_000 }, async () => {
    const first = await repository.commit({ 'a.md': 'a' })
    const host = caches.host({ base_url: repository.path, max_files: 5_000 })
    await host.sync()
    const boom = await commitTree(await bomb(5), first)
    expect(await loaderErrorOf(host.sync())).toMatchObject({ code: 'git_too_many_files' })
    // Taken back again: the tree is small, and more files than the walk is given paths need the whole history.
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`${at}.md`, 'x']))
    await commitTree(await repository.git('rev-parse', `${first}^{tree}`), boom)
    await repository.commit(many)
    expect(await loaderErrorOf(caches.host({ base_url: repository.path, max_files: 5_000 }).sync())).toMatchObject({ code: 'git_too_many_files' })
    expect(host.texts.size).toBe(1)
  })
})
