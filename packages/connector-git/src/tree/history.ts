import { tooManyFiles } from '../errors.ts'
import type { Git } from '../git/git-process.ts'
import { nulFields } from '../git/nul-fields.ts'
import { idToPath, pathToId } from '../git/path-id.ts'
import { entryKind } from './tree.ts'

/** One commit as far as it goes into payloads. */
export interface Touch {
  /** Seconds since the epoch, when it was committed. */
  readonly time: number
  readonly commit: string
  readonly author: string
}

/** The earliest and the latest commit that touched a path; equal times are ordered by commit id. */
export interface PathHistory {
  readonly first: Touch
  readonly last: Touch
}

/** What an increment of the history did to a path. */
export interface HistoryChange {
  /** Over the commits that were added; undefined when there are none for this path. */
  readonly gained: PathHistory | undefined
  /** Commits that touched the path are no longer reachable, so that its earlier history says nothing. */
  readonly lost: boolean
}

/** Above this many paths, one walk over everything is cheaper than one that compares every change with every path. */
const PATHS_PER_WALK = 64

const WALK = [
  'log',
  '-z',
  '--raw',
  '--no-abbrev',
  '--no-renames',
  '--diff-merges=combined',
  '--no-ext-diff',
  '--no-mailmap',
  '--no-show-signature',
  '--no-notes',
  '--no-color',
  '--no-decorate',
  '-O/dev/null',
  '--root',
  '--full-history',
  '--encoding=UTF-8',
  '--format=tformat:%m%x00%H%x00%ct%x00%an',
]
const SETTINGS = ['log.follow=false', 'log.showRoot=true']

/** Merges two histories of one path. */
export function mergeHistory(one: PathHistory | undefined, other: PathHistory): PathHistory
export function mergeHistory(one: PathHistory | undefined, other: PathHistory | undefined): PathHistory | undefined
export function mergeHistory(one: PathHistory | undefined, other: PathHistory | undefined): PathHistory | undefined {
  if (!one || !other) return one ?? other
  return {
    first: isBefore(other.first, one.first) ? other.first : one.first,
    last: isBefore(one.last, other.last) ? other.last : one.last,
  }
}

function isBefore(one: Touch, other: Touch): boolean {
  return one.time === other.time ? one.commit < other.commit : one.time < other.time
}

/**
 * What the commits between two states of a branch did, by path: those only in `to` are gained, those only in `from`
 * (after a rewrite) are lost. The log, not the diff: an edit and its revert leave an empty diff and a later time.
 */
export async function historyBetween(
  git: Git,
  from: string,
  to: string,
  maxFiles: number,
  signal: AbortSignal,
): Promise<Map<string, HistoryChange>> {
  const changes = new Map<string, HistoryChange>()
  for await (const { touch, gained, paths } of walk(git, ['--left-right', `${from}...${to}`, '--'], maxFiles, signal)) {
    const history = { first: touch, last: touch }
    for (const id of paths) {
      const before = changes.get(id)
      changes.set(id, {
        gained: gained ? mergeHistory(before?.gained, history) : before?.gained,
        lost: !gained || before?.lost === true,
      })
    }
    if (changes.size > maxFiles) throw tooManyFiles(maxFiles)
  }
  return changes
}

/** The whole history of the given paths. Paths that no commit touched are absent. */
export async function historyOf(
  git: Git,
  commit: string,
  ids: ReadonlySet<string>,
  maxFiles: number,
  signal: AbortSignal,
  progress: (commits: number) => void,
): Promise<Map<string, PathHistory>> {
  const histories = new Map<string, PathHistory>()
  if (ids.size === 0) return histories
  const { args, input } = limitation(commit, ids)
  let commits = 0
  for await (const { touch, paths } of walk(git, args, maxFiles, signal, input)) {
    if (++commits % 1_000 === 0) progress(commits)
    for (const id of paths) {
      if (ids.has(id)) histories.set(id, mergeHistory(histories.get(id), { first: touch, last: touch }))
    }
  }
  return histories
}

/** Few paths go in by standard input, which takes any byte but a line break. */
function limitation(commit: string, ids: ReadonlySet<string>): { readonly args: string[]; readonly input: Buffer | undefined } {
  const paths = ids.size <= PATHS_PER_WALK ? [...ids].map(idToPath) : []
  if (paths.length === 0 || paths.some((path) => path.includes(0x0a))) return { args: [commit, '--'], input: undefined }
  const lines = paths.map((path) => Buffer.concat([path, Buffer.from('\n')]))
  return { args: ['--stdin'], input: Buffer.concat([Buffer.from(`${commit}\n--\n`), ...lines]) }
}

interface WalkedCommit {
  readonly touch: Touch
  readonly gained: boolean
  readonly paths: readonly string[]
}

const names = new TextDecoder('utf-8', { ignoreBOM: true })

async function* walk(git: Git, args: readonly string[], maxFiles: number, signal: AbortSignal, input?: Buffer): AsyncGenerator<WalkedCommit> {
  const header: string[] = []
  let paths: string[] = []
  let entry: string | undefined
  for await (const fields of nulFields(git.stream([...WALK, ...args], signal, { input, maxFiles, config: SETTINGS }))) {
    for (const field of fields) {
      if (entry !== undefined) {
        if (touches(entry) && paths.push(pathToId(field)) > maxFiles) throw tooManyFiles(maxFiles)
        entry = undefined
      } else if (header.length > 0 && header.length < 4) header.push(names.decode(field))
      else if (field.length > 0 && (field[0] === 0x3a || field[0] === 0x0a)) entry = field.toString('latin1').trimStart()
      else if (field.length > 0) {
        if (header.length === 4) yield walked(header, paths)
        header.splice(0, 4, field.toString('latin1'))
        paths = []
      }
    }
  }
  if (header.length === 4) yield walked(header, paths)
}

function walked([mark, commit = '', time = '', author = '']: readonly string[], paths: readonly string[]): WalkedCommit {
  const seconds = Number(time)
  return {
    touch: { time: Number.isSafeInteger(seconds) ? seconds : 0, commit, author },
    gained: mark !== '<',
    paths,
  }
}

/** A change of the executable bit alone is none of ours; `:100644 100755 A A M`, or one `:` and mode more a parent. */
function touches(entry: string): boolean {
  const parents = entry.lastIndexOf(':') + 1
  const fields = entry.slice(parents).split(' ')
  const blob = fields[2 * parents + 1]
  const mode = fields[parents] ?? ''
  for (let parent = 0; parent < parents; parent++) {
    const changed = fields[parents + 1 + parent] !== blob || entryKind(fields[parent] ?? '') !== entryKind(mode)
    if (!changed) return false
  }
  return true
}

