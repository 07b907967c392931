import { createHash } from 'node:crypto'
import type { LinkedRef } from './location.ts'

/** What a configured `ref` may mean. */
export interface WantedRef {
  /** As it is written in messages; undefined for the default branch. */
  readonly written: string | undefined
  /** Full names on the remote in the order in which they are looked for: the first that exists is meant. */
  readonly candidates: readonly string[]
  /** The id, when it is a commit. */
  readonly commit: string | undefined
}

// The rules of `git check-ref-format`, and no leading dash, so that a name can never be taken for an option.
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$|\.lock(?:\/|$)|(?:^|\/)\./
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i
/** How others write the branch of a remote. */
const OF_REMOTE = /^(?:refs\/)?(?:remotes\/)?(?:origin|upstream)\/(.+)$/

/** What is wrong with a configured branch, tag or commit, or undefined. */
export function refProblem(name: string): string | undefined {
  if (name === '') return 'must not be empty; leave it out for the default branch'
  if (name.startsWith('-')) return 'must not start with "-"'
  if (name === '@' || FORBIDDEN.test(name)) return 'is not a valid name of a branch, tag or commit (see git check-ref-format)'
  return undefined
}

/**
 * Reads a configured `ref`. A short name is a branch, or else a tag; `refs/…`, `heads/…` and `tags/…` say which.
 * `origin/x` is what a clone calls the branch `x`, where there is no branch or tag that is really called so.
 */
export function wantedRef(ref: string | undefined): WantedRef {
  if (ref === undefined || ref === 'HEAD') return { written: undefined, candidates: ['HEAD'], commit: undefined }
  if (COMMIT.test(ref)) return { written: ref, candidates: [], commit: ref.toLowerCase() }
  const named = (...candidates: string[]): WantedRef => ({ written: ref, candidates, commit: undefined })
  const ofRemote = OF_REMOTE.exec(ref)?.[1]
  if (ref.startsWith('refs/remotes/') && ofRemote !== undefined) return named(`refs/heads/${ofRemote}`)
  if (ref.startsWith('refs/')) return named(ref)
  const short = [`refs/heads/${ref}`, `refs/tags/${ref}`]
  if (/^(?:heads|tags)\/./.test(ref)) return named(...short, `refs/${ref}`)
  return ofRemote === undefined ? named(...short) : named(...short, `refs/heads/${ofRemote}`)
}

/** Names a wanted ref in the kept copy, where names of refs must not stand in each other's way (`a` and `a/b`). */
export function wantedKey({ written, commit }: WantedRef): string {
  return createHash('sha256').update(commit ?? written ?? 'HEAD').digest('hex').slice(0, 24)
}

/**
 * A pattern that fetches a ref if it is there, where the plain name would make the whole fetch fail if it is not. Git
 * lets one `*` stand for anything, nothing included; it is put where it makes the server list few others.
 */
export function optionalRefspec(full: string, into: string): string {
  const start = full.lastIndexOf('/') + 2
  return `+${full.slice(0, start)}*${full.slice(start)}:${into}*`
}

/** How a full name is called in links. */
export function linkedRef(full: string): LinkedRef {
  if (full === 'HEAD') return { name: 'HEAD', kind: 'default' }
  if (COMMIT.test(full)) return { name: full, kind: 'commit' }
  const tag = /^refs\/tags\/(.+)$/.exec(full)?.[1]
  return tag === undefined ? { name: full.replace(/^refs\/heads\//, ''), kind: 'branch' } : { name: tag, kind: 'tag' }
}
