import type { Change, ChangeDetector, Detection, DetectRequest, KnownDocuments, Presence } from '@qdrant-loader/connector-sdk'
import { gitError } from './codes.ts'
import type { GitCursor } from './cursor.ts'
import { DetectionPass } from './passes/detection-pass.ts'
import { judgePresence } from './presence.ts'
import { placeOf } from './remote/location.ts'
import { LeftOutFiles } from './repository/left-out-files.ts'
import type { LeaveOut } from './repository/left-out-files.ts'
import type { Repository, Snapshot } from './repository/repository.ts'
import { SCOPE } from './stub.ts'

type GitChange = Change<GitCursor>

/** What {@link GitChangeDetector} needs. */
export interface GitChangeDetectorDeps {
  readonly repository: Repository
  /** For messages: the address without credentials. */
  readonly display: string
  readonly selects: (path: string) => boolean
  readonly leaveOut: LeaveOut
  readonly maxFileSize: number
  readonly maxFiles: number
  /** The address of a file, by its id, for what is read under this full name (`refs/heads/main`). */
  readonly urlsAt: (full: string) => (id: string) => string
  /** True in a dry run: nothing is pinned. */
  readonly dryRun: boolean
  readonly progress: (activity: string) => void
}

/**
 * Compares the tree that was indexed last with the branch as it is now. Never looks at dates to find changes.
 *
 * Before the first change is named, the commit it leads to is pinned. Pins beside that of the cursor are therefore
 * runs that were interrupted: documents may be at their versions. Where the branch then went elsewhere, or the
 * cursor's own pin is gone, only a listing of everything is certain.
 */
export class GitChangeDetector implements ChangeDetector<GitCursor> {
  readonly #deps: GitChangeDetectorDeps

  constructor(deps: GitChangeDetectorDeps) {
    this.#deps = deps
  }

  async *detect(request: DetectRequest<GitCursor>, signal: AbortSignal): Detection<GitCursor> {
    const snapshot = await this.#deps.repository.refresh(signal, !this.#deps.dryRun)
    const { commit, boundary, full } = snapshot
    const urlOf = this.#deps.urlsAt(full)
    const cursor: GitCursor = { version: 1, commit, place: placeOf(urlOf), boundary }
    const since = request.mode === 'incremental' ? request.since : undefined
    if (commit === null) {
      yield* this.#withoutCommits(request.known, cursor)
      return
    }
    const base = since && usableBase(since, cursor, snapshot)
    const listing = base === undefined || since?.place !== cursor.place || (request.mode === 'incremental' && request.listingDue)
    if (base === commit && !listing) {
      yield { kind: 'complete', cursor, listing: 'changes' }
      return
    }
    const own = { git: snapshot.git, blobs: this.#deps.repository.blobs }
    const leftOut = new LeftOutFiles({ ...this.#deps, ...own })
    const pass = new DetectionPass({ ...this.#deps, ...own, urlOf, leftOut, commit, known: request.known, signal })
    try {
      if (base === undefined) yield* pass.listAnew()
      else yield* pass.changesSince(base, listing)
    } catch (error) {
      signal.throwIfAborted()
      throw await this.#deps.repository.readingFailed(error)
    }
    yield { kind: 'complete', cursor, listing: listing ? { everythingIn: [SCOPE], configured: [SCOPE] } : 'changes' }
  }

  judge(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
    return judgePresence(ids, this.#deps, signal)
  }

  /** Nothing in it is fine as long as nothing was: a repository that lost all its commits is not believed. */
  async *#withoutCommits(known: KnownDocuments, cursor: GitCursor): AsyncGenerator<GitChange> {
    for await (const _id of known.ids(SCOPE)) {
      throw gitError('git_repository_empty', { remote: this.#deps.display })
    }
    yield { kind: 'complete', cursor, listing: { everythingIn: [SCOPE], configured: [SCOPE] } }
  }
}

/** The indexed commit, when comparing with it tells everything. */
function usableBase(since: GitCursor, now: GitCursor, { pinned }: Snapshot): string | undefined {
  if (since.commit === null || since.boundary !== now.boundary || !pinned.has(since.commit)) return undefined
  const elsewhere = [...pinned].some((commit) => commit !== since.commit && commit !== now.commit)
  return elsewhere ? undefined : since.commit
}
