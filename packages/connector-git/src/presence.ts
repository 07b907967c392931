import type { Presence } from '@qdrant-loader/connector-sdk'
import { idToText } from './git/path-id.ts'
import { sizesOfEntries } from './repository/blob-sizes.ts'
import { LeftOutFiles } from './repository/left-out-files.ts'
import type { LeaveOut } from './repository/left-out-files.ts'
import type { Repository } from './repository/repository.ts'
import { entriesAt } from './tree/tree.ts'
import type { TreeEntry } from './tree/tree.ts'

/** What {@link judgePresence} needs. */
export interface PresenceDeps {
  readonly repository: Repository
  readonly selects: (path: string) => boolean
  readonly leaveOut: LeaveOut
  readonly maxFileSize: number
  readonly maxFiles: number
}

/** Says what became of files that a listing did not show: the commit itself is looked into, so every answer is certain. */
export async function judgePresence(ids: readonly string[], deps: PresenceDeps, signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
  const { repository, selects, maxFiles } = deps
  const snapshot = (await repository.kept(signal)) ?? (await repository.refresh(signal, false))
  if (snapshot.commit === null) return new Map(ids.map((id) => [id, 'unknown']))
  try {
    const entries = await entriesAt(snapshot.git, snapshot.commit, ids, maxFiles, signal)
    const leftOut = new LeftOutFiles({ ...deps, git: snapshot.git, blobs: repository.blobs })
    await leftOut.learnAbove([...entries.keys()], snapshot.commit, signal)
    const unsized = [...entries.values()].filter(({ id }) => selects(idToText(id)))
    const sizes = await sizesOfEntries(unsized, async () => new Map(), { git: snapshot.git, blobs: repository.blobs, signal })
    return new Map(ids.map((id): [string, Presence] => [id, presenceOf(entries.get(id), sizes, deps, leftOut)]))
  } catch (error) {
    signal.throwIfAborted()
    throw await repository.readingFailed(error)
  }
}

function presenceOf(entry: TreeEntry | undefined, sizes: ReadonlyMap<string, number>, { selects, maxFileSize }: PresenceDeps, leftOut: LeftOutFiles): Presence {
  if (!entry || entry.kind === 'folder') return 'deleted'
  const present = entry.kind === 'file' && (entry.size ?? sizes.get(entry.blob) ?? 0) <= maxFileSize && selects(idToText(entry.id)) && !leftOut.has(entry.id)
  return present ? 'present' : 'out-of-scope'
}
