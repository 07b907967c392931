import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { delimiter, join, relative } from 'node:path'
import { GitSimulator } from '@qdrant-loader/simulators'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { connector } from '@qdrant-loader/connector-git'
import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { caches, repository, server, stageWithServer } from './stage.ts'
import { held } from './sync-host.ts'

const TOKEN = 'tok-s3cret/+%'
stageWithServer()
beforeEach(async () => {
  await repository.commit({ 'docs/a b.md': 'one' })
})

/** Every byte that was written below the caches. */
async function written(): Promise<string> {
  const names = await readdir(caches.folder, { recursive: true, withFileTypes: true })
  const files = names.filter((name) => name.isFile()).map((name) => readFile(join(name.parentPath, name.name), 'latin1'))
  return (await Promise.all(files)).join('\n')
}

describe('http', () => {
  it('is read with one conversation a run', async () => {
    const host = caches.host({ base_url: server.url })
    await host.sync()
    await repository.commit({ 'docs/a b.md': 'two' })
    const { requests, loaded } = await host.sync()
    expect({ requests, loaded }).toEqual({ requests: { source: 1, content: 1 }, loaded: ['docs/a b.md'] })
    expect(held(host)).toMatchObject({ 'docs/a b.md': { location: { url: `${server.url}#docs/a%20b.md` } } })
  })

  it('sends the token, and leaves it nowhere', async () => {
    server.credentials = { username: 'x-access-token', password: TOKEN }
    const host = caches.host({ base_url: server.url, token: TOKEN })
    const { said, changes } = await host.sync()
    expect(host.texts.size).toBe(1)
    const basic = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')
    const everything = [await written(), JSON.stringify([said, changes, ...host.documents]), ...server.seen.map(({ route }) => route)].join('\n')
    for (const form of [TOKEN, encodeURIComponent(TOKEN), basic]) expect(everything).not.toContain(form)
  })

  it("takes a URL's user part for credentials, and leaves it nowhere", async () => {
    server.credentials = { username: 'ada', password: TOKEN }
    const base_url = server.url.replace('://', `://ada:${encodeURIComponent(TOKEN)}@`)
    const host = caches.host({ base_url })
    await host.sync()
    expect(host.texts.size).toBe(1)
    const everything = (await written()) + JSON.stringify([...host.documents])
    expect(everything).not.toContain(TOKEN)
    expect(everything).not.toContain('ada:')
  })

  it('does not send the token on to where the server redirects to', async () => {
    const other = await GitSimulator.start(repository.path)
    try {
      other.credentials = { username: 'x-access-token', password: TOKEN }
      server.redirectTo = other.origin
      expect(await loaderErrorOf(caches.host({ base_url: server.url, token: TOKEN }).sync())).toMatchObject({ kind: 'auth' })
      expect(other.seen.map(({ headers }) => headers.authorization).filter((sent) => sent !== undefined)).toEqual([])
    } finally {
      await other.close()
    }
  })

  it('does not hand the token to the credential helpers of the user', async () => {
    const stored = join(caches.folder, 'stored')
    const configuration = join(caches.folder, 'gitconfig')
    await writeFile(configuration, `[credential]\n\thelper = store --file=${stored}\n`)
    vi.stubEnv('GIT_CONFIG_GLOBAL', configuration)
    server.credentials = { username: 'x-access-token', password: TOKEN }
    await caches.host({ base_url: server.url, token: TOKEN }).sync()
    await expect(readFile(stored)).rejects.toThrow('ENOENT')
  })

  it('uses the credentials of the user when no token is configured', async () => {
    const stored = join(caches.folder, 'stored')
    const configuration = join(caches.folder, 'gitconfig')
    await writeFile(configuration, `[credential]\n\thelper = store --file=${stored}\n`)
    await writeFile(stored, `${server.origin.replace('://', '://me:mine@')}\n`)
    vi.stubEnv('GIT_CONFIG_GLOBAL', configuration)
    server.credentials = { username: 'me', password: 'mine' }
    const host = caches.host({ base_url: server.url })
    await host.sync()
    expect(host.texts.size).toBe(1)
  })

  it.each([{ token: 'wrong-s3cret' }, {}])('says that the credentials were refused: %j', async (credentials) => {
    server.credentials = { username: 'x-access-token', password: TOKEN }
    const error = await loaderErrorOf(caches.host({ base_url: server.url, ...credentials }).sync())
    expect(error).toMatchObject({ code: 'git_auth_failed', kind: 'auth' })
    expect(`${error.message}${error.hint}${error.stack}${String((error.cause as Error).stack)}`).not.toContain('wrong-s3cret')
  })

  it('tells an unreachable server from a missing repository', async () => {
    const host = caches.host({ base_url: server.url })
    await host.sync()
    server.faults.stay({ kind: 'status', status: 503 })
    expect(await loaderErrorOf(host.sync())).toMatchObject({ code: 'git_unreachable', kind: 'transient' })
    server.heal()
    const missing = caches.host({ base_url: `${server.origin}/team/other.git` })
    expect(await loaderErrorOf(missing.sync())).toMatchObject({ code: 'git_repository_missing', kind: 'config' })
    await server.close()
    expect(await loaderErrorOf(host.sync())).toMatchObject({ code: 'git_unreachable', kind: 'transient' })
    expect(host.texts.size).toBe(1)
  })

  it('reads a shallow repository, and its whole history once the server has it', async () => {
    const first = await repository.tip()
    await repository.commit({ 'docs/a b.md': 'two' })
    const shallow = join(caches.folder, 'shallow.git')
    await repository.git('clone', '--quiet', '--bare', '--depth=1', `file://${repository.path}`, shallow)
    const other = await GitSimulator.start(shallow)
    try {
      const host = caches.host({ base_url: other.url })
      await host.sync()
      expect(held(host)['docs/a b.md']).not.toMatchObject({ metadata: { first_commit: first } })
      expect((await host.sync()).listing).toBe('changes')
      await repository.git('-C', shallow, 'fetch', '--quiet', '--unshallow', 'origin', 'main')
      expect((await host.sync()).described).toEqual(['docs/a b.md'])
      expect(held(host)['docs/a b.md']).toMatchObject({ metadata: { first_commit: first } })
      expect((await host.sync()).listing).toBe('changes')
    } finally {
      await other.close()
    }
  })

  it('stops waiting for a silent server when it is told to', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const abort = new AbortController()
    const reason = new Error('enough')
    const sockets: Socket[] = []
    silent.on('connection', (socket) => {
      sockets.push(socket)
      abort.abort(reason)
    })
    const host = caches.host({ base_url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/repo.git` })
    await expect(host.sync({ signal: abort.signal })).rejects.toBe(reason)
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => silent.close(resolve))
  })
})

describe('web addresses', () => {
  it('follow the configured branch, for every file', async () => {
    const configuration = join(caches.folder, 'gitconfig')
    await writeFile(configuration, `[url "${repository.path}"]\n\tinsteadOf = https://github.com/team/repo\n`)
    vi.stubEnv('GIT_CONFIG_GLOBAL', configuration)
    await repository.git('branch', 'next', 'main')
    const base_url = 'https://github.com/team/repo'
    const host = caches.host({ base_url, branch: 'main' }, { cache: 'shared' })
    await host.sync()
    const next = caches.host({ base_url, branch: 'next' }, { cache: 'shared' })
    for (const [id, document] of host.documents) (next.documents as Map<string, typeof document>).set(id, document)
    next.cursor = host.cursor
    const { loaded, described } = await next.sync()
    expect({ loaded, described }).toEqual({ loaded: [], described: ['docs/a b.md'] })
    expect(held(next)).toMatchObject({ 'docs/a b.md': { location: { url: `${base_url}/blob/next/docs/a%20b.md` } } })
  })
})

describe('ssh', () => {
  it.each(['ssh://git@example.com/team/repo.git', 'git@example.com:team/repo.git'])('passes %s to ssh', async (base_url) => {
    const said = join(caches.folder, 'arguments')
    const script = join(caches.folder, 'ssh.sh')
    // Stands in for ssh and the machine behind it.
    await writeFile(script, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${said}'\nexec git-upload-pack '${repository.path}'\n`)
    await chmod(script, 0o755)
    vi.stubEnv('GIT_SSH_COMMAND', script)
    const execPath = execFileSync('git', ['--exec-path']).toString().trim()
    vi.stubEnv('PATH', `${execPath}${delimiter}${process.env['PATH'] ?? ''}`)
    const host = caches.host({ base_url, branch: 'main' })
    await host.sync()
    expect(host.texts.size).toBe(1)
    expect(await readFile(said, 'utf8')).toContain('git@example.com')
    expect(await readFile(said, 'utf8')).toMatch(/git-upload-pack '\/?team\/repo\.git'/)
  })

  it('asks nobody for a passphrase, and says what to do about a refused key', async () => {
    const folder = join(caches.folder, 'bin')
    await mkdir(folder)
    await writeFile(join(folder, 'ssh'), '#!/bin/sh\necho "$*" >&2\necho "git@example.com: Permission denied (publickey)." >&2\nexit 255\n', { mode: 0o755 })
    vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`)
    const error = await loaderErrorOf(caches.host({ base_url: 'git@example.com:team/repo.git' }).sync())
    expect(error).toMatchObject({ code: 'git_auth_failed', kind: 'auth' })
    expect(String(error.cause)).toContain('BatchMode=yes')
  })
})

describe('paths', () => {
  it('reads a plain path, one relative to the configuration file, and a file URL, as the same repository', async () => {
    const plain = caches.host({ base_url: repository.path }, { cache: 'one' })
    const addresses = [relative(caches.folder, repository.path), `file://${repository.path}`]
    await plain.sync()
    for (const base_url of addresses) {
      const host = caches.host({ base_url }, { cache: 'one' })
      await host.sync()
      expect(held(host)).toEqual(held(plain))
    }
    expect((await readdir(join(caches.folder, 'one'))).filter((name) => name.endsWith('.git'))).toHaveLength(1)
    expect(held(plain)).toMatchObject({ 'docs/a b.md': { location: { url: `file://${repository.path}/docs/a%20b.md` } } })
  })

  it('says when there is nothing, or no repository', async () => {
    await mkdir(join(caches.folder, 'folder'))
    for (const base_url of ['nowhere', 'folder']) {
      expect(await loaderErrorOf(caches.host({ base_url }).sync())).toMatchObject({ code: 'git_repository_missing', kind: 'config' })
    }
  })

  it('names the command that trusts a repository of another user', async () => {
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1')
    const error = await loaderErrorOf(caches.host({ base_url: repository.path }).sync())
    expect(error).toMatchObject({ code: 'git_dubious_ownership', kind: 'config' })
    expect(error.hint).toContain(`git config --global --add safe.directory ${repository.path}`)
  })

  it('is not led astray by the variables of a git hook', async () => {
    vi.stubEnv('GIT_DIR', '/nowhere')
    vi.stubEnv('GIT_INDEX_FILE', '/nowhere/index')
    vi.stubEnv('GIT_OBJECT_DIRECTORY', '/nowhere/objects')
    vi.stubEnv('GIT_NAMESPACE', 'nowhere')
    const host = caches.host({ base_url: repository.path })
    await host.sync()
    expect(host.texts.size).toBe(1)
  })

  it('says when git is not installed', async () => {
    vi.stubEnv('PATH', join(caches.folder, 'empty'))
    expect(await loaderErrorOf(caches.host({ base_url: repository.path }).sync())).toMatchObject({ code: 'git_missing', kind: 'config' })
  })
})

describe('configuration', () => {
  const validate = async (config: unknown) => connector.configSchema['~standard'].validate(config)

  it.each([
    '-oProxyCommand=x',
    '--upload-pack=x',
    'ext::sh -c x',
    'fd::7',
    'ssh://-oProxyCommand=x/y',
    'git@-host:x',
    'ssh://user:password@host/x',
    'ftp://host/x',
    'https://',
    'https://host/x?token=1',
    'line\nbreak',
    '',
  ])('refuses the address %j', async (base_url) => {
    expect((await validate({ base_url })).issues?.[0]?.path).toEqual(['base_url'])
  })

  it.each(['-x', '--all', 'a..b', 'a b', 'a~1', 'a:b', 'refs/', '/a', 'a.lock', '@', 'a@{1}', ''])('refuses the branch %j', async (branch) => {
    expect((await validate({ base_url: 'x', branch })).issues).toBeDefined()
  })

  it('refuses a token for a remote that cannot take one', async () => {
    expect((await validate({ base_url: 'git@host:x', token: 'x' })).issues?.[0]?.path).toEqual(['token'])
  })

  it.each([{ max_file_size: '0' }, { max_file_size: 'big' }, { file_types: 'a/*.md' }, { include_paths: [] }, { include_paths: '!a' }, { nonsense: 1 }])(
    'refuses %j',
    async (wrong) => {
      expect((await validate({ base_url: 'x', ...wrong })).issues).toBeDefined()
    },
  )

  it('reads one value or a list, and sizes with units', async () => {
    const parsed = await validate({ base_url: 'x', include_paths: 'docs', file_types: ['*.md', '*.txt'], max_file_size: '1.5KiB' })
    expect(parsed).toMatchObject({ value: { include_paths: ['docs'], file_types: ['*.md', '*.txt'], max_file_size: 1_536 } })
    expect(await validate({ base_url: 'x' })).toMatchObject({ value: { max_file_size: 1_000_000 } })
  })
})
