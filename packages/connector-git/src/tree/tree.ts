import { tooManyFiles } from '../errors.ts'
import type { Git } from '../git/git-process.ts'
import { nulFields } from '../git/nul-fields.ts'
import { isPlainId, pathToId } from '../git/path-id.ts'

/** What a path of a tree is. */
export type EntryKind = 'file' | 'symlink' | 'submodule' | 'folder'

/** One path of a commit. */
export interface TreeEntry {
  readonly id: string
  readonly kind: EntryKind
  readonly blob: string
  /** Bytes; -1 for what is no blob; undefined while the copy lacks the content. */
  readonly size: number | undefined
}

/** One difference between two trees. A rename is of the same content under another path. */
export interface TreeChange {
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed'
  readonly id: string
  /** The path before, for a rename. */
  readonly from: string | undefined
  readonly kind: EntryKind
  readonly blob: string
  /** The content before, undefined for what was no file. */
  readonly oldBlob: string | undefined
}

const BATCH = 500
/** Stays below the shortest limit of a command line (Windows: 32 KB). */
const ARGUMENT_BYTES = 24_000

/** The kind for a git mode: 160000 is a submodule, 120000 a symlink. */
export function entryKind(mode: string): EntryKind {
  if (mode.startsWith('100')) return 'file'
  if (mode === '120000') return 'symlink'
  return mode === '160000' ? 'submodule' : 'folder'
}

/** Every file, symlink and submodule of a commit, in batches as they are listed. @throws LoaderError above `maxFiles`. */
export async function* listTree(git: Git, commit: string, maxFiles: number, signal: AbortSignal): AsyncGenerator<TreeEntry[]> {
  const output = git.stream(['ls-tree', '-r', '-z', '-l', '--full-tree', commit], signal)
  let listed = 0
  for await (const fields of nulFields(output)) {
    listed += fields.length
    if (listed > maxFiles) throw tooManyFiles(maxFiles)
    yield fields.map(parseEntry)
  }
}

/** The entries that a commit has under the given ids; a folder under such a name is one too. Missing ids are absent. */
export async function entriesAt(
  git: Git,
  commit: string,
  ids: Iterable<string>,
  maxFiles: number,
  signal: AbortSignal,
): Promise<Map<string, TreeEntry>> {
  const found = new Map<string, TreeEntry>()
  const plain: string[] = []
  const escaped = new Set<string>()
  for (const id of new Set(ids)) {
    if (id === '' || id.includes('\0')) continue
    if (isPlainId(id)) plain.push(id)
    else escaped.add(id)
  }
  for (const paths of argumentBatches(plain)) {
    const wanted = new Set(paths)
    const output = git.stream(['ls-tree', '-z', '-l', '--full-tree', commit, '--', ...paths], signal)
    for await (const fields of nulFields(output)) {
      for (const entry of fields.map(parseEntry)) if (wanted.has(entry.id)) found.set(entry.id, entry)
    }
  }
  // An argument cannot carry bytes that are not UTF-8; such names are rare enough for a pass over the tree.
  if (escaped.size > 0) {
    for await (const entries of listTree(git, commit, maxFiles, signal)) {
      for (const entry of entries) if (escaped.has(entry.id)) found.set(entry.id, entry)
    }
  }
  return found
}

/** Batches of paths whose command line stays short enough. */
function* argumentBatches(paths: readonly string[]): Generator<string[]> {
  let batch: string[] = []
  let bytes = 0
  for (const path of paths) {
    const length = Buffer.byteLength(path) + 3
    if (batch.length > 0 && bytes + length > ARGUMENT_BYTES) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(path)
    bytes += length
  }
  if (batch.length > 0) yield batch
}

function parseEntry(field: Buffer): TreeEntry {
  const tab = field.indexOf(0x09)
  const [mode = '', , blob = '', size = ''] = field.toString('latin1', 0, tab).split(/ +/)
  return { id: pathToId(field.subarray(tab + 1)), kind: entryKind(mode), blob, size: sizeOf(size) }
}

/**
 * What differs between two commits, in batches. Renames are exact ones only (`-M100%` reads no content), without
 * limit; an edited rename is a deletion and an addition, and its chunks are found again by their text.
 */
export async function* diffTrees(git: Git, from: string, to: string, maxFiles: number, signal: AbortSignal): AsyncGenerator<TreeChange[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '-M100%', '-l0', '--no-ext-diff', '--ignore-submodules=none', from, to, '--']
  let batch: TreeChange[] = []
  let compared = 0
  let head: string[] | undefined
  let first: Buffer | undefined
  for await (const fields of nulFields(git.stream(args, signal, { maxFiles }))) {
    for (const field of fields) {
      if (head === undefined) {
        head = field.toString('latin1').slice(1).split(' ')
        continue
      }
      if (head[4]?.startsWith('R') === true && first === undefined) {
        first = Buffer.from(field)
        continue
      }
      batch.push(parseChange(head, field, first))
      head = undefined
      first = undefined
      // What is gone counts as well: there may be as many files before as after.
      if (++compared > 2 * maxFiles) throw tooManyFiles(maxFiles)
      if (batch.length >= BATCH) {
        yield batch
        batch = []
      }
    }
  }
  if (batch.length > 0) yield batch
}

function parseChange(head: readonly string[], path: Buffer, renamedFrom: Buffer | undefined): TreeChange {
  const [oldMode = '', newMode = '', oldBlob = '', blob = '', status = ''] = head
  const common = {
    id: pathToId(path),
    kind: entryKind(newMode),
    blob,
    oldBlob: entryKind(oldMode) === 'file' ? oldBlob : undefined,
  }
  // The content before was that of the other path; this one had none.
  if (renamedFrom !== undefined) return { ...common, status: 'renamed', from: pathToId(renamedFrom), oldBlob: undefined }
  return { ...common, from: undefined, status: status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified' }
}

/** `-` for what is no blob, `BAD` for one that is not here. */
function sizeOf(size: string): number | undefined {
  if (size === '-') return -1
  return /^\d+$/.test(size) ? Number(size) : undefined
}

/** The sizes of blobs, by id. Those that the copy lacks are absent. */
export async function blobSizes(git: Git, blobs: readonly string[], signal: AbortSignal): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  if (blobs.length === 0) return sizes
  const output = await git.run(['cat-file', '--batch-check=%(objectname) %(objectsize)'], signal, `${blobs.join('\n')}\n`)
  for (const line of output.toString('latin1').trimEnd().split('\n')) {
    const [blob = '', size = ''] = line.split(' ')
    if (/^\d+$/.test(size)) sizes.set(blob, Number(size))
  }
  return sizes
}
