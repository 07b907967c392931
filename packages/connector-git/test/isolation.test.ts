import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { isSafe } from '../src/git/safe-version.ts'
import { caches, repository, server, stageWithServer } from './stage.ts'

const TOKEN = 'tok-s3cret-of-ours'
const startedIn = process.cwd()

stageWithServer()
beforeEach(async () => {
  server.credentials = { username: 'x-access-token', password: TOKEN }
  await repository.commit({ 'a.md': 'one' })
})
afterEach(() => process.chdir(startedIn))

/** A program in the place of git that says another version, and is git for everything else. */
async function gitOfVersion(said: string, environment = ''): Promise<void> {
  const folder = join(caches.folder, `bin-${said.replaceAll(/[^0-9.]/g, '')}`)
  await mkdir(folder)
  const real = process.env['PATH'] ?? ''
  const script = `#!/bin/sh\nfor a in "$@"; do [ "$a" = version ] && { echo asked >> '${folder}/asked'; echo 'git version ${said}'; exit 0; }; done\nPATH='${real}' exec ${environment} git "$@"\n`
  await writeFile(join(folder, 'git'), script, { mode: 0o755 })
  vi.stubEnv('PATH', `${folder}${delimiter}${real}`)
}

describe('H1: what lies in the folder that a sync is started in', () => {
  it.each(['the folder itself', 'a folder inside it'])('has no say when it looks like a repository: %s', async (where) => {
    const hostile = join(caches.folder, 'clone')
    await mkdir(join(hostile, 'objects'), { recursive: true })
    await mkdir(join(hostile, 'refs'))
    await mkdir(join(hostile, 'inside'))
    const marks = ['helper', 'ssh', 'header'].map((name) => join(caches.folder, `ran-${name}`))
    await writeFile(join(hostile, 'HEAD'), 'ref: refs/heads/main\n')
    await writeFile(
      join(hostile, 'config'),
      `[core]\n\tbare = true\n\trepositoryformatversion = 0\n\tsshCommand = "touch '${marks[1]}'; false"\n[credential]\n\thelper = "!touch '${marks[0]}'; :"\n` +
        `[http]\n\textraHeader = "Authorization: Basic b3RoZXI6b3RoZXI="\n\tproxy = http://127.0.0.1:9\n[url "${server.origin}/elsewhere/"]\n\tinsteadOf = ${server.origin}/team/\n`,
    )
    process.chdir(where === 'the folder itself' ? hostile : join(hostile, 'inside'))
    // The cache beside the configuration, inside what was cloned.
    const cache = join(hostile, '.cache', 'git')
    const said = await caches.check({ base_url: server.url, token: TOKEN }, cache)
    expect(said).toContain(`is at ${(await repository.tip())?.slice(0, 12)}`)
    const error = await loaderErrorOf(caches.check({ base_url: 'ssh://git@127.0.0.1:9/x' }, cache))
    expect(error.code).toBe('git_unreachable')
    for (const mark of marks) await expect(readFile(mark)).rejects.toThrow('ENOENT')
    expect(server.seen.every(({ path }) => path.includes('/team/repo.git/'))).toBe(true)
    expect(server.seen.some(({ headers: { authorization } }) => authorization?.includes('b3RoZXI6b3RoZXI=') === true)).toBe(false)
  })

  it('keeps the configuration of the user', async () => {
    const configuration = join(caches.folder, 'gitconfig')
    await writeFile(configuration, `[url "${server.origin}/team/"]\n\tinsteadOf = https://git.example.com/\n`)
    vi.stubEnv('GIT_CONFIG_GLOBAL', configuration)
    server.credentials = undefined
    expect(await caches.check({ base_url: 'https://git.example.com/repo.git' }, join(caches.folder, 'cache'))).toContain('is at')
  })

  it('takes nothing of a git that runs around it', async () => {
    vi.stubEnv('GIT_CONFIG_PARAMETERS', `'http.proxy'='http://127.0.0.1:9'`)
    expect(await caches.check({ base_url: server.url, token: TOKEN }, join(caches.folder, 'cache'))).toContain('is at')
  })
})

describe('H8: the oldest safe git', () => {
  it('is asked for, by doctor and by a sync', async () => {
    await gitOfVersion('2.30.9')
    const refused = { code: 'git_too_old', kind: 'config', message: 'The installed git version 2.30.9 is too old' }
    expect(await loaderErrorOf(caches.check({ base_url: repository.path }, join(caches.folder, 'cache')))).toMatchObject(refused)
    expect(await loaderErrorOf(caches.host({ base_url: repository.path }).sync())).toMatchObject(refused)
  })

  it('is told by its number, series by series', () => {
    const safe = ['2.39.4', '2.39.5', '2.40.2', '2.43.4', '2.45.1', '2.46.0', '2.52.0', '3.0.0']
    const unsafe = ['2.31.8', '2.38.9', '2.39.3', '2.40.1', '2.43.0', '2.45.0', '1.9.5']
    const tell = (version: string) => isSafe(...(version.split('.').map(Number) as [number, number, number]))
    expect(safe.filter((version) => !tell(version))).toEqual([])
    expect(unsafe.filter(tell)).toEqual([])
  })

  it('is believed where a distribution mended an older number, which doctor says', async () => {
    await gitOfVersion('2.34.1')
    const said = await caches.check({ base_url: repository.path }, join(caches.folder, 'cache'))
    expect(said).toContain('git 2.34.1 (mended by its distribution)')
  })

  it('is not believed of an older number that lacks the repair', async () => {
    await gitOfVersion('2.34.2', 'env -u GIT_NO_LAZY_FETCH')
    expect(await loaderErrorOf(caches.check({ base_url: repository.path }, join(caches.folder, 'cache')))).toMatchObject({ code: 'git_too_old' })
  })

  it('is looked at once, not by each run', async () => {
    await gitOfVersion('2.45.1')
    const host = caches.host({ base_url: repository.path })
    await host.sync()
    await host.sync()
    expect(await readFile(join(caches.folder, 'bin-2.45.1', 'asked'), 'utf8')).toBe('asked\n')
  })
})
