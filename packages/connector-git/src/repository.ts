import { createHash, randomUUID } from 'node:crypto'
import { access, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import { damagedCopy, remoteError, unknownGitError } from './git-errors.ts'
import { Git, GitFailure } from './git-process.ts'
import { listBranches, missingBranch, probeRemote } from './remote-refs.ts'
import { remoteKey } from './remote.ts'
import type { Remote } from './remote.ts'
import { lockRepository } from './repository-lock.ts'
import { requireSafeGit } from './safe-version.ts'

/** The branch as it was fetched. */
export interface Snapshot {
  /** Reads the kept repository. */
  readonly git: Git
  /** Null for a repository without commits. */
  readonly commit: string | null
  /** Commits that runs of this source have kept: the indexed one, and those that interrupted runs were going to. */
  readonly pinned: ReadonlySet<string>
  /** Hash of the commits at which the history is cut off; of nothing for a whole history. */
  readonly boundary: string
}

/** What a kept repository needs. */
export interface RepositoryDeps {
  /** Not bound to a repository. */
  readonly git: Git
  readonly remote: Remote
  /** For messages: the address without credentials. */
  readonly display: string
  /** Absent: what the remote's HEAD points to. */
  readonly branch: string | undefined
  readonly cacheDirectory: string
  /** Names the source among all that share the copy. */
  readonly owner: string
  /** Called once for each conversation with the remote. */
  readonly onRequest: () => void
  readonly progress: (activity: string) => void
}

/** Remembers which shallow boundary of a local source a copy was made from. */
const BOUNDARY_NOTE = 'qdrant-loader-boundary'

/**
 * One bare repository for each remote, kept between runs and shared by all sources that read the remote. Each branch
 * has a private ref, and each source pins the commits it depends on (`refs/qdrant-loader/pins/<source>/<commit>`).
 * Only the wanted branch is fetched, and nothing is pruned. A lock file of its own guards every change.
 */
export class Repository {
  readonly #deps: RepositoryDeps
  readonly #directory: string
  readonly #git: Git

  constructor(deps: RepositoryDeps) {
    this.#deps = deps
    this.#directory = join(deps.cacheDirectory, `${remoteKey(deps.remote)}.git`)
    this.#git = deps.git.at(this.#directory)
  }

  /**
   * Brings the copy up to date: one conversation with the remote when the copy is there. With `pin`, the commit is
   * kept, so that a later run can compare with it whatever happens to the branch; `pinned` says what was kept before.
   */
  async refresh(signal: AbortSignal, pin: boolean): Promise<Snapshot> {
    await requireSafeGit(this.#deps.git, signal)
    await using lock = await lockRepository(`${this.#directory}.lock`, signal)
    if (lock.inherited) await this.#clearLeftovers()
    const snapshot = await this.#upToDate(signal)
    const { commit, pinned } = snapshot
    if (pin && commit !== null && !pinned.has(commit)) {
      await this.#local(['update-ref', `${this.#pins}${commit}`, commit], signal)
    }
    return snapshot
  }

  async #upToDate(signal: AbortSignal): Promise<Snapshot> {
    const source = await this.#sourceBoundary()
    const kept = await this.#keptNote()
    if (kept === undefined || (source !== undefined && kept !== source)) return this.#recreate(source, signal)
    try {
      this.#deps.progress('fetching')
      if (!(await this.#fetch(this.#git, signal))) return this.#empty()
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error
      // What git says of our own folder is not about the remote.
      const known = error.stderr.includes(this.#directory) ? undefined : remoteError(error, this.#deps.display)
      if (known) throw known
      if (error.exitCode === null) throw unknownGitError(error, this.#deps.display)
      return this.#recreate(source, signal)
    }
    return this.#snapshot(signal)
  }

  /** The copy as it is, without asking the remote; undefined when there is none. */
  async kept(signal: AbortSignal): Promise<Snapshot | undefined> {
    return (await this.#keptNote()) === undefined ? undefined : this.#snapshot(signal)
  }

  /** Forgets the pins of this source except that of `keep`, and tidies up when git thinks it is time to. */
  async release(keep: string | null, signal: AbortSignal): Promise<void> {
    if ((await this.#keptNote()) === undefined) return
    const { pinned } = await this.#snapshot(signal)
    const stale = [...pinned].filter((commit) => commit !== keep)
    if (stale.length === 0) return
    await using lock = await lockRepository(`${this.#directory}.lock`, signal)
    if (lock.inherited) await this.#clearLeftovers()
    await this.#local(['update-ref', '--stdin'], signal, stale.map((commit) => `delete ${this.#pins}${commit}\n`).join(''))
    await this.#local(['gc', '--auto', '--quiet'], signal)
  }

  /** Turns a failed reading of the copy into the error to throw, and removes a copy that cannot be read. */
  async readingFailed(error: unknown): Promise<unknown> {
    if (!(error instanceof GitFailure)) return error
    if (error.exitCode === null) return unknownGitError(error, this.#deps.display)
    await using _lock = await lockRepository(`${this.#directory}.lock`, AbortSignal.timeout(60_000))
    await this.#remove()
    return damagedCopy(this.#deps.display, error)
  }

  get #pins(): string {
    return `refs/qdrant-loader/pins/${this.#deps.owner}/`
  }

  get #ref(): string {
    return this.#deps.branch === undefined ? 'refs/qdrant-loader/head' : `refs/qdrant-loader/heads/${this.#deps.branch}`
  }

  /** False when the remote has no commits at all. */
  async #fetch(git: Git, signal: AbortSignal): Promise<boolean> {
    const { remote, branch, onRequest } = this.#deps
    const wanted = branch === undefined ? 'HEAD' : `refs/heads/${branch}`
    // A fetch alone never brings the history behind a boundary, also when the source has it by now.
    const isShallow = git === this.#git && (await readBoundary(join(this.#directory, 'shallow'))) !== ''
    const args = [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-auto-maintenance',
      '--no-recurse-submodules',
      '--no-prune',
      '--update-shallow',
      ...(isShallow ? ['--unshallow'] : []),
      '--',
      remote.url,
      `+${wanted}:${this.#ref}`,
    ]
    onRequest()
    try {
      await this.#retryingLocks(() => git.run(args, signal), git === this.#git)
      return true
    } catch (error) {
      if (!(error instanceof GitFailure) || !/couldn't find remote ref/i.test(error.stderr)) throw error
    }
    const branches = await this.#talk(() => listBranches(this.#deps.git, remote.url, signal))
    if (branches.length === 0) return false
    throw missingBranch(this.#deps.display, branch, branches)
  }

  /** A git that was killed leaves `*.lock` files, which nobody else may hold while we have the copy's own lock. */
  async #retryingLocks<T>(work: () => Promise<T>, clear: boolean): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!clear || !(error instanceof GitFailure) || !/\.lock'?: File exists/i.test(error.stderr)) throw error
    }
    await this.#clearLeftovers()
    return work()
  }

  /** Clones into a temporary folder first, so that a half-made copy is never taken for a whole one. */
  async #recreate(source: string | undefined, signal: AbortSignal): Promise<Snapshot> {
    const { git, remote, branch, display, progress } = this.#deps
    progress('cloning')
    const probe = await this.#talk(() => probeRemote(git, remote.url, branch, signal))
    if (probe === undefined) {
      const branches = await this.#talk(() => listBranches(git, remote.url, signal))
      if (branches.length > 0) throw missingBranch(display, branch, branches)
      return this.#empty()
    }
    await this.#removeTemporary()
    const temporary = `${this.#directory}.new-${randomUUID()}`
    try {
      await git.run(['init', '--quiet', '--bare', '--template=', `--object-format=${probe.objectFormat}`, '--', temporary], signal)
      if (!(await this.#talk(() => this.#fetch(git.at(temporary), signal), false))) return this.#empty()
      await writeFile(join(temporary, BOUNDARY_NOTE), source ?? '')
      await this.#remove()
      await rename(temporary, this.#directory)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
    return this.#snapshot(signal)
  }

  async #talk<T>(work: () => Promise<T>, counted = true): Promise<T> {
    if (counted) this.#deps.onRequest()
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof GitFailure) || isLoaderError(error)) throw error
      throw remoteError(error, this.#deps.display) ?? unknownGitError(error, this.#deps.display)
    }
  }

  async #snapshot(signal: AbortSignal): Promise<Snapshot> {
    const output = await this.#local(['for-each-ref', '--format=%(refname) %(objectname)', this.#ref, this.#pins], signal)
    const pinned = new Set<string>()
    let commit: string | null = null
    for (const line of output.toString('utf8').split('\n')) {
      const [name = '', object = ''] = line.split(' ')
      if (name === this.#ref) commit = object
      else if (name.startsWith(this.#pins)) pinned.add(object)
    }
    return { git: this.#git, commit, pinned, boundary: await readBoundary(join(this.#directory, 'shallow')) }
  }

  #empty(): Snapshot {
    return { git: this.#git, commit: null, pinned: new Set(), boundary: '' }
  }

  async #local(args: readonly string[], signal: AbortSignal, input?: string): Promise<Buffer> {
    try {
      return await this.#retryingLocks(() => this.#git.run(args, signal, input), true)
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error
      if (error.exitCode === null) throw unknownGitError(error, this.#deps.display)
      await this.#remove()
      throw damagedCopy(this.#deps.display, error)
    }
  }

  async #keptNote(): Promise<string | undefined> {
    return readFile(join(this.#directory, BOUNDARY_NOTE), 'utf8').catch(() => undefined)
  }

  /**
   * Where a local source's own history is cut off; undefined for remotes. A fetch takes over a boundary only as far
   * as it needs to, so a copy of another boundary would know more or less history than a fresh one.
   */
  async #sourceBoundary(): Promise<string | undefined> {
    const { path } = this.#deps.remote
    if (path === undefined) return undefined
    await access(path).catch((cause: unknown) => {
      throw new LoaderError({
        code: 'git_repository_missing',
        kind: 'config',
        message: `There is nothing at ${this.#deps.display}`,
        hint: 'Check `base_url`; a relative path is relative to the folder of the configuration file.',
        cause,
      })
    })
    return (await readBoundary(join(path, '.git', 'shallow'))) || (await readBoundary(join(path, 'shallow')))
  }

  async #remove(): Promise<void> {
    const aside = `${this.#directory}.new-${randomUUID()}`
    await rename(this.#directory, aside).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
    await rm(aside, { recursive: true, force: true })
  }

  async #removeTemporary(): Promise<void> {
    const prefix = `${basename(this.#directory)}.new-`
    const parent = dirname(this.#directory)
    const stale = (await readdir(parent)).filter((name) => name.startsWith(prefix))
    await Promise.all(stale.map((name) => rm(join(parent, name), { recursive: true, force: true })))
  }

  async #clearLeftovers(): Promise<void> {
    const names = await readdir(this.#directory, { recursive: true }).catch(() => [])
    const stale = names.filter((name) => name.endsWith('.lock') || basename(name) === 'gc.pid' || basename(name).startsWith('tmp_'))
    await Promise.all(stale.map((name) => rm(join(this.#directory, name), { recursive: true, force: true })))
  }
}

async function readBoundary(file: string): Promise<string> {
  const content = await readFile(file, 'utf8').catch(() => '')
  const commits = content.split('\n').filter((line) => line !== '').toSorted()
  return commits.length === 0 ? '' : createHash('sha256').update(commits.join('\n')).digest('hex').slice(0, 16)
}
