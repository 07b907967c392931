import { randomUUID } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { RetryPolicy } from '@qdrant-loader/connector-sdk'
import { gitError } from '../codes.ts'
import { unknownGitError } from '../errors.ts'
import { GitFailure } from '../git/git-process.ts'
import type { Git } from '../git/git-process.ts'
import { requireSafeGit } from '../git/safe-version.ts'
import { wantedKey } from '../remote/ref-name.ts'
import type { WantedRef } from '../remote/ref-name.ts'
import type { RemoteClient } from '../remote/remote-client.ts'
import { remoteKey } from '../remote/remote.ts'
import type { Remote } from '../remote/remote.ts'
import { BlobSupply } from './blob-supply.ts'
import { newNote, readNote, writeNote } from './copy-note.ts'
import type { CopyNote } from './copy-note.ts'
import { PINS } from './forget.ts'
import { readBoundary, sourceBoundary } from './history-boundary.ts'
import { RefFetch } from './ref-fetch.ts'
import { lockRepository } from './repository-lock.ts'

/** The wanted ref as it was fetched. */
export interface Snapshot {
  /** Reads the kept repository. */
  readonly git: Git
  /** Null for a repository without commits. */
  readonly commit: string | null
  /** What is wanted as the remote calls it: `HEAD`, a full name, or the id of a commit. */
  readonly full: string
  /** Commits that runs of this source have kept: the indexed one, and those that interrupted runs were going to. */
  readonly pinned: ReadonlySet<string>
  /** Hash of the commits at which the history is cut off; of nothing for a whole history. */
  readonly boundary: string
}

/** What a kept repository needs. */
export interface RepositoryDeps {
  /** Not bound to a repository. */
  readonly git: Git
  readonly client: RemoteClient
  readonly remote: Remote
  /** For messages: the address without credentials. */
  readonly display: string
  readonly wanted: WantedRef
  readonly cacheDirectory: string
  /** Names the source among all that share the copy. */
  readonly owner: string
  /** Sources of one run share what was fetched; undefined when the source is opened alone. */
  readonly run: string | undefined
  readonly retry: RetryPolicy
  readonly now: () => number
  readonly progress: (activity: string) => void
}

/**
 * One bare repository for each remote, kept between runs and shared by all sources that read the remote. What each
 * source wants has a private ref (`refs/qdrant-loader/at/…`), and each source pins the commits it depends on
 * (`refs/qdrant-loader/pins/<source>/<commit>`). Nothing is pruned. A lock file of its own guards every change.
 */
export class Repository {
  readonly #deps: RepositoryDeps
  readonly #directory: string
  readonly #git: Git
  /** What this source keeps, as far as this run has seen it: nobody else changes it. */
  #pinned: Set<string> | undefined
  /** The content of files that the copy lacks. */
  readonly blobs: BlobSupply

  constructor(deps: RepositoryDeps) {
    this.#deps = deps
    this.#directory = join(deps.cacheDirectory, `${remoteKey(deps.remote)}.git`)
    this.#git = deps.git.at(this.#directory)
    this.blobs = new BlobSupply({
      ...deps,
      fetch: (objects, what, retry, signal) =>
        this.#locked(signal, () => deps.client.fetch({ copy: this.#git, what, objects, partial: true }, signal, retry)),
      fetchEverything: (signal) =>
        this.#locked(signal, async () => {
          const note = await readNote(this.#directory)
          if (note !== undefined) await this.#refFetch(note).everything(signal)
        }),
    })
  }

  /**
   * Brings the copy up to date: one conversation with the remote when the copy is there, and none when another source
   * of this run had it. With `pin`, the commit is kept, so that a later run can compare with it whatever happens to
   * the branch; `pinned` says what was kept before.
   */
  async refresh(signal: AbortSignal, pin: boolean): Promise<Snapshot> {
    await requireSafeGit(this.#deps.git, signal)
    return this.#locked(signal, async () => {
      const isThere = await this.#upToDate(signal)
      if (!isThere) return { git: this.#git, commit: null, full: this.#full(undefined), pinned: new Set<string>(), boundary: '' }
      const snapshot = await this.#snapshot(signal)
      const { commit, pinned } = snapshot
      if (pin && commit !== null && !pinned.has(commit)) {
        await this.#local(['update-ref', `${this.#pins}${commit}`, commit], signal)
        this.#pinned?.add(commit)
      }
      return snapshot
    })
  }

  /** False for a remote without commits. */
  async #upToDate(signal: AbortSignal): Promise<boolean> {
    const { remote, display } = this.#deps
    const source = await sourceBoundary(remote)
    const kept = await readNote(this.#directory)
    const usable = kept !== undefined && !kept.damaged && (kept.source === source || !kept.complete)
    if (usable) {
      try {
        return await this.#refFetch(kept).run(signal)
      } catch (error) {
        // What git says of the remote has become a LoaderError; the rest is about our own folder.
        if (!(error instanceof GitFailure)) throw error
        if (error.exitCode === null) throw unknownGitError(error, display)
      }
    }
    const note = newNote(source, remote.path === undefined)
    await this.#removeLeft()
    return this.#refFetch(note).begin(this.#directory, () => this.#remove(), signal)
  }

  #refFetch(note: CopyNote): RefFetch {
    return new RefFetch({ ...this.#deps, note, directory: this.#directory, copy: this.#git, withoutLocks: (work) => this.#retryingLocks(work) })
  }

  /** The copy as it is, without asking the remote; undefined when there is none. */
  async kept(signal: AbortSignal): Promise<Snapshot | undefined> {
    return (await this.#isKept()) ? this.#snapshot(signal) : undefined
  }

  /** Forgets the pins of this source except that of `keep`, and tidies up when git thinks it is time to. */
  async release(keep: string | null, signal: AbortSignal): Promise<void> {
    if (!(await this.#isKept())) return
    const pinned = this.#pinned ?? (await this.#snapshot(signal)).pinned
    const stale = [...pinned].filter((commit) => commit !== keep)
    if (stale.length === 0) return
    await this.#locked(signal, async () => {
      await this.#local(['update-ref', '--stdin'], signal, { input: stale.map((commit) => `delete ${this.#pins}${commit}\n`).join('') })
      // Objects that the copy lacks on purpose are no damage.
      await this.#local(['gc', '--auto', '--quiet'], signal, { config: ['remote.qdrant-loader.promisor=true', 'remote.qdrant-loader.url=.'] })
    })
  }

  /** Turns a failed reading of the copy into the error to throw, and removes a copy that cannot be read. */
  async readingFailed(error: unknown): Promise<unknown> {
    if (!(error instanceof GitFailure)) return error
    if (/out of memory|[mc]alloc failed/i.test(error.stderr)) return gitError('git_out_of_memory', {}, { cause: error })
    if (error.exitCode === null) return unknownGitError(error, this.#deps.display)
    await this.#locked(AbortSignal.timeout(60_000), () => this.#remove())
    return gitError('git_copy_damaged', { remote: this.#deps.display }, { cause: error })
  }

  /** One object of the copy cannot be read: the next run makes a new copy, while this one goes on with the rest. */
  async markDamaged(signal: AbortSignal): Promise<void> {
    await this.#locked(signal, async () => {
      const note = await readNote(this.#directory)
      if (note !== undefined && !note.damaged) await writeNote(this.#directory, { ...note, damaged: true })
    })
  }

  #full(note: CopyNote | undefined): string {
    const { wanted } = this.#deps
    return wanted.commit ?? note?.wishes[wantedKey(wanted)]?.full ?? wanted.candidates[0] ?? 'HEAD'
  }

  get #pins(): string {
    return `${PINS}${this.#deps.owner}/`
  }

  async #isKept(): Promise<boolean> {
    return (await readNote(this.#directory))?.complete === true
  }

  async #locked<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const waiting = () => this.#deps.progress('waiting for another source that reads the same repository')
    await using lock = await lockRepository(`${this.#directory}.lock`, signal, waiting)
    if (lock.inherited) await this.#clearLeftovers()
    return await work()
  }

  async #snapshot(signal: AbortSignal): Promise<Snapshot> {
    const own = `refs/qdrant-loader/at/${wantedKey(this.#deps.wanted)}`
    const output = await this.#local(['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)', own, this.#pins], signal)
    const pinned = new Set<string>()
    let commit: string | null = null
    for (const line of output.toString('utf8').split('\n')) {
      const [name = '', object = '', type] = line.split(' ')
      // An annotated tag stands for the commit it names.
      if (name === own) commit = type === 'commit' ? object : await this.#commitOf(object, signal)
      else if (name.startsWith(this.#pins)) pinned.add(object)
    }
    const full = this.#full(await readNote(this.#directory))
    this.#pinned = new Set(pinned)
    return { git: this.#git, commit, full, pinned, boundary: await readBoundary(join(this.#directory, 'shallow')) }
  }

  /** What a tag stands for in the end. @throws LoaderError `git_ref_not_commit` for files and folders, which have no history. */
  async #commitOf(object: string, signal: AbortSignal): Promise<string> {
    const output = await this.#local(['cat-file', '--batch-check'], signal, { input: `${object}^{}\n` })
    const [commit = '', type] = output.toString('utf8').trim().split(' ')
    if (type === 'commit') return commit
    if (type === 'tree' || type === 'blob') {
      const what = type === 'blob' ? 'file' : 'folder'
      throw gitError('git_ref_not_commit', { ref: this.#deps.wanted.written ?? 'HEAD', remote: this.#deps.display, what })
    }
    return (await this.#local(['rev-parse', '--verify', `${object}^{commit}`], signal)).toString().trim()
  }

  async #local(args: readonly string[], signal: AbortSignal, start: { readonly input?: string; readonly config?: readonly string[] } = {}): Promise<Buffer> {
    try {
      return (await this.#retryingLocks(() => this.#git.talk(args, signal, start))).output
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error
      if (error.exitCode === null) throw unknownGitError(error, this.#deps.display)
      await this.#remove()
      throw gitError('git_copy_damaged', { remote: this.#deps.display }, { cause: error })
    }
  }

  /** A git that was killed leaves `*.lock` files, which nobody else may hold while we have the copy's own lock. */
  async #retryingLocks<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof GitFailure) || !/\.lock'?: File exists/i.test(error.stderr)) throw error
    }
    await this.#clearLeftovers()
    return work()
  }

  async #remove(): Promise<void> {
    const aside = `${this.#directory}.new-${randomUUID()}`
    await rename(this.#directory, aside).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
    await rm(aside, { recursive: true, force: true })
  }

  /** Folders of copies that were being made or removed when a process died. */
  async #removeLeft(): Promise<void> {
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
