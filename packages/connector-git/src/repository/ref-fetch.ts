import { randomUUID } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { gitError } from '../codes.ts'
import { GitFailure } from '../git/git-process.ts'
import type { Git } from '../git/git-process.ts'
import { missingRef } from '../remote/missing-ref.ts'
import { optionalRefspec, wantedKey } from '../remote/ref-name.ts'
import type { WantedRef } from '../remote/ref-name.ts'
import type { FetchRequest, RemoteClient, RemoteRefs } from '../remote/remote-client.ts'
import type { Remote } from '../remote/remote.ts'
import { currentWishes, writeNote } from './copy-note.ts'
import type { CopyNote, Wish } from './copy-note.ts'
import { readBoundary } from './history-boundary.ts'

/** What a {@link RefFetch} needs. The caller holds the lock of the copy. */
export interface RefFetchDeps {
  readonly git: Git
  readonly client: RemoteClient
  readonly remote: Remote
  readonly display: string
  readonly wanted: WantedRef
  readonly run: string | undefined
  readonly now: () => number
  readonly progress: (activity: string) => void
  readonly note: CopyNote
  readonly directory: string
  /** The git that works on `directory`. */
  readonly copy: Git
  /** Does work again after clearing what a killed git left locked. */
  readonly withoutLocks: <T>(work: () => Promise<T>) => Promise<T>
}

const AT = 'refs/qdrant-loader/at/'
const MAYBE = 'refs/qdrant-loader/maybe/'
const ALL = 'refs/qdrant-loader/all/'
/** The smallest step of a first fetch, in commits. */
const SMALLEST_STEP = 10
/** A step that took less is followed by a larger one, in milliseconds; one that took more than the second, by a smaller one. */
const SHORT_STEP_MS = 5_000
const LONG_STEP_MS = 60_000
const MISSING = /couldn't find remote ref (\S+)/i
const NOT_GIVEN = /not our ref|unadvertised object|couldn't find remote ref/i
const NO_STEPS = /does not support shallow|does not support --(?:deepen|depth)|shallow capabilities/i

/** Brings what is wanted from the remote into the copy. */
export class RefFetch {
  readonly #deps: RefFetchDeps
  #note: CopyNote

  constructor(deps: RefFetchDeps) {
    this.#deps = deps
    this.#note = deps.note
  }

  /** Brings an existing copy up to date. False when the remote has no commits at all. */
  async run(signal: AbortSignal): Promise<boolean> {
    if (!this.#note.complete) return this.#finish(signal)
    const { run, wanted } = this.#deps
    if (run !== undefined && this.#note.run === run && this.#note.fetched.includes(this.#key)) return true
    this.#deps.progress('asking for changes')
    return wanted.commit === undefined ? this.#update(signal) : this.#updateCommit(wanted.commit, signal)
  }

  /**
   * Makes a new copy in `directory`, in the place of the old one that `remove` removes. It is there from the first
   * step on, so that a run which is cut off is gone on with.
   */
  async begin(directory: string, remove: () => Promise<void>, signal: AbortSignal): Promise<boolean> {
    const { git, client, progress } = this.#deps
    progress('cloning')
    const refs = await client.listRefs(signal)
    const [example] = refs.values()
    if (example === undefined) return false
    this.#take(refs)
    const temporary = `${directory}.new-${randomUUID()}`
    try {
      const format = example.length === 64 ? 'sha256' : 'sha1'
      await git.run(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, '--', temporary], signal)
      await writeNote(temporary, this.#note)
      await remove()
      await rename(temporary, directory)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
    return this.#finish(signal)
  }

  /** Fetches what is wanted once more, with the content of all files, from a remote that does not give single ones. */
  async everything(signal: AbortSignal): Promise<void> {
    this.#note = { ...this.#note, partial: false }
    await writeNote(this.#deps.directory, this.#note)
    await this.#wanted('--refetch', signal)
  }

  get #key(): string {
    return wantedKey(this.#deps.wanted)
  }

  /** Remembers how the remote calls what is wanted. @throws LoaderError when it has nothing of that name. */
  #take(refs: RemoteRefs): void {
    const { wanted, display, now } = this.#deps
    if (wanted.commit !== undefined) return
    const at = wanted.candidates.findIndex((name) => refs.has(name))
    const full = wanted.candidates[at]
    if (full === undefined) throw missingRef(display, wanted, refs)
    this.#note.wishes[this.#key] = { full, earlier: wanted.candidates.slice(0, at), usedAt: now() }
  }

  /** One conversation for everything that sources of this copy want. */
  async #update(signal: AbortSignal): Promise<boolean> {
    const { wanted, now, client } = this.#deps
    const [first = 'HEAD'] = wanted.candidates
    const own = (this.#note.wishes[this.#key] ??= { full: first, earlier: [], usedAt: now() })
    own.usedAt = now()
    let wishes = currentWishes(this.#note, now())
    for (;;) {
      const missing = await this.#fetchWishes(wishes, signal)
      if (missing === undefined) break
      // Another source's ref is that source's business: it says so when its turn comes.
      for (const [key] of wishes.filter(([, { full }]) => full === missing)) delete this.#note.wishes[key]
      if (this.#note.wishes[this.#key] === undefined) {
        const refs = await client.listRefs(signal)
        if (refs.size === 0) return false
        this.#take(refs)
      }
      wishes = currentWishes(this.#note, now())
    }
    await this.#noteFetched(wishes.map(([key]) => key))
    return true
  }

  /** Returns the name that the remote does not have, or that means another one by now. */
  async #fetchWishes(wishes: readonly [string, Wish][], signal: AbortSignal): Promise<string | undefined> {
    const refspecs = wishes.flatMap(([key, { full, earlier }]) => [
      `+${full}:${AT}${key}`,
      ...earlier.map((name, index) => optionalRefspec(name, `${MAYBE}${key}-${index}-`)),
    ])
    // A fetch alone never brings the history behind a boundary, also when the source has it by now.
    const isShallow = (await this.#boundary()) !== ''
    try {
      await this.#fetch({ what: 'fetching', refspecs, ...(isShallow && { depth: '--unshallow' }) }, signal)
    } catch (error) {
      const missing = error instanceof GitFailure ? MISSING.exec(error.stderr)?.[1] : undefined
      if (missing === undefined) throw error
      return missing
    }
    const overtaken = await this.#overtaken(wishes, signal)
    return overtaken?.full
  }

  /** A wish whose better candidate has appeared on the remote: a branch with the name of a tag. */
  async #overtaken(wishes: readonly [string, Wish][], signal: AbortSignal): Promise<Wish | undefined> {
    if (wishes.every(([, { earlier }]) => earlier.length === 0)) return undefined
    const found = await this.#refs(MAYBE, signal)
    await this.#drop(found, signal)
    return wishes.find(([key, { earlier }]) => earlier.some((_, index) => found.includes(`${MAYBE}${key}-${index}-`)))?.[1]
  }

  async #updateCommit(commit: string, signal: AbortSignal): Promise<boolean> {
    const known = await this.#refs(AT + this.#key, signal)
    // A commit never changes: what is here need not be asked for.
    if (known.length > 0) return true
    await this.#fetchCommit(commit, undefined, signal)
    return true
  }

  /** Servers need not give a commit that no ref names; then it may come along with those that have one. */
  async #fetchCommit(commit: string, depth: string | undefined, signal: AbortSignal): Promise<void> {
    const { copy, display } = this.#deps
    const refspec = `+${commit}:${AT}${this.#key}`
    try {
      return await this.#fetch({ what: 'fetching', refspecs: [refspec], depth }, signal)
    } catch (error) {
      if (!(error instanceof GitFailure) || !NOT_GIVEN.test(error.stderr)) throw error
    }
    await this.#fetch({ what: 'fetching', refspecs: [`+refs/heads/*:${ALL}heads/*`, `+refs/tags/*:${ALL}tags/*`] }, signal)
    try {
      await copy.run(['update-ref', `${AT}${this.#key}`, `${commit}^{commit}`], signal)
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error
      throw gitError('git_commit_missing', { remote: display, commit }, { cause: error })
    } finally {
      await this.#drop(await this.#refs(ALL, signal), signal)
    }
  }

  /** Brings an incomplete copy to its whole history, from wherever an earlier run was cut off. */
  async #finish(signal: AbortSignal): Promise<boolean> {
    const { remote, wanted, client } = this.#deps
    if (wanted.commit === undefined && this.#note.wishes[this.#key] === undefined) {
      const refs = await client.listRefs(signal)
      if (refs.size === 0) return false
      this.#take(refs)
    }
    if (remote.path === undefined) await this.#inSteps(signal)
    else await this.#wanted(undefined, signal)
    this.#note.complete = true
    await this.#noteFetched([this.#key])
    return true
  }

  /** Each step is kept, whatever becomes of the next. */
  async #inSteps(signal: AbortSignal): Promise<void> {
    let begun = (await this.#boundary()) !== '' || (await this.#refs(AT + this.#key, signal)).length > 0
    for (let before: string | undefined; ; begun = true) {
      const boundary = await this.#boundary()
      if (begun && boundary === '') return this.#wanted(undefined, signal, before !== undefined)
      // The remote's own history ends here.
      if (begun && boundary === before) return this.#wanted('--unshallow', signal)
      before = boundary
      const { step, tooLarge } = this.#note
      // So that a run which dies over this one is followed by one with a smaller step.
      await this.#noteStep(smaller(step, 4), step)
      const started = performance.now()
      try {
        await this.#wanted(begun ? `--deepen=${step}` : `--depth=${step}`, signal)
      } catch (error) {
        const failure = isLoaderError(error) ? error.cause : error
        if (!(failure instanceof GitFailure) || !NO_STEPS.test(failure.stderr)) throw error
        return this.#wanted(undefined, signal)
      }
      const took = performance.now() - started
      const next = took < SHORT_STEP_MS ? step * 8 : took > LONG_STEP_MS ? smaller(step, 2) : step * 2
      await this.#noteStep(tooLarge === null ? next : Math.min(next, smaller(tooLarge, 2)), tooLarge === null ? null : Math.ceil(tooLarge * 1.3))
    }
  }

  /** Fetches what this source wants. `done`: it was fetched a moment ago. */
  async #wanted(depth: string | undefined, signal: AbortSignal, done = false): Promise<void> {
    if (done) return
    const { wanted } = this.#deps
    if (wanted.commit !== undefined) return this.#fetchCommit(wanted.commit, depth, signal)
    const full = this.#note.wishes[this.#key]?.full ?? 'HEAD'
    await this.#fetch({ what: 'cloning', refspecs: [`+${full}:${AT}${this.#key}`], depth }, signal)
  }

  /** A local repository with a file that cannot be read is fetched without files, which are then asked for one by one. */
  async #fetch(request: Omit<FetchRequest, 'copy' | 'partial'>, signal: AbortSignal): Promise<void> {
    const { client, copy, withoutLocks } = this.#deps
    const fetch = () => withoutLocks(() => client.fetch({ ...request, copy, partial: this.#note.partial }, signal))
    try {
      await fetch()
    } catch (error) {
      if (this.#note.partial || !isLoaderError(error) || error.code !== 'git_repository_damaged') throw error
      this.#note.partial = true
      await writeNote(this.#deps.directory, this.#note)
      await fetch()
    }
  }

  async #boundary(): Promise<string> {
    return readBoundary(join(this.#deps.directory, 'shallow'))
  }

  async #refs(under: string, signal: AbortSignal): Promise<string[]> {
    const output = await this.#deps.copy.run(['for-each-ref', '--format=%(refname)', under], signal)
    return output.toString('utf8').split('\n').filter((name) => name !== '')
  }

  async #drop(refs: readonly string[], signal: AbortSignal): Promise<void> {
    if (refs.length === 0) return
    await this.#deps.withoutLocks(() => this.#deps.copy.run(['update-ref', '--stdin'], signal, refs.map((ref) => `delete ${ref}\n`).join('')))
  }

  async #noteStep(step: number, tooLarge: number | null): Promise<void> {
    this.#note = { ...this.#note, step, tooLarge }
    await writeNote(this.#deps.directory, this.#note)
  }

  async #noteFetched(keys: readonly string[]): Promise<void> {
    this.#note = { ...this.#note, run: this.#deps.run ?? null, fetched: [...keys] }
    await writeNote(this.#deps.directory, this.#note)
  }
}

function smaller(step: number, by: number): number {
  return Math.max(SMALLEST_STEP, Math.floor(step / by))
}
